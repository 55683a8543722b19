"""Our own tables as reported records."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from ledger.doubts.checking import doubts
from ledger.doubts.rule import Context
from ledger.people import NewWorker, register
from ledger.records.differing import differences
from ledger.records.own import own_households, own_records
from ledger.records.reported import ALL_FIELDS, Reported
from ledger.records.sealed import (
    HOUSEHOLD_FIELDS,
    PERSON_FIELDS,
    WORK_FIELDS,
    digest,
    record_bytes,
    record_of,
)
from models.base import now
from models.education import Education
from models.employer import Employer
from models.household import HardshipCategory, HardshipPeriod, Household
from models.id_number import demo_id_number
from models.intake import ImportKind
from models.report import Outcome, ReportDecision, ReportSource, SpellReport
from models.sealing import Keyring, open_person_key, seal
from models.spell import EmploymentSpell, Precision, SpellKind
from models.worker import PersonKey, RelationToHead, Sex, Worker

AS_OF = date(2021, 9, 20)
SessionAs = Callable[[str], Session]


def person(session: Session, keyring: Keyring, **told: Any) -> Worker:
    new = NewWorker(
        name="测试甲",
        region="610728001",
        id_number=demo_id_number(date(1985, 3, 15), 200_001, Sex.FEMALE),
        phone="10000000001",
        **told,
    )
    return register(session, keyring, new, ever_assigned=lambda _: True, demonstration=True)


def report(session: Session, keyring: Keyring, worker: Worker, told: Reported, **row: Any) -> SpellReport:
    key = session.get_one(PersonKey, worker.identity)
    content = record_bytes(told)
    made = SpellReport(
        worker_id=worker.identity,
        source=ReportSource.IMPORT,
        kind=ImportKind.AWAY,
        reported_on=AS_OF,
        sealed_record=seal(
            open_person_key(keyring, key.master_key_id, key.sealed_key), content, "spell_report.record"
        ),
        digest=digest(keyring, worker.identity, content),
        **row,
    )
    session.add(made)
    session.flush()
    return made


def spell(session: Session, worker: Worker, **told: Any) -> EmploymentSpell:
    employer = Employer(name="测试家纺有限公司", region="320612", kept_by="610728")
    session.add(employer)
    session.flush()
    made = EmploymentSpell(
        worker_id=worker.identity,
        employer_id=employer.identity,
        region="320612",
        kind=SpellKind.MARKET,
        **({"started_on": date(2021, 3, 15), "monthly_income": 4500} | told),
    )
    session.add(made)
    session.flush()
    return made


def read(session: Session, keyring: Keyring, worker: Worker) -> list[Any]:
    return list(own_records(session, keyring, as_of=AS_OF, worker_ids=[worker.identity]))


AWAY = Reported(
    7,
    "已外出务工信息",
    ALL_FIELDS,
    working=True,
    started=date(2021, 3, 1),
    region="320612",
    employer="测试家纺有限公司",
    income=Decimal(4300),
    industry="制造业",
    channel="东西部劳务协作",
    form="长期务工",
    plans=False,
)


def test_somebody_without_work_is_one_record(session_as: SessionAs, keyring: Keyring) -> None:
    session = session_as("zhenba")
    home = Household(number="H-1", region="610728001", village="测试村", risks=["因务工就业不稳"])
    session.add(home)
    session.flush()
    session.add(
        HardshipPeriod(
            household_id=home.identity,
            category=HardshipCategory.MARGINAL,
            from_on=date(2020, 1, 1),
            risk_cleared_on=date(2021, 10, 1),
        )
    )
    session.flush()
    worker = person(
        session,
        keyring,
        household_id=home.identity,
        relation_to_head=RelationToHead.HEAD,
        education=Education.JUNIOR_HIGH,
    )
    (own,) = read(session, keyring, worker)
    told = own.reported
    assert (own.worker_id, own.household_id, own.report_id, own.spell_id) == (worker.id, home.id, None, None)
    assert (told.name, told.phone, told.id_number) == (
        "测试甲",
        "10000000001",
        demo_id_number(date(1985, 3, 15), 200_001, Sex.FEMALE),
    )
    assert (told.household, told.village, told.risks) == ("H-1", "测试村", ("因务工就业不稳",))
    assert (told.household_kind, told.monitored_kind, told.risk_cleared) == (
        "一般农户",
        "边缘易致贫户",
        False,
    )
    assert told.township is not None
    assert told.sheet == told.township
    assert told.working is False
    assert told.relation == "户主"
    (alone,) = own_households(session, as_of=AS_OF, household_ids=[home.identity])
    assert (alone.reported.household, alone.reported.monitored_kind) == ("H-1", "边缘易致贫户")


def test_a_report_that_waits_is_told_as_it_was_written(session_as: SessionAs, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring)
    made = report(session, keyring, worker, AWAY)
    (own,) = read(session, keyring, worker)
    assert own.report_id == made.id
    assert own.spell_id is None
    assert {name: getattr(own.reported, name) for name in WORK_FIELDS} == {
        name: getattr(AWAY, name) for name in WORK_FIELDS
    } | {"plans": False}
    assert differences(own.reported, AWAY) == {}


def test_what_was_accepted_lies_over_what_was_reported(session_as: SessionAs, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring)
    made, accepted = report(session, keyring, worker, AWAY), spell(session, worker)
    session.add(
        ReportDecision(
            report_id=made.identity, spell_id=accepted.identity, outcome=Outcome.AGREES, rule="same_months"
        )
    )
    session.flush()
    (own,) = read(session, keyring, worker)
    told = own.reported
    assert (own.report_id, own.spell_id) == (made.id, accepted.id)
    assert (told.started, told.precision, told.income) == (date(2021, 3, 15), Precision.DAY, Decimal(4500))
    assert (told.industry, told.channel, told.form) == ("制造业", "东西部劳务协作", "长期务工")
    # The list knows the month only: the day is no contradiction, the pay is one.
    assert differences(told, AWAY) == {"income": (Decimal(4500), Decimal(4300))}


def test_two_stretches_are_two_records_in_order(session_as: SessionAs, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring)
    spell(session, worker, started_on=date(2021, 8, 1))
    report(
        session,
        keyring,
        worker,
        replace(AWAY, started=date(2020, 3, 1), ended=date(2020, 9, 1), working=None),
    )
    first, second = read(session, keyring, worker)
    assert (first.reported.started, first.reported.working) == (date(2020, 3, 1), False)
    assert (second.reported.started, second.reported.working) == (date(2021, 8, 1), True)


def test_merged_and_restricted_people_are_left_out(session_as: SessionAs, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring)
    worker.restricted = True
    session.add(worker)
    session.flush()
    assert read(session, keyring, worker) == []
    assert len(list(own_records(session, keyring, as_of=AS_OF, restricted=True))) == 1


def test_other_counties_see_nothing(session_as: SessionAs, keyring: Keyring) -> None:
    person(session_as("zhenba"), keyring)
    assert list(own_records(session_as("yangxian"), keyring, as_of=AS_OF)) == []


def test_every_field_is_kept_somewhere_once() -> None:
    assert not PERSON_FIELDS & HOUSEHOLD_FIELDS
    assert ALL_FIELDS | {"precision", "abroad", "noted"} == PERSON_FIELDS | HOUSEHOLD_FIELDS | WORK_FIELDS


def test_a_telephone_that_nobody_can_dial_stays_as_written() -> None:
    assert record_of(record_bytes(Reported(1, phone="12345")))["phone"] == "12345"
    assert "phone" not in record_of(record_bytes(Reported(1, phone="10000000001")))


@pytest.mark.parametrize("field", ["income", "employer", "channel", "post_kinds", "region"])
def test_a_blank_is_no_difference(field: str) -> None:
    assert differences(AWAY, replace(AWAY, **{field: () if field == "post_kinds" else None})) == {}


def test_differences_are_told_both_ways() -> None:
    told = replace(AWAY, employer="别的测试公司", started=date(2021, 4, 9), region="3206")
    assert differences(AWAY, told) == {
        "employer": ("测试家纺有限公司", "别的测试公司"),
        "started": (date(2021, 3, 1), date(2021, 4, 9)),
    }
    assert differences(AWAY, replace(AWAY, employer=" 测试家纺有限公司", started=date(2021, 3, 31))) == {}


texts = st.none() | st.text(min_size=1, max_size=8)
months = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))
flags = st.none() | st.booleans()
money = st.none() | st.decimals(1, 99_999, places=2)


@given(
    st.builds(
        Reported,
        row=st.just(1),
        working=flags,
        started=months,
        ended=months,
        precision=st.sampled_from(Precision),
        region=st.none() | st.just("320612"),
        abroad=st.booleans(),
        employer=texts,
        income=money,
        point_to_point=flags,
        travel_subsidy=money,
        plans=flags,
        needs=texts,
        post_kinds=st.lists(st.text(min_size=1, max_size=4), max_size=3).map(tuple),
        post_months=st.none() | st.integers(1, 99),
    )
)
def test_what_is_kept_is_what_was_told(told: Reported) -> None:
    again = Reported(1, **record_of(record_bytes(told)))
    assert all(getattr(again, name) == getattr(told, name) for name in WORK_FIELDS)
    assert record_bytes(again) == record_bytes(told)


def test_a_report_that_contradicts_a_spell_is_a_record_of_its_own(
    session_as: SessionAs, keyring: Keyring
) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring)
    accepted = spell(session, worker)
    told = replace(AWAY, started=date(2021, 7, 1), employer="别的测试公司")
    made = report(session, keyring, worker, told)
    decision = ReportDecision(
        report_id=made.identity, spell_id=accepted.identity, outcome=Outcome.CONTRADICTS, rule="overlaps"
    )
    session.add(decision)
    session.flush()
    first, second = read(session, keyring, worker)
    assert (first.spell_id, first.report_id) == (accepted.id, None)
    assert (second.spell_id, second.report_id) == (None, made.id)
    found = [
        finding.rule.number for finding in doubts([first.reported, second.reported], Context(AS_OF, "610728"))
    ]
    assert "D03" in found
    decision.reversed_at = now()
    session.add(decision)
    session.add(
        ReportDecision(report_id=made.identity, outcome=Outcome.REFUSED, rule="person", reason="查无此事")
    )
    session.flush()
    (alone,) = read(session, keyring, worker)
    assert alone.spell_id == accepted.id
