"""Every rule: a case that is one, and its nearest neighbour that is none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.doubts.catalogue import RULES
from ledger.doubts.checking import doubts
from ledger.doubts.reported import ALL_FIELDS, Reported
from ledger.doubts.rule import Context, Finding
from ledger.doubts.services import services
from ledger.doubts.thresholds import Thresholds
from models.education import Education
from models.id_number import demo_id_number
from models.spell import Precision
from models.worker import LabourCapability, Sex

AS_OF = date(2025, 9, 20)
HOME = "610728"
CONTEXT = Context(AS_OF, HOME)
TONGZHOU, NANTONG, DONGGUAN, YANGXIAN = "320612", "3206", "4419", "610723"


def id_of(birth: date, suffix: str = "") -> str:
    return demo_id_number(birth, 77, Sex.MALE) + suffix


def born(years: int) -> str:
    """The number of somebody who has been `years` old for half a year."""
    return id_of(date(AS_OF.year - years, 3, 20))


SOUND = Reported(
    row=4,
    sheet="已外出务工信息",
    asked=ALL_FIELDS,
    household="H1",
    person="P1",
    name="测试甲",
    id_number=born(35),
    health=("健康",),
    capability=LabourCapability.ORDINARY,
    phone="13800000001",
    working=True,
    started=date(2025, 2, 1),
    region=TONGZHOU,
    county_text="通州区",
    employer="测试公司",
    income=Decimal(4500),
    industry="制造业",
    channel="自发外出务工",
    point_to_point=False,
)
AT_HOME = {"region": HOME, "county_text": "镇巴县"}
POST = AT_HOME | {"channel": "公益性岗位", "post_kinds": ("护林员",), "post_months": 12}
WITHOUT_WORK: dict[str, Any] = dict.fromkeys(
    ("started", "region", "county_text", "employer", "income", "industry", "channel", "point_to_point")
)


def people(*changes: dict[str, Any]) -> list[Reported]:
    """Sound rows of different people of one household, each changed."""
    return [
        replace(SOUND, **{"row": 4 + at, "person": f"P{at}", "phone": f"1380000000{at}"} | change)
        for at, change in enumerate(changes)
    ]


def one(**change: Any) -> list[Reported]:
    return [replace(SOUND, **change)]


def spells(*dates: tuple[date, date | None], **change: Any) -> list[Reported]:
    return [
        replace(SOUND, **{"row": 4 + at, "started": begun, "ended": ended} | change)
        for at, (begun, ended) in enumerate(dates)
    ]


def numbers(records: Sequence[Reported], context: Context = CONTEXT) -> list[str]:
    return [finding.rule.number for finding in doubts(records, context)]


def found(number: str, records: Sequence[Reported]) -> list[Finding]:
    return [finding for finding in doubts(records, CONTEXT) if finding.rule.number == number]


def without(field: str) -> frozenset[str]:
    return ALL_FIELDS - {field}


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
    ("D24", people({}, {"household": "H2"}, {"household": "H3"}), people({}, {"household": "H2"}, {"household": "H2"})),
    ("D25", people(*[{"certificate": "测证1"}] * 3), people(*[{"certificate": "测证1"}] * 2, {"certificate": "测证2"})),
    ("D25", people(*[{"certificate": "测证1"}] * 3), [replace(SOUND, row=4 + at, certificate="测证1") for at in range(3)]),
    ("D26", [SOUND, replace(SOUND, row=5)], [SOUND, replace(SOUND, row=5, income=Decimal(4501))]),
]  # fmt: skip
for _number, _fires, _silent in CASES:
    if _number == "D24":
        _fires[:] = [replace(row, phone="13800000000") for row in _fires]
        _silent[:] = [replace(row, phone="13800000000") for row in _silent]


@pytest.mark.parametrize(("number", "case", "neighbour"), CASES, ids=[f"{case[0]}" for case in CASES])
def test_rule(number: str, case: list[Reported], neighbour: list[Reported]) -> None:
    assert number in numbers(case)
    assert number not in numbers(neighbour)


def test_rules_are_numbered_in_order_and_each_is_tried() -> None:
    assert [rule.number for rule in RULES] == [f"D{number:02d}" for number in range(1, 27)]
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {case[0] for case in CASES} | {"D23"} == {rule.number for rule in RULES}


def test_a_sound_row_has_no_doubt() -> None:
    assert numbers([SOUND]) == []


def villagers(count: int, equal: int, **change: Any) -> list[Reported]:
    return [
        replace(
            SOUND,
            **{
                "row": 4 + at,
                "person": f"P{at}",
                "household": f"H{at}",
                "phone": f"138{at:08d}",
                "employer": f"测试公司{at}",
                "started": date(2020 + at % 4, 1 + at % 12, 1),
                "income": Decimal(3000) if at < equal else Decimal(3001 + at),
            }
            | change,
        )
        for at in range(count)
    ]


def test_constant_fill_from_ten_rows_and_nine_in_ten() -> None:
    assert found("D23", villagers(9, 9)) == []
    assert found("D23", villagers(20, 17)) == []
    [finding] = found("D23", villagers(20, 18))
    assert dict(finding.statistics) == {"rows": 20, "equal": 18, "share": 0.9}
    assert finding.reported.row == 4
    assert "3000元" in finding.what


def test_constant_fill_of_one_village_in_a_county() -> None:
    copied = villagers(12, 12, village="测试甲村")
    honest = [replace(row, row=row.row + 100, village="测试乙村") for row in villagers(40, 0)]
    [finding] = found("D23", honest + copied)
    assert finding.reported.row == 4
    assert finding.statistics["rows"] == 12


def test_every_row_of_a_shared_phone_is_named_and_masked() -> None:
    rows = [replace(row, phone="13812345678") for row in villagers(4, 0)]
    shared = found("D24", rows)
    assert [finding.reported.row for finding in shared] == [4, 5, 6, 7]
    assert all("138****5678" in finding.what and "12345" not in finding.what for finding in shared)


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
