"""Nothing personal stands in a finding: every rule over records whose names and numbers are marked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.doubts.checking import doubts
from ledger.doubts.every import EVERY_RULE
from ledger.doubts.rule import Context
from ledger.doubts.services import services
from ledger.records.reported import Reported
from models.education import Education
from models.worker import LabourCapability

from .conftest import AS_OF, HOME, POST, SOUND, WITHOUT_WORK, YANGXIAN, id_of, villagers

NAME, PHONE, BIRTH = "欧阳无双", "13987654321", date(1987, 6, 15)
NUMBER = id_of(BIRTH)
MARKED = {"name": NAME, "phone": PHONE, "id_number": NUMBER}


def marked(row: int, **change: Any) -> Reported:
    told = {"row": row, "person": f"P{row}", "household": f"H{row}"} | MARKED | change
    return replace(SOUND, **told)


def case_of_each() -> list[Reported]:
    """At least one case of every rule, of people who bear the marked name and numbers."""
    wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
    child, old = id_of(date(2013, 6, 15)), id_of(date(1940, 6, 15))
    single = [
        {"income": None},
        {"region": "3206", "county_text": None},
        {"working": False},
        {"started": date(2015, 1, 1)},
        {"channel": "公益性岗位"},
        POST | {"id_number": old},
        POST | {"post_kinds": ("护林员", "保洁员", "护路员")},
        POST | {"post_months": None},
        {"id_number": child, "capability": LabourCapability.ORDINARY},
        {"student": True},
        {"destitute": True},
        {"capability": LabourCapability.WEAK, "student": False, "health": ("健康",)},
        {"id_number": NUMBER + "41"},
        {"income": Decimal(99999)},
        {"phone": PHONE[:10]},
        {"measures": ("外出务工补贴", "劳务输出"), **WITHOUT_WORK, "working": False},
        {"risks": ("因务工就业不稳",), "capability": LabourCapability.NONE, **WITHOUT_WORK, "working": False},
        {"id_number": wrong},
        {"id_number": wrong + NUMBER},
        {"capability": LabourCapability.SKILLED, **WITHOUT_WORK, "working": False},
        {"education": Education.COLLEGE, **WITHOUT_WORK, "working": False},
        {"plans": True},
    ]
    rows = [marked(at, **change) for at, change in enumerate(single, 100)]
    rows += [
        marked(200, person="P200", started=date(2024, 1, 1), ended=date(2024, 9, 1)),
        marked(201, person="P200", started=date(2024, 5, 1)),
        marked(210, household="H210"),
        marked(211, household="H210", region=YANGXIAN, county_text="洋县"),
        marked(220),
        marked(220),
        *(marked(230 + at, certificate="ZM-1") for at in range(3)),
        *(replace(row, sheet="另一张表", **MARKED) for row in villagers(12, 12)),
    ]
    return rows


@pytest.mark.parametrize("numbered", [True, False])
def test_no_rule_repeats_a_name_or_a_number(numbered: bool) -> None:
    context = Context(AS_OF, HOME, numbered=numbered)
    rows = case_of_each()
    found = [*doubts(rows, context), *services(rows, context)]
    assert {finding.rule.number for finding in found} == {rule.number for rule in EVERY_RULE} - {"D27"}
    for finding in found:
        told = f"{finding.what} {dict(finding.statistics)}"
        for secret in (NAME, NAME[:2], PHONE, PHONE[3:8], NUMBER, NUMBER[6:14], "19870615", "20130615"):
            assert secret not in told, finding.rule.number
        assert ("行" in finding.what and "第" in finding.what) <= numbered or finding.rule.number == "D23"
