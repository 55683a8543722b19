"""Rows of the exchange folder one by one: whom and what their keys mean, what is refused, and what a later folder changes."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient
from stdnum.cn import uscc

from models.application import Application, ApplicationState, Side
from models.employer import Employer
from models.exchange import ExchangeKey
from models.record import AuditEvent
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker, WorkIntention

from .filing import Intake, number
from .market import applied, by_file, csv_of, employer, market, person, spell, vacancy, worker, zipped


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def test_each_file_comes_in_by_itself_and_refers_to_what_is_there(intake: Intake, session: Session) -> None:
    intake.applied(csv_of([worker(1)], "gbk"), "workers.csv")
    intake.applied(csv_of([employer(1)], "utf-8-sig"), "employers.csv")
    intake.applied(csv_of([vacancy(1)]), "我们的岗位.csv")
    asked = intake.applied(csv_of([applied(1, 1, outcome="offered")]), "applications.csv")
    done = intake.applied(csv_of([spell(1), spell(7), spell(1, 9)]), "spells.csv")
    assert (asked["kind"]["code"], asked["counts"]) == ("exchange", {"lines": 1, "new": 1})
    assert done["counts"] == {"lines": 3, "new": 1, "rejected": 2}
    nobody, no_firm = intake.lines(done["id"], status="rejected")
    assert "workers.csv" in nobody["reason"] and nobody["complaints"][0]["column"] == "worker_id"
    assert "employers.csv" in no_firm["reason"] and no_firm["row"] == 4
    work, firm = session.exec(select(EmploymentSpell)).one(), session.exec(select(Employer)).one()
    assert (work.employer_id, firm.name) == (firm.id, "交换单位e1")
    assert session.exec(select(Application)).one().state is ApplicationState.OFFERED


def test_bad_rows_are_told_with_file_row_and_column_and_the_rest_comes_in(intake: Intake) -> None:
    wrong = number(2)[:17] + ("1" if number(2)[17] != "1" else "2")
    content = zipped(market(
        workers=[
            worker(1), worker(2, id_number=wrong), worker(3, county="610723"), worker(4, id_number="", name=""),
            worker(5, pay_floor="四千", birth_date="1980-01-01", sex="M"), worker(5),
            worker(5, id_number=number(6), name="测试六"),
        ],
        employers=[employer(1), employer(2, region="999999"), employer(3, kind="workshop"), employer(1)],
        vacancies=[
            vacancy(1), vacancy(2, 2), vacancy(3, pay_min="9000"), vacancy(4, seats="0"),
            vacancy(5, valid_until="2021-02-30"),
        ],
        applications=[applied(1, 1), applied(2, 1), applied(1, 3), applied(1, 1, applied_on="2022-01-01")],
        spells=[
            spell(1), spell(1, started_on="2021"), spell(2), spell(1, 2),
            spell(1, started_on="2020-05-01", ended_on="2020-04-01"),
        ],
        open_workers=[{"worker_id": "w1"}, {"worker_id": "w9"}],
    ))  # fmt: skip
    done = intake.applied(content, "market.zip")
    lines = intake.lines(done["id"], limit=100)
    assert by_file(done) == {
        "workers.csv": {"new": 3, "rejected": 4},
        "employers.csv": {"new": 1, "rejected": 3},
        "vacancies.csv": {"whole": 1, "rejected": 4},
        "applications.csv": {"new": 1, "rejected": 3},
        "spells.csv": {"new": 1, "rejected": 4},
        "open_workers.csv": {"same": 1, "rejected": 1},
    }, lines
    told = {
        (done["sheets"][line["sheet"]]["name"], line["row"]): {
            each["column"] for each in line["complaints"] if each["refused"]
        }
        for line in lines
        if line["status"]["code"] == "rejected"
    }
    assert told == {
        ("workers.csv", 3): {"id_number"}, ("workers.csv", 4): {"county"}, ("workers.csv", 5): {"worker_id"},
        ("workers.csv", 8): {"worker_id"},
        ("employers.csv", 3): {"region"}, ("employers.csv", 4): {"kind"}, ("employers.csv", 5): {"employer_id"},
        ("vacancies.csv", 3): {"employer_id"}, ("vacancies.csv", 4): {"pay_max"}, ("vacancies.csv", 5): {"seats"},
        ("vacancies.csv", 6): {"valid_until"},
        ("applications.csv", 3): {"worker_id"}, ("applications.csv", 4): {"vacancy_id"},
        ("applications.csv", 5): {"applied_on"},
        ("spells.csv", 3): {"started_on"}, ("spells.csv", 4): {"worker_id"}, ("spells.csv", 5): {"employer_id"},
        ("spells.csv", 6): {"ended_on"},
        ("open_workers.csv", 3): {"worker_id"},
    }  # fmt: skip
    fifth = next(line for line in lines if (line["sheet"], line["row"]) == (0, 6))
    assert {each["column"] for each in fifth["complaints"]} == {"pay_floor", "birth_date", "sex"}
    assert fifth["status"]["code"] == "new", "what contradicts the number is told, not taken"


def test_missing_columns_are_named_and_unknown_ones_set_aside(intake: Intake) -> None:
    short = {"workers.csv": b"worker_id,sex\nw1,F\n", "spells.csv": b"worker_id,employer_id\nw1,e1\n"}
    found = intake.checked(zipped(market() | short), "market.zip")
    assert found["state"]["code"] == "failed"
    assert "“workers.csv”缺少必需的列：county" in found["message"]
    assert "“spells.csv”缺少必需的列：started_on" in found["message"]
    rows = [worker(1, 备注名="x", extra="y")]
    found = intake.checked(zipped({"workers.csv": csv_of(rows)}), "market.zip")
    assert (found["state"]["code"], found["counts"]) == ("ready", {"lines": 1, "new": 1})
    assert {each["heading"] for each in found["sheets"][0]["headings"] if not each["field"]} == {
        "备注名", "extra",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"workers.csv": b"0" * (40 * 1024 * 1024)}), "异常巨大"),
        (zipped({"../workers.csv": b"worker_id,county"}, folder=""), "指向文件夹以外"),
        (zipped({"workers.csv": zipped({"workers.csv": b"x"})}), "压缩包"),
        (zipped({"workers.csv": b"worker_id,county"})[:-30], "不完整"),
        (zipped({"holiday.jpg": b"x"}), "没有交换文件夹的文件"),
    ],
    ids=["bomb", "traversal", "zip in zip", "truncated", "another"],
)
def test_a_harmful_zip_is_refused_with_a_reason(intake: Intake, content: bytes, words: str) -> None:
    found = intake.checked(content, "market.zip")
    assert (found["state"]["code"], found["counts"]) == ("failed", {})
    assert words in found["message"]


def test_a_folder_is_not_compared(intake: Intake) -> None:
    found = intake.checked(zipped(market()), "market.zip", purpose="compare")
    assert found["state"]["code"] == "failed" and "对账" in found["message"]


def test_somebody_without_a_number_is_the_one_known_under_the_key(intake: Intake, session: Session) -> None:
    intake.applied(csv_of([worker(1), worker(2)]), "workers.csv")
    bare = {"county": "610728", "skills": "焊工:2"}
    done = intake.applied(
        csv_of(
            [
                bare
                | {"worker_id": "w1", "birth_date": "1985-03-15", "sex": "F", "education": "senior_high"},
                bare | {"worker_id": "w2", "birth_date": "1986-03-15"},
                bare | {"worker_id": "w3"},
                bare | {"worker_id": "w1", "name": "测试不同"},
            ]
        ),
        "workers.csv",
    )
    assert done["counts"] == {"lines": 4, "changed": 1, "rejected": 3}
    changed, *rejected = intake.lines(done["id"])
    assert {each["label"]: (each["before"], each["after"]) for each in changed["changes"]} == {
        "文化程度": ("初中", "高中"),
        "技能": ("电工、缝纫工3级", "电工、缝纫工3级、焊工2级"),
    }
    assert [each["complaints"][0]["column"] for each in rejected] == ["birth_date", "worker_id", "name"]
    assert "name、id_number" in rejected[1]["reason"]
    first = person(session, "w1")
    assert first.education is not None and first.education.label == "高中"
    events = session.exec(
        select(AuditEvent).where(AuditEvent.worker_id == first.id, AuditEvent.import_id == done["id"])
    ).all()
    assert {(each.noun, each.import_line) for each in events} == {("worker", 1), ("worker_skill", 1)}


def test_a_persons_own_key_stays_and_the_folders_means_the_same_person(
    intake: Intake, session: Session
) -> None:
    told = {"name": "测试001", "region": "610728001", "id_number": number(1)}
    mine = intake.client.post("/v1/workers", json=told).json()["id"]
    intake.applied(csv_of([worker(1, worker_id="P1")]), "workers.csv")
    assert person(session, "P1").id == mine, "who had none is known under the folder's from now on"
    done = intake.applied(zipped(market()), "market.zip")
    assert by_file(done)["spells.csv"] == {"new": 2, "skipped": 1}
    line = intake.lines(done["id"])[0]
    assert (line["worker_id"], [each["column"] for each in line["complaints"]]) == (mine, ["worker_id"])
    assert person(session, "P1").id == mine
    assert len(session.exec(select(EmploymentSpell).where(EmploymentSpell.worker_id == mine)).all()) == 1


def test_a_key_that_is_anothers_is_refused(intake: Intake) -> None:
    intake.applied(csv_of([worker(1)]), "workers.csv")
    done = intake.applied(csv_of([worker(2, worker_id="w1")]), "workers.csv")
    assert "另一个人的人编号" in intake.lines(done["id"])[0]["reason"]


def test_an_employer_is_found_by_code_by_name_or_as_it_was_called(intake: Intake, session: Session) -> None:
    body = "91320612MA1MABC12"
    code = body + uscc.calc_check_digit(body)

    def made(**told: str) -> int:
        answer = intake.client.post("/v1/employers", json={"region": "320612", "kept_by": "610728"} | told)
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["id"]
        return number

    known, named = made(name="南通甲厂", uscc=code), made(name="南通乙厂")
    rows = [employer(1, uscc=code, name="甲"), employer(2, name="南通乙厂", size="30"), employer(3)]
    done = intake.applied(csv_of(rows), "employers.csv")
    assert done["counts"] == {"lines": 3, "changed": 2, "new": 1}
    keys = {row.key: row.employer_id for row in session.exec(select(ExchangeKey)).all()}
    assert (keys["e1"], keys["e2"]) == (known, named)
    again = intake.applied(csv_of([employer(3, name="南通丙厂", industry="纺织业")]), "employers.csv")
    assert again["counts"] == {"lines": 1, "changed": 1}
    session.expire_all()
    third = session.get_one(Employer, keys["e3"])
    assert (third.name, third.industry is not None) == ("南通丙厂", True)
    assert len(session.exec(select(Employer)).all()) == 3


def test_a_changed_row_changes_the_post_unless_people_have_started(intake: Intake, session: Session) -> None:
    intake.applied(zipped(market()), "market.zip")
    changed = intake.applied(csv_of([vacancy(1, pay_min="4800", seats="10")]), "vacancies.csv")
    assert changed["counts"] == {"lines": 1, "changed": 1}
    session.expire_all()
    post = session.exec(select(Vacancy).where(Vacancy.title == "缝纫工")).one()
    number_of, somebody = post.identity, session.exec(
        select(Application).where(Application.state == ApplicationState.OFFERED)
    ).one().identity  # fmt: skip
    assert (post.pay_min, post.seats, post.state) == (4800, 10, VacancyState.PUBLISHED)
    started = intake.client.post(f"/v1/applications/{somebody}/start", json={})
    assert started.status_code == 200, started.text
    refused = intake.applied(csv_of([vacancy(1, title="裁剪工", seats="10")]), "vacancies.csv")
    assert refused["counts"] == {"lines": 1, "same": 1}
    assert "已有1人上岗" in intake.lines(refused["id"])[0]["complaints"][0]["reason"]
    again = intake.applied(zipped(market(), folder=""), "again.zip")
    assert by_file(again)["applications.csv"] == {"same": 3}, "nobody who has started is touched"
    session.expire_all()
    assert session.get_one(Application, somebody).state is ApplicationState.STARTED
    assert session.get_one(Vacancy, number_of).title == "缝纫工"
    told = vacancy(1, seats="10", text="缝制衬衫，仅限女性")
    held = intake.applied(csv_of([told]), "vacancies.csv")
    assert held["counts"] == {"lines": 1, "held": 1}
    session.expire_all()
    assert session.get_one(Vacancy, number_of).state is VacancyState.HELD


def test_what_was_changed_here_stays_while_the_folder_says_the_same(intake: Intake, session: Session) -> None:
    intake.applied(zipped(market()), "market.zip")
    post = session.exec(select(Vacancy).where(Vacancy.title == "缝纫工")).one().identity
    closed = intake.client.post(f"/v1/vacancies/{post}/close")
    assert closed.status_code == 200, closed.text
    intake.applied(zipped(market(), folder=""), "again.zip")
    session.expire_all()
    assert session.get_one(Vacancy, post).state is VacancyState.CLOSED


def test_an_answer_comes_with_a_later_folder(intake: Intake, session: Session) -> None:
    intake.applied(zipped(market(applications=[applied(1, 1)])), "market.zip")
    assert session.exec(select(Application)).one().state is ApplicationState.APPLIED
    told = applied(1, 1, outcome="refused_by_employer", reason="看着不行", decided_on="2021-09-10")
    done = intake.applied(csv_of([told]), "applications.csv")
    assert done["counts"] == {"lines": 1, "changed": 1}
    session.expire_all()
    row = session.exec(select(Application)).one()
    assert (row.state, row.side, row.reason, row.answered_on) == (
        ApplicationState.REFUSED, Side.EMPLOYER, "other", date(2021, 9, 10),
    )  # fmt: skip
    other = intake.applied(csv_of([applied(1, 1, outcome="offered")]), "applications.csv")
    assert other["counts"] == {"lines": 1, "same": 1}, "what is decided here stays"


def test_who_is_said_to_seek_work_is_only_told(intake: Intake, session: Session) -> None:
    intake.applied(zipped(market()), "market.zip")
    done = intake.applied(csv_of([{"worker_id": "w1"}]), "open_workers.csv")
    [line] = intake.lines(done["id"])
    assert "没有就业意愿" in line["complaints"][0]["reason"]
    wish = session.exec(select(WorkIntention).where(WorkIntention.worker_id == line["worker_id"])).one()
    assert wish.wants is None


def test_a_person_of_the_ledger_alone_is_nobodys_without_a_row(intake: Intake, session: Session) -> None:
    done = intake.applied(
        csv_of([{"worker_id": "w1", "county": "610728", "hardship": "脱贫户"}]), "workers.csv"
    )
    assert done["counts"] == {"lines": 1, "rejected": 1}
    assert session.exec(select(Worker)).first() is None
