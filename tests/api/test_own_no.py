"""本人的拒绝: what somebody has refused themselves nobody else's yes is heard of, by whatever way it came in."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.database import owner_connection, sessions_of
from ledger.consents.standing import Standing, consents_of, standing
from models.account import Account
from models.consent import Consent, ConsentMeans, Purpose, Speaker, stopped
from models.disclosure import Disclosure
from models.employer import Employer, EmployerKind
from models.worker import Worker

from .conftest import World, made
from .test_consents import problem, refused, say
from .test_consents import standing as told_standing

SessionAs = Callable[[str], Session]


@pytest.mark.parametrize("speaker", ["family", "informant"])
def test_a_general_no_of_ones_own_is_overridden_at_no_single_employer(
    world: World, west: TestClient, speaker: str
) -> None:
    worker, post = world.worker()["id"], world.vacancy()
    employer = post["employer_id"]
    made(say(west, worker, "employer", no=True, speaker="self"))
    # That somebody else says no as well takes nothing from it.
    made(say(west, worker, "employer", no=True, speaker=speaker))
    answer = say(west, worker, "employer", employer_id=employer, speaker=speaker)
    assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == "person_needed"
    problem(
        west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": post["id"]}),
        409,
        "consent-withdrawn",
    )
    # The person's own yes to this one stands, and then anybody may pass on that it goes on.
    made(say(west, worker, "employer", employer_id=employer, speaker="self"))
    made(say(west, worker, "employer", employer_id=employer, speaker=speaker))
    assert told_standing(west, worker, "employer", employer)["allowed"]


def _row(session: Session, worker: int, **told: Any) -> Consent:
    account = session.connection().scalar(text("SELECT app_account()"))
    row = Consent(
        **{
            "worker_id": worker, "purpose": Purpose.EMPLOYER, "given": True, "told_on": date(2021, 9, 20),
            "speaker": Speaker.SELF, "means": ConsentMeans.SCREEN, "account_id": account, **told,
        }
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_a_yes_that_is_there_all_the_same_is_heard_nowhere(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    """Rows of before, or a no that came in late: the program and the database read them alike."""
    application = world.application()
    worker = application["worker_id"]
    employer = made(west.get(f"/v1/vacancies/{application['vacancy_id']}"))["employer_id"]
    session = session_as("zhenba")
    told = session.exec(select(Disclosure)).one().model_dump(exclude={"id", "created_at"})
    _row(session, worker, given=False)
    yes = _row(session, worker, employer_id=employer, speaker=Speaker.FAMILY)
    rows = consents_of(session, [worker])[worker]
    assert standing(rows, Purpose.EMPLOYER, date(2021, 9, 20), employer)[0] is Standing.WITHDRAWN
    assert refused(session, told | {"basis": "consent", "consent_id": yes.id}) == "ck_disclosure_agreed"
    assert refused(session, told) == "ck_disclosure_agreed", "no contract goes against a no either"


def test_a_no_to_one_stands_whatever_is_said_of_all(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    """The database too: a later yes to all employers is no ground for the one who was refused."""
    application = world.application()
    employer = made(west.get(f"/v1/vacancies/{application['vacancy_id']}"))["employer_id"]
    session = session_as("zhenba")
    told = session.exec(select(Disclosure)).one().model_dump(exclude={"id", "created_at"})
    _row(session, application["worker_id"], given=False, employer_id=employer, told_on=date(2021, 9, 1))
    yes = _row(session, application["worker_id"])
    assert refused(session, told | {"basis": "consent", "consent_id": yes.id}) == "ck_disclosure_agreed"


def test_the_database_and_the_program_say_the_same(clone: Callable[[str], Any]) -> None:
    """Histories by chance: what stands on each day, towards each employer, is said alike by both, and so is who is
    stopped."""
    first, chance = date(2021, 9, 1), random.Random(48)  # noqa: S311 - histories, no secrets
    asked = text("SELECT consent_stands(:worker, :purpose, :employer, :day)")
    found: dict[str, int] = {}
    with owner_connection(clone("standing").owner) as owner, sessions_of(owner)() as session:
        account = session.exec(select(Account.id).limit(1)).one()
        employers = [
            Employer(name=name, kind=EmployerKind.ENTERPRISE, region="320612", kept_by="320612")
            for name in "甲乙"
        ]
        session.add_all(employers)
        session.flush()
        for number in range(80):
            worker = Worker(region="610728", name=f"人{number}", name_pinyin="ren")
            session.add(worker)
            session.flush()
            for _ in range(chance.randint(1, 6)):
                given, day = chance.random() < 0.6, first + timedelta(days=chance.randint(0, 3))
                until = (
                    day + timedelta(days=chance.randint(0, 3)) if given and chance.random() < 0.4 else None
                )
                purpose = chance.choice([Purpose.EMPLOYER, Purpose.EMPLOYER, Purpose.RANKING])
                one = chance.choice([None, *employers]) if purpose is Purpose.EMPLOYER else None
                session.add(
                    Consent(
                        worker_id=worker.identity, purpose=purpose, employer_id=one.identity if one else None, given=given,
                        told_on=day, until=until, speaker=chance.choice(list(Speaker)), means=ConsentMeans.PHONE,
                        account_id=account,
                    )
                )  # fmt: skip
                session.flush()
            rows = consents_of(session, [worker.identity])[worker.identity]
            for day in (first + timedelta(days=each) for each in range(7)):
                for one in employers:
                    said = standing(rows, Purpose.EMPLOYER, day, one.identity)[0].value
                    told = {
                        "worker": worker.identity,
                        "purpose": "employer",
                        "employer": one.identity,
                        "day": day,
                    }
                    assert owner.scalar(asked, told) == said, (number, day, one.name, rows)
                    found[said] = found.get(said, 0) + 1
            last = first + timedelta(days=6)
            over = standing(rows, Purpose.RANKING, last)[0] in (Standing.WITHDRAWN, Standing.EXPIRED)
            assert (worker.identity in set(owner.scalars(stopped(Purpose.RANKING, last)))) is over, (
                number,
                rows,
            )
    assert min(found.get(each.value, 0) for each in Standing) > 20, found
