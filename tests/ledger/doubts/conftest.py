"""A sound record, and how the tests change it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.doubts.checking import doubts
from ledger.doubts.rule import Context, Finding
from ledger.records.reported import ALL_FIELDS, Reported
from models.id_number import demo_id_number
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
