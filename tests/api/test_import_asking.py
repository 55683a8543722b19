"""What a clerk is asked about a file before it is looked at: few headings, with examples; and what is refused at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.database import owner_connection, sessions_of
from api.intake.staging import remember, remembered
from models.account import Account, AccountBinding, Role
from models.intake import ImportKind
from models.worker import Worker

from .conftest import Visitor
from .filing import HEADINGS, Intake, away, workbook


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture(scope="module")
def city(database: Any) -> Iterator[str]:
    """A clerk of a city without counties."""
    name = "jiayuguan"
    with owner_connection(database.owner) as owner, sessions_of(owner)() as session:
        account = Account(username=name, display_name="嘉峪关市")
        session.add(account)
        session.flush()
        number = account.identity
        session.add(AccountBinding(account_id=number, role=Role.COUNTY, region="6202"))
        session.commit()
    yield name
    with owner_connection(database.owner) as owner:
        for table, column in (("account_binding", "account_id"), ("account", "id")):
            owner.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": number})


def test_examples_stand_beside_unknown_headings_and_the_file_can_be_given_up(
    intake: Intake, visitor: Callable[[str], Visitor]
) -> None:
    headings = (*HEADINGS, "村里自编甲")
    told = ["短工", "短工", "电话10000000077", "610728 19850315 0021", "第四个"]
    rows = [away(at, 村里自编甲=words) for at, words in enumerate(told, 1)]
    found = intake.checked(workbook(rows, headings))
    assert found["state"]["code"] == "mapping"
    clerk = visitor("zhenba")
    page = clerk.get(f"/imports/{found['id']}")
    assert "例如：短工、电话100********、610*****************" in page
    assert "第四个" not in page and "测试001" not in page
    assert "不要了" in page
    clerk.post(f"/imports/{found['id']}/cancel")
    assert intake.read(found["id"])["state"]["code"] == "cancelled"


@pytest.mark.parametrize(
    ("many", "words"), [(101, "有101个表头认不出，超过100个"), (10_000, "有10026个表头，最多300个")]
)
def test_a_sheet_of_endless_headings_is_refused(intake: Intake, many: int, words: str) -> None:
    headings = (*HEADINGS, *(f"自编{at}甲" for at in range(many)))
    found = intake.checked(workbook([away(1)], headings))
    assert found["state"]["code"] == "failed"
    assert words in found["message"] and "请只保留要导入的列" in found["message"]


def test_a_heading_with_two_meanings_is_asked(session_as: Callable[[str], Session]) -> None:
    session = session_as("zhenba")
    remember(session, "610728", ImportKind.AWAY, {"甲": "form", "乙": "name", "丙": None})
    remember(session, "610728", ImportKind.ROSTER, {"甲": None, "乙": "name"})
    assert remembered(session, "610728", None) == {"乙": "name", "丙": None}
    assert remembered(session, "610728", ImportKind.AWAY) == {"甲": "form", "乙": "name", "丙": None}


@pytest.mark.parametrize("name", ["空.xlsx", "空.XLS", "空.csv"])
def test_an_empty_table_is_no_file_of_advertisements(intake: Intake, name: str) -> None:
    answer = intake.client.post("/v1/imports", files={"file": (name, b"")})
    assert answer.status_code == 422
    assert "文件里没有内容" in answer.text and "jsonl" not in answer.text


def test_one_fault_is_told_once_and_a_month_as_a_month(intake: Intake) -> None:
    found = intake.checked(workbook([away(1, 姓名="长" * 300), away(2, 开始时间="2021-02-30")]))
    long, day = intake.lines(found["id"])
    assert [each["reason"] for each in long["complaints"]] == ["超过50个字，请改短"]
    assert "没有这一天，应写成年月日" in day["complaints"][0]["reason"]
    intake.applied(workbook([away(3)]), "三.xlsx")
    again = intake.checked(workbook([away(3, 开始时间="2021年05月")]), "四.xlsx")
    [line] = intake.lines(again["id"])
    started = next(each for each in line["changes"] if each["field"] == "started")
    assert (started["label"], started["after"]) == ("开始时间", "2021年5月")


def test_a_city_without_counties_stands_for_its_county(
    city: str,
    clerk: Callable[[str], TestClient],
    session_as: Callable[[str], Session],
    work: Callable[[], int],
) -> None:
    intake = Intake(clerk(city), work)
    done = intake.applied(workbook([away(61), away(62)]), "一.xlsx")
    assert done["counts"] == {"lines": 2, "new": 2}
    # The list of a township of it is about the same people, and of the same households.
    township = intake.applied(
        workbook([away(61, 文化程度="高中"), away(63, 户编号="H62")]), "二.xlsx", kept_by="620200100"
    )
    assert township["counts"] == {"lines": 2, "new": 1, "changed": 1}
    session = session_as(city)
    people = session.exec(select(Worker).where(col(Worker.region).startswith("6202"))).all()
    assert {each.national_number: each.region for each in people} == {
        "P61": "620200100", "P62": "6202", "P63": "620200100",
    }  # fmt: skip
    homes = {each.national_number: each.household_id for each in people}
    assert homes["P62"] == homes["P63"] != homes["P61"]
    assert intake.client.get("/v1/workers").json()["total"] == 3
    assert clerk("zhenba").get(f"/v1/workers/{people[0].id}").status_code == 404
    refused = clerk("zhenba").post(
        "/v1/imports", files={"file": ("三.xlsx", workbook([away(64)]))}, data={"kept_by": "6202"}
    )
    assert refused.status_code == 403
