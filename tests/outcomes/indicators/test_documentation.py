"""The page of indicators is held to the registry, and the registry to the words that targets may use."""

from pathlib import Path

from models.spell import SpellKind
from models.target import Indicator
from outcomes.indicators.catalogue import INDICATORS
from outcomes.indicators.documentation import described
from outcomes.indicators.indicator import Subject

PAGE = Path(__file__).resolve().parents[3] / "docs" / "indicators.md"


def test_the_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == described(), (
        "python -m outcomes.indicators.documentation > docs/indicators.md"
    )


def test_every_indicator_that_a_target_may_name_is_declared_once() -> None:
    assert list(INDICATORS) == list(Indicator)


def test_public_posts_are_never_inside_transfer() -> None:
    people = [each for each in INDICATORS.values() if each.subject is Subject.PEOPLE]
    assert len(people) > 6
    assert all(SpellKind.PUBLIC_POST not in each.kinds for each in people)
