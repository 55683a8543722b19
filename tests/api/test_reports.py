"""Reports of work: kept as they came, accepted by rules, decided by people, taken back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.reports.accepting import accept
from ledger.records.reported import Reported
from ledger.reports import NewReport, reports_of, write_reports
from models.intake import ImportKind
from models.report import Outcome, ReportDecision, ReportSource, SpellReport
from models.sealing import Keyring
from models.spell import EmploymentSpell, Evidence, EvidenceGrade
from models.target import Indicator, Target
from outcomes.progress import progress, started_count

SessionAs = Callable[[str], Session]
AUGUST, SEPTEMBER = date(2021, 8, 31), date(2021, 9, 15)


def row(**changes: Any) -> Reported:
    """A row of the list of people away: since March in a factory in the east."""
    facts: dict[str, Any] = {
        "working": True,
        "started": date(2021, 3, 1),
        "employer": "南通上报有限公司",
        "region": "320612",
        "income": Decimal(4500),
        "industry": "制造业",
        "channel": "东西部劳务协作",
        "point_to_point": True,
    }
    facts |= changes
    return Reported(4, "已外出", frozenset(facts), **facts)


class Lists:
    """Lists that come in, in the transaction of the test."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        self.session, self.keyring = session, keyring

    def take(
        self, told: list[tuple[int, Reported]], on: date = AUGUST, kind: ImportKind = ImportKind.AWAY
    ) -> tuple[list[int | None], dict[Outcome, int]]:
        """Write the list and let the rules decide."""
        ids = write_reports(
            self.session,
            self.keyring,
            [NewReport(worker, each, line) for line, (worker, each) in enumerate(told, 1)],
            source=ReportSource.IMPORT,
            kind=kind,
            import_id=None,
            reported_on=on,
            account_id=None,
        )
        items = [
            (number, worker, each)
            for number, (worker, each) in zip(ids, told, strict=True)
            if number is not None
        ]
        counts = accept(self.session, items, region="610728", as_of=on, account_id=None, keyring=self.keyring)
        self.session.expire_all()
        return ids, dict(counts)

    def spells(self, worker: int) -> list[dict[str, Any]]:
        """All columns of the person's spells but the version, those out of force too."""
        self.session.expire_all()
        rows = self.session.execute(
            text("SELECT * FROM employment_spell WHERE worker_id = :id ORDER BY id"), {"id": worker}
        )
        return [{**each, "version": None} for each in rows.mappings()]

    def standing(self, worker: int) -> list[tuple[date, date | None, date | None]]:
        """The days of the spells in force."""
        return [
            (each["started_on"], each["ended_on"], each["observed_until"])
            for each in self.spells(worker)
            if each["superseded_at"] is None
        ]


@pytest.fixture
def lists(session_as: SessionAs, keyring: Keyring) -> Lists:
    return Lists(session_as("zhenba"), keyring)


@pytest.fixture
def worker(world: Any) -> int:
    number: int = world.worker()["id"]
    return number


def test_a_report_opens_a_spell_of_months(lists: Lists, worker: int, west: TestClient) -> None:
    [number], counts = lists.take([(worker, row())])
    assert counts == {Outcome.OPENS: 1}
    [spell] = lists.spells(worker)
    assert (spell["started_on"], spell["ended_on"], spell["observed_until"]) == (
        date(2021, 3, 1),
        None,
        AUGUST,
    )
    assert (spell["precision"], spell["kind"], spell["arrangement"]) == ("month", "market", "organised")
    assert (spell["monthly_income"], spell["industry"], spell["origin_region"]) == (4500, "C", "610728001")
    shown = west.get(f"/v1/reports/{number}").json()
    assert shown["told"]["employer"] == "南通上报有限公司" and shown["told"]["income"] == "4500"
    assert shown["decision"]["rule"] == {"code": "new_months", "label": "这些月份还没有务工记录"}
    assert shown["decision"]["outcome"] == {"code": "opens", "label": "新增一段务工"}
    assert shown["decision"]["spell_id"] == spell["id"] and not shown["waiting"]
    listed = west.get("/v1/spells", params={"worker_id": worker}).json()["items"]
    assert [each["employer"] for each in listed] == ["南通上报有限公司"]
    keeper = lists.session.execute(
        text("SELECT kept_by, region FROM employer WHERE name = '南通上报有限公司'")
    )
    assert keeper.all() == [("610728", "320612")]


