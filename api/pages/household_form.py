"""户 and 帮扶类别时段: what a clerk types, as the bodies that the service takes."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Form
from pydantic import ValidationError

from api.errors import invalid
from api.pages.typed import a_day, refused
from api.schemas.household import HardshipPublic, HardshipTold, HouseholdCreate, HouseholdUpdate

Typed = Annotated[str, Form(max_length=200)]
_YES_NO = {"yes": True, "no": False}


def household_typed(
    number: Typed = "",
    region: Typed = "",
    village: Typed = "",
    relocated: Typed = "",
    category: Typed = "",
    from_on: Typed = "",
) -> dict[str, str]:
    """The form of a new household as it was sent."""
    return dict(locals())


def period_typed(
    category: Typed = "",
    from_on: Typed = "",
    to_on: Typed = "",
    risk_cleared_on: Typed = "",
    version: Typed = "",
) -> dict[str, str]:
    """The form of one period of hardship as it was sent."""
    return dict(locals())


def facts_typed(
    village: Typed = "", relocated: Typed = "", risks: Typed = "", measures: Typed = "", version: Typed = ""
) -> dict[str, str]:
    """The form of what a household is, as it was sent."""
    return dict(locals())


def facts(typed: dict[str, str]) -> HouseholdUpdate:
    """What a household is, as it was typed; several risks or measures have a mark between them.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    told: dict[str, Any] = {name: _several(typed[name]) for name in ("risks", "measures")}
    told |= {"village": typed["village"].strip() or None, "relocated": _YES_NO.get(typed["relocated"])}
    try:
        return HouseholdUpdate.model_validate(told)
    except ValidationError as error:
        raise refused(error) from None


def _several(text: str) -> list[str]:
    parts = (part.strip() for part in re.split("[、，,;；]", text))
    return list(dict.fromkeys(part for part in parts if part))


def household(typed: dict[str, str]) -> HouseholdCreate:
    """The household to be registered.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    for name, words in (("number", "请填写户编号。"), ("region", "请选择户所在的乡镇、街道。")):
        if not typed[name].strip():
            raise invalid(name, "missing", words)
    told: dict[str, Any] = {name: typed[name].strip() or None for name in ("number", "region", "village")}
    told["relocated"] = _YES_NO.get(typed["relocated"])
    told["hardship"] = [period(typed | {"to_on": "", "risk_cleared_on": ""})] if typed["category"] else []
    try:
        return HouseholdCreate.model_validate(told)
    except ValidationError as error:
        raise refused(error) from None


def period(typed: dict[str, str]) -> HardshipTold:
    """A period as it was typed.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    if not typed["category"]:
        raise invalid("category", "missing", "请选择帮扶类别。")
    try:
        return HardshipTold.model_validate(
            {
                "category": typed["category"],
                "from_on": a_day("from_on", typed["from_on"], "请填写从哪一天起属于这一类别。"),
                "to_on": _day("to_on", typed),
                "risk_cleared_on": _day("risk_cleared_on", typed),
            }
        )
    except ValidationError as error:
        raise refused(error) from None


def added(periods: Sequence[HardshipPublic], typed: dict[str, str]) -> list[HardshipTold]:
    """The periods and the one that was typed."""
    return [*_told(periods), period(typed)]


def closed(periods: Sequence[HardshipPublic], typed: dict[str, str]) -> list[HardshipTold]:
    """The periods, the one that was named with the last day or the day of clearing that was typed."""
    to_on, cleared = _day("to_on", typed), _day("risk_cleared_on", typed)
    if to_on is None and cleared is None:
        raise invalid("to_on", "missing", "请填写结束日期或风险消除日期。")
    return [
        each.model_copy(
            update={"to_on": to_on or each.to_on, "risk_cleared_on": cleared or each.risk_cleared_on}
        )
        if _named(each, typed)
        else each
        for each in _told(periods)
    ]


def without(periods: Sequence[HardshipPublic], typed: dict[str, str]) -> list[HardshipTold]:
    """The periods but the one that was named."""
    return [each for each in _told(periods) if not _named(each, typed)]


def _told(periods: Sequence[HardshipPublic]) -> list[HardshipTold]:
    return [HardshipTold.model_validate(each.model_dump()) for each in periods]


def _named(each: HardshipTold, typed: dict[str, str]) -> bool:
    return (each.category.value, each.from_on.isoformat()) == (typed["category"], typed["from_on"])


def _day(field: str, typed: dict[str, str]) -> date | None:
    return a_day(field, typed[field], "日期写法不对，请在日历里选择。") if typed[field] else None
