"""The exchange folder over HTTP: six files in one zip, through all steps; the same again changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.application import Application, ApplicationEvent, ApplicationState, Side
from models.employer import Employer
from models.exchange import ExchangeKey
from models.household import HardshipPeriod, Household
from models.record import AuditEvent
from models.report import SpellReport
from models.spell import EmploymentSpell, Evidence, Precision
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker, WorkerSkill, WorkIntention

from .filing import Intake
from .market import by_file, market, person, zipped


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def test_a_folder_goes_all_the_way(intake: Intake, session: Session) -> None:
    content = zipped(market() | {"读我.txt": b"x"})
    found = intake.checked(content, "market.zip")
    assert (found["state"]["code"], found["kind"]["code"]) == ("ready", "exchange"), found
    lines = intake.lines(found["id"])
    assert by_file(found) == {
        "workers.csv": {"new": 2},
        "employers.csv": {"new": 2},
        "vacancies.csv": {"whole": 1, "held": 1},
        "applications.csv": {"new": 3},
        "spells.csv": {"new": 2, "skipped": 1},
        "open_workers.csv": {"same": 1},
        "market/读我.txt": {},
    }, lines
    aside = next(sheet for sheet in found["sheets"] if sheet["name"] == "market/读我.txt")
    assert "没有读取" in aside["skipped"]
    assert session.exec(select(Worker)).first() is None and session.exec(select(Vacancy)).first() is None
    done = intake.applied(content, "market.zip")
    assert by_file(done) == by_file(found)

    first, second = person(session, "w1"), person(session, "w2")
    assert (first.name, first.birth_date, first.experience_months) == ("测试001", date(1985, 3, 15), 24)
    assert first.last_occupation is not None
    home = session.get_one(Household, first.household_id)
    assert (home.number, home.relocated) == ("h1", True)
    periods = session.exec(select(HardshipPeriod).where(HardshipPeriod.household_id == home.id)).all()
    assert [each.category.value for each in periods] == ["relieved"]
    skills = session.exec(select(WorkerSkill).where(WorkerSkill.worker_id == first.id)).all()
    assert {each.skill: each.level for each in skills} == {"缝纫工": 3, "电工": None}
    wish = session.exec(select(WorkIntention).where(WorkIntention.worker_id == first.id)).one()
    assert (wish.pay_floor, wish.accepted_regions, wish.needs_lodging, wish.wants, wish.companion_id) == (
        4000, ["320612", "3206"], True, None, second.id,
    )  # fmt: skip

    firms = {row.name: row for row in session.exec(select(Employer)).all()}
    assert set(firms) == {"南通测试纺织有限公司", "交换单位e2"}
    assert {row.kept_by for row in firms.values()} == {"610728"}
    posts = {row.title: row for row in session.exec(select(Vacancy)).all()}
    assert posts["缝纫工"].state is VacancyState.PUBLISHED and posts["质检员"].state is VacancyState.HELD
    made = posts["缝纫工"]
    assert (made.seats, made.seats_taken, made.hours_per_week, made.required_skills, made.region) == (
        20, 0, 48, ["缝纫工"], "320612",
    )  # fmt: skip
    assert len(session.exec(select(ExchangeKey)).all()) == 4

    asked = session.exec(select(Application).order_by(col(Application.id))).all()
    assert [(each.state, each.side, each.reason, each.decided_on) for each in asked] == [
        (ApplicationState.OFFERED, None, None, date(2021, 9, 5)),
        (ApplicationState.REFUSED, Side.WORKER, "too_far", date(2021, 9, 2)),
        (ApplicationState.EXPIRED, None, "unanswered", date(2021, 2, 5)),
    ]
    steps = session.exec(select(ApplicationEvent).order_by(col(ApplicationEvent.id))).all()
    assert [(each.from_state, each.to_state) for each in steps[:2]] == [
        (None, ApplicationState.APPLIED),
        (ApplicationState.APPLIED, ApplicationState.OFFERED),
    ]

    spells = {row.worker_id: row for row in session.exec(select(EmploymentSpell)).all()}
    old, new = spells[first.identity], spells[second.identity]
    assert (old.precision, old.started_on, old.ended_on) == (
        Precision.MONTH,
        date(2020, 2, 1),
        date(2020, 11, 30),
    )
    assert (new.started_on, new.ended_on, new.observed_until) == (date(2021, 3, 1), None, date(2021, 8, 31))
    assert (new.employer_id, new.contract_months, new.monthly_income, new.vacancy_id) == (
        firms["南通测试纺织有限公司"].id, 12, 5200, None,
    )  # fmt: skip
    proof = session.exec(select(Evidence)).one()
    assert (proof.spell_id, proof.grade.value, proof.covers_to) == (new.id, "A", date(2021, 8, 31))
    assert "盖章" in proof.source
    told = intake.client.get("/v1/reports", params={"worker_id": second.id}).json()["items"]
    assert "更正的记录编号：s1" in told[0]["told"]["noted"]
    events = session.exec(select(AuditEvent).where(AuditEvent.worker_id == second.id)).all()
    assert {each.import_id for each in events if each.action != "read"} == {done["id"]}


def test_the_same_folder_again_changes_nothing(intake: Intake, session: Session) -> None:
    files = market()
    done = intake.applied(zipped(files), "market.zip")
    again = intake.send(zipped(files), "market.zip")
    assert (again["id"], again["repeated"]) == (done["id"], True)
    session.expire_all()
    before = {
        each.__tablename__: session.exec(select(each)).all()
        for each in (Worker, Household, HardshipPeriod, WorkerSkill, WorkIntention, Employer, Vacancy, Application,
                     ApplicationEvent, EmploymentSpell, Evidence, SpellReport, ExchangeKey)
    }  # fmt: skip
    versions = {name: [row.model_dump() for row in rows] for name, rows in before.items()}
    second = intake.applied(zipped(files | {"x.txt": b"another file"}, folder=""), "again.zip")
    assert second["id"] != done["id"]
    session.expire_all()
    assert by_file(second) == {
        "workers.csv": {"same": 2},
        "employers.csv": {"same": 2},
        "vacancies.csv": {"same": 2},
        "applications.csv": {"same": 3},
        "spells.csv": {"same": 2, "skipped": 1},
        "open_workers.csv": {"same": 1},
        "x.txt": {},
    }, [line for line in intake.lines(second["id"]) if line["status"]["code"] != "same"]
    for table in before:
        model = type(before[table][0])
        assert [row.model_dump() for row in session.exec(select(model)).all()] == versions[table], table
