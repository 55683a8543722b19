"""The container files say what they must; no engine is needed to read them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return described


def test_every_variable_is_demanded_or_has_a_default() -> None:
    variables = re.findall(r"\$\{([^}]*)\}", (ROOT / "docker-compose.yml").read_text())
    assert {name.split(":")[0] for name in variables} == {
        "WENGANG_ADMIN_PASSWORD",
        "WENGANG_APP_PASSWORD",
        "WENGANG_LISTEN",
        "WENGANG_OWNER_PASSWORD",
        "WENGANG_PROXY_ADDRESSES",
        "WENGANG_SECRET_KEY",
    }
    for variable in variables:
        assert ":?请" in variable or variable.startswith(
            ("WENGANG_LISTEN:-127.0.0.1:", "WENGANG_PROXY_ADDRESSES:-127.0.0.1,")
        )


def test_the_service_never_sees_the_administrators_password(services: dict[str, Any]) -> None:
    assert "ADMIN" not in str(services["service"])
    assert "wengang_app:" in services["service"]["environment"]["WENGANG_DATABASE_URL"]
    assert "wengang_owner:" in services["service"]["environment"]["WENGANG_OWNER_DATABASE_URL"]


def test_the_worker_is_the_same_image_behind_the_service_and_never_the_owner(
    services: dict[str, Any],
) -> None:
    worker, service = services["worker"], services["service"]
    assert (worker["image"], worker["build"]) == (service["image"], service["build"])
    assert worker["command"] == ["python", "-m", "api.cli", "work"]
    assert "OWNER" not in str(worker) and "ADMIN" not in str(worker)
    for name in ("WENGANG_DATABASE_URL", "WENGANG_SECRET_KEY", "WENGANG_ENVIRONMENT"):
        assert worker["environment"][name] == service["environment"][name]
    # The service migrates; the worker takes the tables as they then are, and answers to nobody outside.
    assert worker["depends_on"]["service"] == {"condition": "service_healthy"}
    assert "ports" not in worker
    assert worker["networks"] == ["inside"]
    assert worker["restart"] == "unless-stopped"


def test_the_database_is_reached_from_inside_only_and_waited_for(services: dict[str, Any]) -> None:
    assert "ports" not in services["database"]
    assert services["database"]["networks"] == ["inside"]
    assert services["service"]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "roles": {"condition": "service_completed_successfully"},
    }
    for name in ("database", "service"):
        assert services[name]["healthcheck"]["test"][0] == "CMD"


def test_our_containers_are_hardened(services: dict[str, Any]) -> None:
    for name in ("roles", "service", "worker"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_the_image_runs_as_nobody_special_and_installs_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001"]
    assert lines.index("USER 10001") > max(i for i, line in enumerate(lines) if line.startswith("RUN "))
    assert "--require-hashes" in "\n".join(lines)


def test_the_image_takes_in_what_the_service_needs_and_no_more() -> None:
    taken = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert {"alembic", "api", "ledger", "matching", "models", "outcomes"} <= taken
    copied = re.findall(r"^COPY ([\w.\- ]+) \./$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(copied[0].split()) <= taken