def test_the_record_is_sealed(lists: Lists, worker: int, west: TestClient) -> None:
    lists.take([(worker, row(certificate="看不见-1"))])
    kept = lists.session.execute(
        text("SELECT * FROM spell_report WHERE worker_id = :id"), {"id": worker}
    ).one()
    assert "看不见".encode() not in bytes(kept.sealed_record)
    [report] = reports_of(lists.session, lists.keyring, worker)
    assert report.told is not None and report.told.certificate == "看不见-1"


def test_the_same_list_again_changes_nothing_and_a_later_one_proves_staying(
    lists: Lists, worker: int
) -> None:
    lists.take([(worker, row())])
    before = lists.spells(worker)
    assert lists.take([(worker, row())]) == ([None], {})
    assert lists.spells(worker) == before
    [number], counts = lists.take([(worker, row())], SEPTEMBER)
    assert number is not None and counts == {Outcome.EXTENDS: 1}
    assert lists.standing(worker) == [(date(2021, 3, 1), None, SEPTEMBER)]
    in_force = lists.session.exec(
        select(SpellReport.id).where(
            SpellReport.worker_id == worker, col(SpellReport.superseded_at).is_(None)
        )
    ).all()
    assert list(in_force) == [number]
    # An older list comes late: kept, and nothing more.
    assert lists.take([(worker, row(income=Decimal(1)))], date(2021, 7, 31)) == ([None], {})
    assert len(reports_of(lists.session, lists.keyring, worker)) == 3


def test_a_month_agrees_with_a_day(lists: Lists, world: Any, west: TestClient) -> None:
    spell = world.spell()
    before = lists.spells(spell["worker_id"])
    told = row(started=date(2021, 9, 1), employer=spell["employer"])
    _, counts = lists.take([(spell["worker_id"], told)], date(2021, 9, 20))
    assert counts == {Outcome.AGREES: 1}
    assert lists.spells(spell["worker_id"]) == before


def test_several_stretches_of_one_list(lists: Lists, worker: int) -> None:
    told = [
        (worker, row(started=date(2021, 6, 1))),
        (worker, row(started=date(2021, 1, 1), ended=date(2021, 4, 1), working=False, employer="第一家")),
        (worker, row(started=date(2021, 4, 1), ended=date(2021, 5, 1), working=False, employer="第二家")),
    ]
    ids, counts = lists.take(told)
    assert counts == {Outcome.OPENS: 2, Outcome.CONTRADICTS: 1}
    assert sorted(days[:2] for days in lists.standing(worker)) == [
        (date(2021, 1, 1), date(2021, 4, 30)),
        (date(2021, 6, 1), None),
    ]
    assert all(ids)


def test_work_for_oneself_has_no_employer(lists: Lists, worker: int, west: TestClient) -> None:
    _, counts = lists.take([(worker, row(employer="打零工", channel=None, region=None))])
    assert counts == {Outcome.OPENS: 1}
    [spell] = lists.spells(worker)
    assert (spell["employer_id"], spell["kind"]) == (None, "flexible")
    [listed] = west.get("/v1/spells", params={"worker_id": worker}).json()["items"]
    assert (listed["employer_id"], listed["employer"]) == (None, None)
    assert west.get(f"/v1/spells/{spell['id']}").status_code == 200


