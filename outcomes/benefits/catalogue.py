"""The benefits that are known: examples from real texts, and one that only a demonstration has."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from outcomes.benefits.benefit import Benefit, BenefitError, benefit_of

_FOLDER = Path(__file__).parent


def read_benefits(text: str) -> dict[str, Benefit]:
    """The benefits of a file by code, in its order.

    Raises
    ------
    BenefitError
        when it is no list of benefits, one of them can't be used, or two share a code.
    """
    try:
        entries = tomllib.loads(text).get("benefit", [])
    except tomllib.TOMLDecodeError:
        raise BenefitError("政策文件不是有效的 TOML，请改正。") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BenefitError("政策文件里每项政策应写成一个 [[benefit]]。")
    found: dict[str, Benefit] = {}
    for entry in entries:
        benefit = benefit_of(entry)
        if benefit.code in found:
            raise BenefitError(f"政策“{benefit.code}”写了两次，每项政策要有自己的编号。")
        found[benefit.code] = benefit
    return found


@cache
def known_benefits(*, demonstration: bool = False) -> Mapping[str, Benefit]:
    """The benefits by code; with those of the demonstration, which are nobody's law, if asked for."""
    names = ["benefits.toml", "demonstration.toml"] if demonstration else ["benefits.toml"]
    found: dict[str, Benefit] = {}
    for name in names:
        found |= read_benefits((_FOLDER / name).read_text(encoding="utf-8"))
    return found
