"""The rules of public posts, from `public_posts.toml`."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from models.public_post import Rung
from outcomes.ladder.local_rules import LocalRule, entries, ruling

_FILE = Path(__file__).with_name("public_posts.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRule(LocalRule):
    """What is asked before a placement, and how long one lasts.

    A placement lasts `term_months`; where retirement is within `near_retirement_years` of its first day it lasts until
    then, if that is later. Spells with at most `same_placement_gap_days` between them are one placement. `notice_days`
    before the end somebody is told. The higher `rungs` must have been offered within `offers_within_months`.
    """

    term_months: int
    max_placements: int
    near_retirement_years: int
    min_age: int
    flag_age: int
    notice_days: int
    same_placement_gap_days: int
    offers_within_months: int
    rungs: tuple[Rung, ...]


@cache
def post_rules() -> tuple[PostRule, ...]:
    """All of them."""
    return tuple(
        PostRule(**entry | {"rungs": tuple(Rung.read(rung) for rung in entry["rungs"])})
        for entry in entries(_FILE)
    )


def post_rule(region: str, day: date) -> PostRule:
    """The rule of the place on the day."""
    return ruling(post_rules(), region, day)