def test_a_decision_is_taken_back_exactly(lists: Lists, worker: int, west: TestClient) -> None:
    lists.take([(worker, row())])
    opened = lists.spells(worker)
    [number], counts = lists.take([(worker, row(working=False, ended=date(2021, 9, 1)))], SEPTEMBER)
    assert counts == {Outcome.ENDS: 1}
    assert lists.standing(worker) == [(date(2021, 3, 1), date(2021, 9, 14), date(2021, 9, 14))]
    answer = west.post(f"/v1/reports/{number}/reverse")
    assert answer.status_code == 200, answer.text
    assert answer.json()["waiting"] and answer.json()["decision"] is None
    assert lists.spells(worker) == opened
    again = west.post(f"/v1/reports/{number}/reverse")
    assert again.status_code == 409
    # What waits may be accepted: the rules decide as before.
    accepted = west.post(f"/v1/reports/{number}/accept", json={"reason": "已核实"})
    assert accepted.json()["decision"]["outcome"]["code"] == "ends"
    # Without the spell, what leaned on it waits too.
    opening = lists.session.exec(
        select(ReportDecision.report_id).where(ReportDecision.outcome == Outcome.OPENS)
    ).one()
    assert west.post(f"/v1/reports/{opening}/reverse").status_code == 200
    assert lists.standing(worker) == []
    assert west.get(f"/v1/reports/{number}").json()["waiting"]


def test_a_person_accepts_what_contradicts(lists: Lists, worker: int, west: TestClient) -> None:
    lists.take([(worker, row())])
    before = lists.spells(worker)
    other = row(employer="换了的厂", started=date(2021, 6, 1))
    [number], counts = lists.take([(worker, other)], kind=ImportKind.ROSTER)
    assert counts == {Outcome.CONTRADICTS: 1}
    waiting = west.get("/v1/reports", params={"waiting": True}).json()["items"]
    assert [each["id"] for each in waiting] == [number]
    accepted = west.post(f"/v1/reports/{number}/accept", json={"reason": "本人5月换厂"})
    assert accepted.status_code == 200, accepted.text
    assert sorted(lists.standing(worker)) == [
        (date(2021, 3, 1), date(2021, 5, 31), date(2021, 5, 31)),
        (date(2021, 6, 1), None, AUGUST),
    ]
    assert accepted.json()["decision"]["rule"] == {"code": "person", "label": "人工核实"}
    assert west.get("/v1/reports", params={"waiting": True}).json()["items"] == []
    assert west.post(f"/v1/reports/{number}/accept", json={"reason": "再来"}).status_code == 409
    assert west.post(f"/v1/reports/{number}/reverse").status_code == 200
    after = [each for each in lists.spells(worker) if each["superseded_at"] is None]
    assert after == before


def test_a_person_accepts_other_days_of_the_same_work(lists: Lists, worker: int, west: TestClient) -> None:
    lists.take([(worker, row())])
    before = lists.spells(worker)
    lists.session.add(
        Evidence(
            spell_id=before[0]["id"],
            grade=EvidenceGrade.B,
            covers_from=date(2021, 5, 1),
            covers_to=date(2021, 5, 31),
        )
    )
    lists.session.flush()
    [number], counts = lists.take([(worker, row(started=date(2021, 5, 1)))], kind=ImportKind.ROSTER)
    assert counts == {Outcome.CONTRADICTS: 1}
    assert west.post(f"/v1/reports/{number}/accept", json={"reason": "晚去两个月"}).status_code == 200
    assert lists.standing(worker) == [(date(2021, 5, 1), None, AUGUST)]
    [fresh] = [each for each in lists.spells(worker) if each["superseded_at"] is None]
    proofs = lists.session.exec(select(Evidence).where(Evidence.spell_id == fresh["id"])).all()
    assert len(proofs) == 1
    assert west.post(f"/v1/reports/{number}/reverse").status_code == 200
    assert [each for each in lists.spells(worker) if each["superseded_at"] is None] == before


