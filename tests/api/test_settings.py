"""Settings: what they refuse, and that a refusal never shows a secret."""

import base64
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.runtime import draw_secret
from api.settings import DEMONSTRATION_DATE, Environment, Settings

GOOD = base64.b64encode(b"a good secret of thirty-two bytes").decode()
PUBLIC = base64.b64encode(b"development only, never elsewhere!").decode()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WENGANG_{name.upper()}", raising=False)


@pytest.mark.parametrize("environment", [Environment.DEMONSTRATION, Environment.PRODUCTION])
def test_the_development_secret_is_refused_elsewhere(environment: Environment) -> None:
    with pytest.raises(ValidationError, match="开发密钥"):
        Settings(environment=environment, secret_key=PUBLIC)


def test_development_has_a_secret_of_its_own() -> None:
    assert Settings(environment=Environment.DEVELOPMENT).keyring()
    assert Settings(environment=Environment.DEVELOPMENT, secret_key=PUBLIC).keyring()


@pytest.mark.parametrize("environment", list(Environment))
@pytest.mark.parametrize(
    "secret",
    [
        "",
        "changeme",
        "不是密钥",
        base64.b64encode(b"k" * 31).decode(),
        GOOD[:-4] + "!!!!",
        GOOD + "\n=",
        "=" * 44,
    ],
)
def test_a_short_or_malformed_secret_is_refused(environment: Environment, secret: str) -> None:
    with pytest.raises(ValidationError, match="WENGANG_SECRET_KEY"):
        Settings(environment=environment, secret_key=secret)


def test_production_needs_a_secret() -> None:
    with pytest.raises(ValidationError, match="必须设置 WENGANG_SECRET_KEY"):
        Settings(environment=Environment.PRODUCTION)
    assert Settings(environment=Environment.PRODUCTION, secret_key=GOOD).keyring()


def test_production_lives_today() -> None:
    with pytest.raises(ValidationError, match="WENGANG_BUSINESS_DATE"):
        Settings(environment=Environment.PRODUCTION, secret_key=GOOD, business_date=date(2021, 9, 20))
    assert Settings(environment=Environment.PRODUCTION, secret_key=GOOD).today() > DEMONSTRATION_DATE


def test_the_demonstration_lives_in_the_autumn_of_the_plans() -> None:
    assert Settings().today() == DEMONSTRATION_DATE
    assert Settings(business_date=date(2021, 12, 1)).today() == date(2021, 12, 1)


@pytest.mark.parametrize("given", ["database_url", "owner_database_url"])
def test_one_database_address_alone_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="要么都设置"):
        Settings(**{given: "postgresql+psycopg://somebody@somewhere/somehow"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_body_bytes", 0),
        ("max_body_bytes", -1),
        ("demo_scale", "nan"),
        ("demo_scale", "inf"),
        ("demo_scale", 0),
        ("environment", "prod"),
        ("business_date", "2021-02-30"),
    ],
)
def test_values_that_can_not_be_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value})


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGANG_ENVIRONMENT", "production")
    monkeypatch.setenv("WENGANG_SECRET_KEY", GOOD)
    assert Settings().environment is Environment.PRODUCTION
    assert not Settings().demonstration


def test_a_refusal_and_a_listing_show_no_secret() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(secret_key="kept-for-myself", database_url="postgresql+psycopg://u:my-password@h/d")
    assert "kept-for-myself" not in str(refused.value)
    assert "my-password" not in str(refused.value)
    settings = Settings(environment=Environment.PRODUCTION, secret_key=GOOD)
    assert GOOD not in repr(settings)
    assert GOOD not in settings.model_dump_json()


def test_a_secret_that_was_not_given_is_drawn_once_and_kept_for_us_alone(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path / "data")
    draw_secret(settings)
    first = settings.secrets()
    draw_secret(settings)
    assert settings.secrets() == first
    assert [len(secret) for secret in first.values()] == [32]
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
    other = Settings(data_folder=tmp_path / "other")
    draw_secret(other)
    assert other.secrets() != first


def test_production_draws_no_secret(tmp_path: Path) -> None:
    settings = Settings(environment=Environment.PRODUCTION, secret_key=GOOD, data_folder=tmp_path)
    draw_secret(settings)
    assert not list(tmp_path.iterdir())
