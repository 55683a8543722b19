"""What is learned from: what is held true, of whom it may be used, as a day knew it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session

from matching.columns import Pairs, Then
from matching.judging.known import as_known
from matching.learning.history import Outcome
from matching.offers import days_posted
from matching.past import PastMarket, load_past
from models.application import Application, ApplicationState, Side
from models.employer import Employer, EmployerKind
from models.spell import EmploymentSpell, SpellKind
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker

TODAY = date(2021, 9, 20)
AT = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


@pytest.fixture
def firm(session: Session) -> Employer:
    return added(
        session, Employer(name="厂", kind=EmployerKind.ENTERPRISE, region="320612", kept_by="610728")
    )


@pytest.fixture
def post(session: Session, firm: Employer) -> Vacancy:
    return added(
        session,
        Vacancy(
            employer_id=firm.id, kept_by="610728", region="320612", title="普工", seats=9, pay_min=4000,
            posted_on=date(2020, 5, 1), valid_until=date(2020, 12, 31), text="x", state=VacancyState.CLOSED,
        ),
    )  # fmt: skip


def added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def person(session: Session, **told: Any) -> int:
    row = added(session, Worker(**{"region": "610728001", "name": "人", "name_pinyin": "ren"} | told))
    return int(row.identity)


def worked(session: Session, worker: int, firm: Employer, **told: Any) -> EmploymentSpell:
    facts: dict[str, Any] = {
        "worker_id": worker,
        "employer_id": firm.id,
        "region": "320612",
        "kind": SpellKind.MARKET,
        "origin_region": "610728001",
        "started_on": date(2020, 6, 1),
        "ended_on": date(2020, 9, 1),
        "observed_until": date(2020, 9, 1),
    }
    found: EmploymentSpell = added(session, EmploymentSpell(**facts | told))
    return found


def past(session: Session, as_of: date = TODAY) -> PastMarket:
    return load_past(session, as_of, ["610728"])


def test_a_closed_post_is_there_with_those_who_worked_at_it(
    session: Session, firm: Employer, post: Vacancy
) -> None:
    worker = person(session)
    worked(session, worker, firm, vacancy_id=post.id, monthly_income=4500)
    found = past(session)
    [stretch] = range(len(found.history.stretches))
    posts, spells = found.market.vacancies, found.history.stretches
    assert posts.id[spells.vacancy[stretch]] == post.id
    # Nobody who looks at April finds it: it was posted in May.
    assert posts.valid_from[spells.vacancy[stretch]] == np.datetime64("2020-05-01")
    assert found.market.workers.id[spells.worker[stretch]] == worker
    assert (spells.employer[stretch], spells.income[stretch]) == (firm.id, 4500.0)
    assert found.begins == date(2020, 6, 1)


def test_only_what_is_held_true_of_people_whose_record_may_be_used(session: Session, firm: Employer) -> None:
    worked(session, person(session), firm, superseded_at=AT)
    worked(session, person(session, restricted=True), firm)
    assert len(past(session).history.stretches) == 0
    assert len(past(session).market.workers) == 0


def test_two_records_of_one_person_are_one(session: Session, firm: Employer, post: Vacancy) -> None:
    kept = person(session)
    merged = person(session, merged_into=kept)
    worked(session, kept, firm)
    added(session, Application(worker_id=merged, vacancy_id=post.id, applied_on=date(2020, 5, 20)))
    found = past(session)
    assert found.market.workers.id.tolist() == [kept]
    assert found.history.applications.worker.tolist() == found.history.stretches.worker.tolist() == [0]


def test_no_market_leads_to_a_public_post_or_to_ones_own_business(session: Session, firm: Employer) -> None:
    worked(session, person(session), firm, kind=SpellKind.PUBLIC_POST)
    worked(session, person(session), firm, kind=SpellKind.SELF_EMPLOYED)
    worked(session, person(session), firm, kind=SpellKind.WORKSHOP)
    assert len(past(session).history.stretches) == 1


def test_what_later_days_brought_is_not_known(session: Session, firm: Employer, post: Vacancy) -> None:
    worker = person(session)
    worked(session, worker, firm)
    added(session, Application(worker_id=worker, vacancy_id=post.id, applied_on=date(2020, 5, 20)))
    assert len(past(session, date(2020, 5, 19)).history.applications) == 0
    found = past(session, date(2020, 7, 1)).history
    known = as_known(found, np.datetime64("2020-07-01"))
    assert np.isnat(known.stretches.ended).all()


def test_how_applications_ended(session: Session, firm: Employer, post: Vacancy) -> None:
    state = ApplicationState
    soon = {"answered_on": date(2020, 5, 25)}
    told: list[tuple[dict[str, Any], Outcome | None]] = [
        ({"state": state.STARTED, **soon}, Outcome.OFFERED),
        ({"state": state.STARTED}, Outcome.OFFERED),
        (
            {"state": state.REFUSED, "side": Side.EMPLOYER, "reason": "skills", **soon},
            Outcome.REFUSED_BY_EMPLOYER,
        ),
        ({"state": state.REFUSED, "side": Side.WORKER, "reason": "pay", **soon}, Outcome.OFFERED),
        # Whoever goes away by herself was not answered by anybody.
        ({"state": state.REFUSED, "side": Side.WORKER, "reason": "pay"}, Outcome.OPEN),
        ({"state": state.WITHDRAWN, "side": Side.WORKER, "reason": "family"}, Outcome.OPEN),
        ({"state": state.OBSOLETE, **soon}, Outcome.OFFERED),
        ({"state": state.EXPIRED}, Outcome.NO_ANSWER),
        ({"state": state.PROPOSED}, Outcome.OPEN),
        ({"state": state.REFUSED, "side": Side.EMPLOYER, "reason": "duplicate"}, None),
        ({"state": state.WITHDRAWN, "side": Side.WORKER, "reason": "mistaken"}, None),
    ]
    for number, (facts, _) in enumerate(told):
        applied = date(2020, 5, 1 + number)
        added(
            session,
            Application(
                worker_id=person(session),
                vacancy_id=post.id,
                applied_on=applied,
                decided_on=date(2020, 6, 30),
                **facts,
            ),
        )
    found = past(session).history.applications
    assert found.outcome.tolist() == [int(outcome) for _, outcome in told if outcome is not None]
    days = [
        "2020-05-25" if "answered_on" in facts else "None" for facts, outcome in told if outcome is not None
    ]
    assert [str(day) for day in found.decided.tolist()] == days, "the day of the answer, not of the last step"


def test_another_county_is_not_read(
    session_as: Callable[[str], Session], firm: Employer, session: Session
) -> None:
    worked(session, person(session), firm)
    session.commit()
    assert len(load_past(session_as("yangxian"), TODAY, ["610723"]).history.stretches) == 0
    assert len(load_past(session_as("yangxian"), TODAY, ["610728"]).history.stretches) == 0
    assert len(load_past(session_as("hanzhong"), TODAY, ["6107"]).history.stretches) == 1


def test_what_was_refreshed_later_was_there_before_and_nobody_knows_how_fresh(
    session: Session, firm: Employer
) -> None:
    """A notice of March that was refreshed in September is no notice of September, and in June none of that day."""
    post = added(
        session,
        Vacancy(
            employer_id=firm.id, kept_by="610728", region="320612", title="普工", seats=9, text="x",
            posted_on=date(2020, 3, 1), refreshed_on=date(2020, 9, 1), valid_until=date(2020, 12, 31),
            state=VacancyState.CLOSED,
        ),
    ).identity  # fmt: skip
    worker = person(session)
    for day in (date(2020, 6, 1), date(2020, 9, 11)):
        added(
            session,
            Application(worker_id=worker, vacancy_id=post, applied_on=day, state=ApplicationState.EXPIRED),
        )
    found = past(session)
    assert found.market.vacancies.valid_from.tolist() == [date(2020, 3, 1)]
    made = found.history.applications
    then = Then(made.applied, np.zeros(2, np.int64), {})
    ages = days_posted(Pairs(found.market, made.worker, made.vacancy, then=then))
    assert np.isnan(ages[0]) and ages[1] == 10
