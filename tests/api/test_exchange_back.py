"""An applied exchange folder taken back, its lines mended, its error workbook and template, and the page of it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.workbooks.reading import sheets
from models.application import Application, ApplicationState
from models.exchange import ExchangeKey
from models.spell import EmploymentSpell, Evidence
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker, WorkerSkill, WorkIntention

from .conftest import Visitor
from .filing import Intake, number
from .market import applied, by_file, csv_of, employer, market, person, spell, vacancy, worker, zipped


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def test_a_folder_is_taken_back_whole(intake: Intake, session: Session) -> None:
    intake.applied(csv_of([worker(1, skills="电工", pay_floor="3000", education="primary")]), "workers.csv")
    intake.applied(csv_of([employer(1, size="10")]), "employers.csv")
    intake.applied(csv_of([vacancy(1, seats="5")]), "vacancies.csv")
    mine = person(session, "w1").identity
    post = session.exec(select(Vacancy)).one().identity
    done = intake.applied(zipped(market()), "market.zip")
    back = intake.client.post(f"/v1/imports/{done['id']}/revert")
    assert back.status_code == 200, back.text
    session.expire_all()
    first = session.get_one(Worker, mine)
    assert first.education is not None and first.education.value == "primary" and not first.restricted
    skills = session.exec(select(WorkerSkill).where(WorkerSkill.worker_id == mine)).all()
    assert {each.skill: each.level for each in skills} == {"电工": None}
    wish = session.exec(select(WorkIntention).where(WorkIntention.worker_id == mine)).one()
    assert (wish.pay_floor, wish.companion_id) == (3000, None)
    assert session.exec(select(Worker).where(Worker.national_number == "w2")).first() is None
    gone = session.exec(select(Worker).where(col(Worker.restricted))).one()
    assert (gone.name, gone.experience_months, gone.last_occupation) == ("已撤销", None, None)
    assert session.exec(select(WorkerSkill).where(WorkerSkill.worker_id == gone.id)).first() is None
    standing = session.get_one(Vacancy, post)
    assert (standing.seats, standing.state) == (5, VacancyState.PUBLISHED)
    other = session.exec(select(Vacancy).where(Vacancy.id != post)).one()
    assert other.state is VacancyState.CLOSED
    assert {row.state for row in session.exec(select(Application)).all()} == {ApplicationState.WITHDRAWN}
    spells = session.exec(select(EmploymentSpell).where(col(EmploymentSpell.superseded_at).is_(None)))
    assert spells.first() is None and session.exec(select(Evidence)).first() is None
    assert {row.key for row in session.exec(select(ExchangeKey)).all()} == {"e1", "v1"}
    again = intake.applied(zipped(market(), folder=""), "again.zip")
    assert by_file(again) == {
        "workers.csv": {"changed": 1, "new": 1},
        "employers.csv": {"changed": 1, "same": 1},
        "vacancies.csv": {"changed": 1, "held": 1},
        "applications.csv": {"new": 3},
        "spells.csv": {"new": 2, "skipped": 1},
        "open_workers.csv": {"same": 1},
    }


def test_a_folder_on_which_something_rests_is_not_taken_back(intake: Intake, session: Session) -> None:
    done = intake.applied(zipped(market(applications=[])), "market.zip")
    post = session.exec(select(Vacancy).where(Vacancy.title == "缝纫工")).one()
    made = intake.client.post(
        "/v1/workers", json={"name": "测试丙", "region": "610728", "id_number": number(50)}
    )
    asked = intake.client.post(
        "/v1/applications", json={"worker_id": made.json()["id"], "vacancy_id": post.id}
    )
    assert asked.status_code == 201, asked.text
    refused = intake.client.post(f"/v1/imports/{done['id']}/revert")
    assert refused.status_code == 409 and "1个岗位已有人推荐" in refused.json()["detail"]
    assert intake.read(done["id"])["state"]["code"] == "applied"
    assert person(session, "w1").restricted is False


def test_a_line_is_mended_before_and_after(intake: Intake, session: Session) -> None:
    wrong = number(1)[:17] + ("1" if number(1)[17] != "1" else "2")
    found = intake.checked(zipped(market(workers=[worker(1, id_number=wrong), worker(2)])), "market.zip")
    assert by_file(found)["spells.csv"] == {"rejected": 1, "new": 1, "skipped": 1}
    bad = next(line for line in intake.lines(found["id"], status="rejected") if line["sheet"] == 0)
    patch = f"/v1/imports/{found['id']}/lines/"
    mended = intake.client.patch(f"{patch}{bad['line']}", json={"cells": {"id_number": number(1)}})
    assert mended.status_code == 200, mended.text
    intake.work()
    found = intake.read(found["id"])
    assert (found["state"]["code"], by_file(found)["spells.csv"]) == ("ready", {"new": 2, "skipped": 1})

    done = intake.applied(csv_of([spell(1), spell(2, 3)]), "spells.csv")
    assert done["counts"] == {"lines": 2, "rejected": 2}
    intake.applied(
        zipped({"workers.csv": csv_of([worker(1)]), "employers.csv": csv_of([employer(3)])}), "a.zip"
    )
    patch = f"/v1/imports/{done['id']}/lines/"
    mended = intake.client.patch(f"{patch}1", json={"cells": {"employer_id": "e3"}})
    assert mended.json()["status"]["code"] == "new", mended.text
    work = session.exec(select(EmploymentSpell)).one()
    assert work.worker_id == person(session, "w1").id
    still = intake.client.patch(f"{patch}2", json={"cells": {"employer_id": "e3"}})
    assert still.json()["status"]["code"] == "rejected"
    assert intake.client.post(f"{patch}2/skip").status_code == 200
    assert intake.read(done["id"])["counts"] == {"lines": 2, "new": 1, "skipped": 1}


def test_the_error_workbook_has_a_sheet_for_each_file_and_comes_back(
    intake: Intake, session: Session
) -> None:
    content = zipped(market(workers=[worker(1), worker(2, id_number="")], spells=[spell(1), spell(1, 9)]))
    done = intake.applied(content, "market.zip")
    book = intake.client.get(f"/v1/imports/{done['id']}/errors.xlsx")
    assert book.status_code == 200, book.text
    rows = {sheet.name: [cells for _, cells in sheet.rows] for sheet in sheets(book.content, name="a.xlsx")}
    assert {name: len(found) - 1 for name, found in rows.items()} == {
        "workers": 1, "applications": 2, "spells": 1,
    }  # fmt: skip
    assert rows["spells"][0][:3] == ["需要改的地方", "worker_id", "employer_id"]
    assert "employers.csv" in str(rows["spells"][1][0])
    found = intake.checked(book.content, "需更正.xlsx")
    assert (found["state"]["code"], found["kind"]["code"]) == ("ready", "exchange")
    assert found["counts"] == {"lines": 4, "rejected": 4}


def test_the_template_has_a_sheet_for_each_file_and_its_example_is_nobody(intake: Intake) -> None:
    book = intake.client.get("/v1/imports/templates/exchange.xlsx")
    assert book.status_code == 200
    names = [sheet.name for sheet in sheets(book.content, name="a.xlsx")]
    assert names == [
        "workers",
        "employers",
        "vacancies",
        "applications",
        "spells",
        "open_workers",
        "填写说明",
    ]
    found = intake.checked(book.content, "模板.xlsx")
    assert (found["state"]["code"], found["counts"]) == ("failed", {"lines": 6, "skipped": 6}), found


def test_the_page_shows_a_folder_file_by_file(
    intake: Intake, visitor: Callable[[str], Visitor], work: Callable[[], int]
) -> None:
    desk = visitor("zhenba")
    content = zipped(market(workers=[worker(1, 备注名="x"), worker(2, id_number="")]) | {"读我.txt": b"x"})
    answer = desk.client.post(
        "/imports",
        data={"form_token": desk.token, "as_of": "2021-09-20"},
        files={"files": ("market.zip", BytesIO(content))},
    )
    assert answer.status_code == 303, answer.text
    work()
    path = answer.headers["location"]
    page = desk.get(path)
    assert (
        "交换文件夹" in page and "没有用到的列：备注名" in page and "没有读取：不是交换文件夹里的文件" in page
    )
    assert "1行新增，1行有错、没有入库" in page and "1个岗位违规扣下、不发布" in page
    assert "name、id_number" in page
    assert number(1) not in page and number(2) not in page
    desk.done(f"{path}/apply")
    work()
    assert "逐行结果" in desk.get(path)
    assert "/imports/templates/exchange.xlsx" in desk.get("/imports")


def test_applications_of_the_file_itself_are_not_doubled(intake: Intake, session: Session) -> None:
    rows = [applied(1, 1, outcome="offered"), applied(1, 1, outcome="offered")]
    intake.applied(zipped(market(applications=rows)), "market.zip")
    assert len(session.exec(select(Application)).all()) == 1
