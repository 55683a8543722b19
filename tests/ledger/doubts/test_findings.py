"""Findings as a whole: order, settings, what they never show; service lists."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.doubts.checking import doubts
from ledger.doubts.rule import Context
from ledger.doubts.services import services
from ledger.doubts.thresholds import Thresholds
from ledger.records.reported import Reported
from models.education import Education
from models.worker import LabourCapability

from .conftest import (
    AS_OF,
    CONTEXT,
    HOME,
    SOUND,
    WITHOUT_WORK,
    born,
    numbers,
    one,
    spells,
    villagers,
    without,
)


def test_thresholds_are_settings() -> None:
    lower = Thresholds.of({"income_min": "500", "constant_rows": 5, "phone_households": 2})
    context = Context(AS_OF, HOME, lower)
    assert "D17" in numbers(one(income=Decimal(450)), context)
    assert "D23" in numbers(villagers(5, 5), context)


@pytest.mark.parametrize(
    "settings",
    [{"unknown": 1}, {"open_months": "many"}, {"open_months": 1.5}, {"income_min": -1}, {"post_kinds": True}],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        Thresholds.of(settings)


def test_nobody_away_is_known_only_where_the_away_were_listed() -> None:
    roll = Reported(
        9, "监测对象信息", frozenset({"household", "measures"}), household="H9", measures=("劳务输出",)
    )
    assert numbers([roll]) == []
    assert numbers([roll, SOUND]) == ["D20"]


def test_another_sheet_is_another_list() -> None:
    assert numbers([SOUND, replace(SOUND, sheet="监测对象信息")]) == []


def test_findings_come_in_the_order_of_rows_and_rules() -> None:
    rows = [replace(SOUND, row=7, income=None, phone="1"), replace(SOUND, row=5, person="P2", phone="2")]
    assert [(item.reported.row, item.rule.number) for item in doubts(rows, CONTEXT)] == [
        (7, "D01"),
        (7, "D18"),
        (5, "D18"),
    ]


def test_no_finding_shows_a_whole_number() -> None:
    number, phone = born(35), "13812345678"
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    rows = [
        replace(row, id_number=text, phone=phone)
        for row, text in zip(villagers(12, 12), [wrong, wrong[:17], wrong + "12", number] * 3, strict=True)
    ]
    for finding in doubts(rows, CONTEXT):
        assert number[6:14] not in finding.what
        assert phone not in finding.what
        assert "测试甲" not in finding.what


def test_service_lists_are_no_doubts() -> None:
    skilled = one(capability=LabourCapability.SKILLED, working=False, **WITHOUT_WORK)
    schooled = one(education=Education.COLLEGE, working=False, **WITHOUT_WORK)
    assert numbers(skilled) == []
    assert [item.rule.number for item in services(skilled, CONTEXT)] == ["S01"]
    assert [item.rule.number for item in services(schooled, CONTEXT)] == ["S01"]
    assert services(one(education=Education.SENIOR_HIGH, working=False, **WITHOUT_WORK), CONTEXT) == []
    assert services(one(capability=LabourCapability.SKILLED), CONTEXT) == []
    assert [item.rule.number for item in services(one(plans=True), CONTEXT)] == ["S02"]
    assert services(one(plans=True, needs="岗位信息"), CONTEXT) == []


def test_an_end_that_could_not_be_read_is_no_open_end() -> None:
    first, second, third = spells(
        (date(2024, 1, 1), None), (date(2024, 6, 1), date(2024, 9, 1)), (date(2024, 9, 1), None)
    )
    unread = replace(first, asked=without("ended"))
    assert [(item.reported.row, item.rule.number) for item in doubts([unread, second, third], CONTEXT)] == [
        (6, "D03")
    ]
    assert len(doubts([first, second, third], CONTEXT)) == 2
