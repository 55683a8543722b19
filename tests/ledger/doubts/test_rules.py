"""Every rule: a case that is one, and its nearest neighbour that is none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.doubts.catalogue import RULES
from ledger.records.reported import Reported
from models.spell import Precision
from models.worker import LabourCapability

from .conftest import (
    AT_HOME,
    DONGGUAN,
    NANTONG,
    POST,
    SOUND,
    TONGZHOU,
    WITHOUT_WORK,
    YANGXIAN,
    born,
    id_of,
    numbers,
    one,
    people,
    spells,
    without,
)

UNASKED: dict[str, Any] = {"working": None, "asked": without("working")}
SHARED = {"phone": "13800000000"}
MAY_1, MARCH = date(2025, 5, 1), date(2025, 3, 1)

CASES: list[tuple[str, list[Reported], list[Reported]]] = [
    ("D01", one(income=None), one(income=None, asked=without("income"))),
    ("D01", one(employer=None), one(employer=None, working=False, ended=MAY_1)),
    ("D01", one(point_to_point=None), one(point_to_point=False)),
    ("D01", one(industry=None, channel=None), one(income=Decimal(100))),
    ("D02", one(region=NANTONG, county_text=None), one(region=DONGGUAN, county_text=None)),
    (
        "D02",
        one(region=NANTONG, county_text=None, working=False, ended=MAY_1),
        one(region=NANTONG, county_text=None, working=None, asked=without("working"), started=None),
    ),
    ("D02", one(region="32", county_text=None), one(region="500236", county_text="奉节县")),
    ("D02", one(region=None, county_text=None), one(region=None, county_text=None, asked=without("region"))),
    ("D02", one(region="3205", county_text="市辖区"), one(region="3205", county_text="苏州工业园区")),
    ("D02", one(region=None, county_text=None), one(region=None, county_text=None, abroad=True)),
    ("D03", spells((date(2024, 1, 1), MARCH), (MARCH, None)), spells((date(2024, 1, 1), MARCH), (date(2025, 4, 1), None))),
    ("D03", spells((date(2025, 4, 1), None), (date(2024, 1, 1), MAY_1)), spells((date(2025, 6, 1), None), (date(2024, 1, 1), MAY_1))),
    (
        "D03",
        spells((date(2024, 1, 1), date(2025, 3, 10)), (date(2025, 3, 10), None), precision=Precision.DAY),
        spells((date(2024, 1, 1), date(2025, 3, 10)), (date(2025, 3, 11), None), precision=Precision.DAY),
    ),
    ("D03", spells((MARCH, None), (MAY_1, None)), people({"started": MARCH}, {"started": MAY_1})),
    ("D04", one(working=False), one(working=False, ended=date(2025, 9, 1))),
    ("D04", one(working=False, ended=date(2025, 10, 1)), one(working=True, ended=date(2025, 10, 1))),
    ("D04", one(working=False), one(working=False, **WITHOUT_WORK)),
    ("D05", one(started=date(2022, 8, 1)), one(started=date(2022, 9, 1))),
    ("D05", one(started=date(2020, 1, 1)), one(started=date(2020, 1, 1), ended=date(2025, 8, 1), working=False)),
    (
        "D05",
        one(started=date(2022, 8, 20), precision=Precision.DAY),
        one(started=date(2022, 8, 21), precision=Precision.DAY),
    ),
    (
        "D05",
        one(started=date(2020, 1, 1), ended=date(2025, 10, 1)),
        one(started=date(2020, 1, 1), ended=date(2025, 9, 1)),
    ),
    # Where a list does not ask whether somebody works, a begun and open stretch of work says so.
    ("D11", one(student=True, **UNASKED), one(student=True, ended=date(2025, 9, 1), **UNASKED)),
    (
        "D11",
        one(student=True, started=date(2025, 9, 1), **UNASKED),
        one(student=True, started=date(2025, 10, 1), **UNASKED),
    ),
    ("D11", one(student=True, **UNASKED), one(student=True, working=None)),
    ("D06", one(channel="公益性岗位"), one(channel="公益性岗位", **AT_HOME)),
    ("D06", one(channel="就业帮扶车间", region=YANGXIAN), one(channel="就业帮扶车间", region="610728001")),
    ("D06", one(channel="就业帮扶车间", region="61"[:2] + "01"), one(channel="就业帮扶车间", region="6107")),
    ("D07", one(id_number=id_of(date(1955, 9, 20)), **POST), one(id_number=id_of(date(1955, 9, 21)), **POST)),
    (
        "D07",
        one(id_number=born(72), **POST),
        one(id_number=born(72), **POST, working=False, started=date(2021, 1, 1), ended=date(2023, 1, 1)),
    ),
    ("D07", one(id_number=id_of(date(2009, 9, 21)), **POST), one(id_number=id_of(date(2009, 9, 20)), **POST)),
    ("D08", one(post_kinds=("护林员", "保洁员", "护路员"), post_months=1), one(post_kinds=("护林员", "保洁员"), post_months=1)),
    (
        "D08",
        [replace(SOUND, row=4 + at, post_kinds=(kind,), post_months=1) for at, kind in enumerate("甲乙丙")],
        people(*({"post_kinds": (kind,), "post_months": 1} for kind in "甲乙丙")),
    ),
    ("D09", one(**POST | {"post_months": None}), one(**POST)),
    ("D09", one(post_months=12), one(post_months=12, asked=without("post_kinds"))),
    ("D09", one(**POST | {"post_months": 0}), one(post_months=0)),
    ("D10", one(id_number=id_of(date(2009, 3, 5)), started=date(2025, 2, 1)), one(id_number=id_of(date(2009, 2, 28)), started=date(2025, 2, 1))),
    (
        "D10",
        one(id_number=id_of(date(2009, 2, 28)), started=date(2025, 2, 27), precision=Precision.DAY),
        one(id_number=id_of(date(2009, 2, 28)), started=date(2025, 2, 28), precision=Precision.DAY),
    ),
    ("D11", one(student=True), one(student=False)),
    ("D11", one(student=True), one(student=True, working=False, ended=MAY_1)),
    ("D12", one(household_kind="特困供养户"), one(household_kind="特困供养户", **AT_HOME)),
    ("D12", one(destitute=True), one(destitute=True, working=False, ended=MAY_1)),
    ("D13", one(capability=LabourCapability.WEAK, student=True), one(capability=LabourCapability.WEAK, **POST)),
    ("D13", one(capability=LabourCapability.LOST), one(capability=LabourCapability.SKILLED)),
    ("D13", one(capability=LabourCapability.NONE), one(capability=LabourCapability.NONE, working=False, ended=MAY_1)),
    ("D14", one(capability=LabourCapability.WEAK), one(capability=LabourCapability.WEAK, health=("长期慢性病",))),
    ("D14", one(capability=LabourCapability.WEAK), one(capability=LabourCapability.WEAK, student=True)),
    ("D14", one(capability=LabourCapability.WEAK, id_number=born(59)), one(capability=LabourCapability.WEAK, id_number=born(60))),
    ("D14", one(capability=LabourCapability.WEAK, id_number=born(16)), one(capability=LabourCapability.WEAK, id_number=born(15))),
    ("D15", one(id_number=id_of(date(1990, 1, 1), "42")), one(id_number=id_of(date(1990, 1, 1), "43"))),
    ("D15", one(id_number=id_of(date(1990, 1, 1), "4100")), one(id_number=id_of(date(1990, 1, 1), "1100"))),
    (
        "D15",
        one(id_number=id_of(date(1990, 1, 1), "41")),
        one(id_number=id_of(date(1990, 1, 1), "41"), capability=LabourCapability.WEAK, health=("残疾",)),
    ),
    ("D16", one(id_number=born(15)), one(id_number=born(16))),
    ("D16", one(id_number=born(15), capability=None), one(id_number=born(15), capability=None, asked=without("capability"))),
    ("D16", one(id_number=born(15)), one(id_number=born(15), capability=LabourCapability.NONE)),
    ("D17", one(income=Decimal("99.99")), one(income=Decimal(100))),
    ("D17", one(income=Decimal("30000.01")), one(income=Decimal(30000))),
    ("D17", one(income=Decimal(0)), one(working=False, **WITHOUT_WORK | {"income": Decimal(0)})),
    ("D18", one(phone="1380000000"), one(phone="13800000000")),
    ("D18", one(phone="1380000000a"), one(phone=None)),
    ("D18", one(phone="１３８００００００００"), one(phone="13800000000")),
    (
        "D19",
        people({"phone": "13800000000"}, {"phone": "13800000000", "region": YANGXIAN}),
        people({"phone": "13800000000"}, {"phone": "13800000000", "region": TONGZHOU}),
    ),
    (
        "D19",
        people({"phone": "13800000000"}, {"phone": "13800000000", "region": DONGGUAN}),
        people({"phone": "13800000000"}, {"phone": "13800000000", "region": YANGXIAN, "household": "H2"}),
    ),
    (
        "D19",
        people({"phone": "13800000000"}, {"phone": "13800000000", "region": YANGXIAN}),
        [SOUND, replace(SOUND, row=5, region=YANGXIAN, started=date(2020, 1, 1), ended=MAY_1, working=False)],
    ),
    (
        "D19",
        people(SHARED, SHARED | {"region": YANGXIAN}),
        people(SHARED, SHARED | {"region": YANGXIAN, "working": False, "ended": MAY_1}),
    ),
    ("D19", people(SHARED, SHARED | {"region": YANGXIAN}), people({"phone": None}, {"phone": None, "region": YANGXIAN})),
    (
        "D20",
        people({"measures": ("劳务输出",), "working": False, **WITHOUT_WORK}),
        people({"measures": ("劳务输出",), "working": False, "ended": MAY_1}),
    ),
    ("D20", one(measures=("外出务工补贴",)), one(measures=("外出务工补贴",), travel_subsidy=Decimal(500))),
    (
        "D20",
        people({"measures": ("外出务工补贴",)}, {"travel_subsidy": Decimal(0)}),
        people({"measures": ("外出务工补贴",)}, {"travel_subsidy": Decimal(500)}),
    ),
    ("D20", one(measures=("劳务输出",), **AT_HOME), one(measures=("劳务输出",))),
    (
        "D20",
        people({"measures": ("劳务输出",), "working": False, **WITHOUT_WORK}, AT_HOME),
        people({"measures": ("劳务输出",), "working": False, **WITHOUT_WORK}, {}),
    ),
    ("D21", one(risks=("因务工就业不稳",), capability=LabourCapability.NONE), one(risks=("因病",), capability=LabourCapability.NONE)),
    (
        "D21",
        people({"risks": ("因务工就业不稳",), "capability": LabourCapability.LOST}, {"capability": LabourCapability.NONE}),
        people({"risks": ("因务工就业不稳",), "capability": LabourCapability.LOST}, {"capability": LabourCapability.WEAK}),
    ),
    (
        "D21",
        one(risks=("因务工就业不稳",), capability=LabourCapability.LOST, risk_cleared=False),
        one(risks=("因务工就业不稳",), capability=LabourCapability.LOST, risk_cleared=True),
    ),
    ("D22", one(id_number=born(35)[:17]), one(id_number=born(35))),
    ("D22", one(id_number=born(35)[:17] + ("1" if born(35)[17] != "1" else "2")), one(id_number=born(35) + "43")),
    ("D22", one(id_number=None), one(id_number=None, asked=without("id_number"))),
    ("D22", one(id_number="990100850101001"), one(id_number="E12345678", id_kind="护照")),
    ("D24", people(SHARED, {"household": "H2"} | SHARED, {"household": "H3"} | SHARED), people(SHARED, {"household": "H2"} | SHARED, {"household": "H2"} | SHARED)),
    ("D25", people(*[{"certificate": "测证1"}] * 3), people(*[{"certificate": "测证1"}] * 2, {"certificate": "测证2"})),
    ("D25", people(*[{"certificate": "测证1"}] * 3), [replace(SOUND, row=4 + at, certificate="测证1") for at in range(3)]),
    ("D26", [SOUND, replace(SOUND, row=5)], [SOUND, replace(SOUND, row=5, income=Decimal(4501))]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "case", "neighbour"), CASES, ids=[f"{case[0]}" for case in CASES])
def test_rule(number: str, case: list[Reported], neighbour: list[Reported]) -> None:
    assert number in numbers(case)
    assert number not in numbers(neighbour)


def test_rules_are_numbered_in_order_and_each_is_tried() -> None:
    assert [rule.number for rule in RULES] == [f"D{number:02d}" for number in range(1, 28)]
    assert len({rule.code for rule in RULES}) == len(RULES)
    # What evidence says is in no row: D27 is tried where evidence is.
    assert {case[0] for case in CASES} | {"D23", "D27"} == {rule.number for rule in RULES}


def test_a_sound_row_has_no_doubt() -> None:
    assert numbers([SOUND]) == []