def test_what_contradicts_itself_is_mended_first(lists: Lists, worker: int, west: TestClient) -> None:
    [wrong], counts = lists.take([(worker, row(ended=date(2020, 1, 1)))])
    assert counts == {Outcome.CONTRADICTS: 1}
    refused = west.post(f"/v1/reports/{wrong}/accept", json={"reason": "是对的"})
    assert refused.status_code == 409 and "更正" in refused.json()["detail"]
    body = {
        "instead_of": wrong, "working": True, "started": "2021-03-01", "region": "320612", "employer": "南通上报有限公司",
    }  # fmt: skip
    mended = west.post(f"/v1/workers/{worker}/reports", json=body)
    assert mended.status_code == 201, mended.text
    assert mended.json()["source"]["code"] == "correction"
    assert mended.json()["decision"]["outcome"]["code"] == "opens"
    assert not west.get(f"/v1/reports/{wrong}").json()["in_force"]
    # And once more: what the correction had brought goes with it.
    body |= {"instead_of": mended.json()["id"], "started": "2021-04-01"}
    assert west.post(f"/v1/workers/{worker}/reports", json=body).status_code == 201
    assert [days[0] for days in lists.standing(worker)] == [date(2021, 4, 1)]


def test_a_report_is_refused_with_a_reason(lists: Lists, worker: int, west: TestClient) -> None:
    [number], _ = lists.take([(worker, row(employer=None))])
    assert west.post(f"/v1/reports/{number}/refuse", json={"reason": ""}).status_code == 422
    refused = west.post(f"/v1/reports/{number}/refuse", json={"reason": "本人没有外出"})
    assert refused.json()["decision"]["outcome"] == {"code": "refused", "label": "核实后不采纳"}
    assert refused.json()["decision"]["reason"] == "本人没有外出"
    assert refused.json()["decision"]["account"] == "zhenba"


def test_other_counties_know_of_no_report(lists: Lists, worker: int, clerk: Any) -> None:
    [number], _ = lists.take([(worker, row(employer=None))])
    other = clerk("yangxian")
    assert other.get(f"/v1/reports/{number}").status_code == 404
    assert other.post(f"/v1/reports/{number}/refuse", json={"reason": "不是我的"}).status_code == 404
    assert other.get("/v1/reports").json()["items"] == []
    assert clerk("auditor").post(f"/v1/reports/{number}/refuse", json={"reason": "看看"}).status_code == 403


def test_every_spell_of_a_list_is_recorded(lists: Lists, worker: int) -> None:
    lists.take([(worker, row())])
    lists.take([(worker, row(working=False, ended=date(2021, 9, 1)))], SEPTEMBER)
    kept = lists.session.execute(
        text(
            "SELECT action, noun FROM audit_event WHERE worker_id = :id AND noun = 'employment_spell' ORDER BY id"
        ),
        {"id": worker},
    ).all()
    assert kept == [("create", "employment_spell"), ("update", "employment_spell")]


def test_the_reports_of_a_restricted_person_wait(lists: Lists, worker: int) -> None:
    lists.session.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": worker})
    ids, counts = lists.take([(worker, row())])
    assert all(ids) and counts == {}
    assert lists.session.exec(select(EmploymentSpell).where(EmploymentSpell.worker_id == worker)).all() == []


def test_months_without_an_employer_count_towards_a_target(lists: Lists, worker: int) -> None:
    """Four whole months are three months; that nobody employs the person is the same as no other employer."""
    told = row(
        started=date(2021, 3, 1), ended=date(2021, 6, 1), working=False, employer="零工", channel="灵活就业"
    )
    lists.take([(worker, told)])
    target = Target(
        sequence=1,
        region="610728",
        label="转移就业",
        sentence="",
        indicator=Indicator.TRANSFER,
        kinds=["market", "flexible"],
        from_on=date(2021, 1, 1),
        to_on=date(2021, 12, 31),
    )
    assert started_count(lists.session, target, AUGUST) == 1
    found = progress(lists.session, target, AUGUST)
    assert (found.started, found.stable) == (1, 1)
    assert found.persons[0].stable_on == date(2021, 5, 31)
