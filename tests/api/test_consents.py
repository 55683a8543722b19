"""同意: taken down, taken back, followed at once; and what employers are told is on record with its ground."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from ledger.consents.purposes import TERMS
from models.consent import Consent, Purpose
from models.disclosure import SENSITIVE, Disclosure
from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import World, made

SessionAs = Callable[[str], Session]


def standing(client: TestClient, worker: int, purpose: str, employer: int | None = None) -> Any:
    told = made(client.get(f"/v1/workers/{worker}/consents"))["standing"]
    return next(
        each for each in told if (each["purpose"]["code"], each["employer_id"]) == (purpose, employer)
    )


def say(client: TestClient, worker: int, purpose: str, *, no: bool = False, **told: Any) -> Any:
    path = f"/v1/workers/{worker}/consents" + ("/withdraw" if no else "")
    return client.post(path, json={"purpose": purpose, **told})


def problem(answer: Any, status: int, name: str) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}"), answer.text


def test_every_purpose_says_what_it_is_for_and_on_what_ground() -> None:
    assert set(TERMS) == set(Purpose)
    assert all(terms.what and terms.law and terms.stops for terms in TERMS.values())
    assert TERMS[Purpose.SENSITIVE].without is None is TERMS[Purpose.CHECK_IN].without


def test_what_was_said_is_kept_row_by_row(world: World, west: TestClient, session_as: SessionAs) -> None:
    worker = world.worker()["id"]
    assert standing(west, worker, "messages") | {"standing": None} == standing(west, worker, "messages") | {
        "standing": None,
        "allowed": False,
    }
    paper = {"means": "paper", "form_number": "ZB-2021-031", "until": "2021-12-31", "told_on": "2021-09-01"}
    first = made(say(west, worker, "messages", speaker="informant", **paper))
    assert (first["taken_by"], first["given"], first["until"]) == ("zhenba", True, "2021-12-31")
    assert standing(west, worker, "messages")["allowed"]
    made(say(west, worker, "messages", no=True, means="phone"))
    assert standing(west, worker, "messages")["standing"]["code"] == "withdrawn"
    # A paper that is entered late does not stand against what was said after it.
    made(say(west, worker, "messages", **paper | {"told_on": "2021-09-02", "form_number": "2"}))
    assert standing(west, worker, "messages")["standing"]["code"] == "withdrawn"
    items = made(west.get(f"/v1/workers/{worker}/consents"))["items"]
    assert [each["given"] for each in items] == [False, True, True]
    session = session_as("zhenba")
    for statement in ("UPDATE consent SET given = true", "DELETE FROM consent"):
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.connection().execute(text(statement))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"purpose": "messages", "told_on": "2021-09-21"}, "told_on"),
        ({"purpose": "messages", "told_on": "1970-01-01"}, "told_on"),
        ({"purpose": "messages", "until": "2021-09-19"}, "until"),
        ({"purpose": "messages", "employer_id": 1}, "body"),
        ({"purpose": "sensitive"}, "body"),
        ({"purpose": "employer", "employer_id": 999_999}, "employer_id"),
        ({"purpose": "messages", "means": "paper"}, "body"),
        ({"purpose": "messages", "form_number": "1"}, "body"),
    ],
)
def test_what_cannot_have_been_said(world: World, west: TestClient, told: dict[str, Any], field: str) -> None:
    answer = west.post(f"/v1/workers/{world.worker()['id']}/consents", json=told)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_guardian_speaks_for_a_child(world: World, west: TestClient) -> None:
    child = world.worker(id_number=demo_id_number(date(2010, 3, 1), 777, Sex.FEMALE), intention=None)["id"]
    assert made(west.get(f"/v1/workers/{child}/consents"))["under_care"]
    answer = say(west, child, "messages", speaker="family")
    assert answer.json()["errors"][0]["code"] == "guardian_needed"
    assert made(say(west, child, "messages", speaker="guardian"))["speaker"]["label"] == "父母或其他监护人"


def test_sensitive_information_is_agreed_to_by_the_person(world: World, west: TestClient) -> None:
    worker, employer = world.worker()["id"], world.vacancy()["employer_id"]
    answer = say(west, worker, "sensitive", employer_id=employer, speaker="informant")
    assert answer.json()["errors"][0]["code"] == "person_needed"
    made(say(west, worker, "sensitive", employer_id=employer))
    assert standing(west, worker, "sensitive", employer)["allowed"]


def test_what_somebody_has_refused_nobody_else_agrees_to(world: World, west: TestClient) -> None:
    worker = world.worker()["id"]
    made(say(west, worker, "messages", no=True, speaker="self"))
    answer = say(west, worker, "messages", speaker="informant")
    assert answer.status_code == 422 and answer.json()["errors"][0]["code"] == "person_needed"
    made(say(west, worker, "messages", speaker="self"))
    answer = say(west, worker, "check_in", speaker="family")
    assert answer.status_code == 422, "where somebody is"


def test_without_the_service_a_person_is_only_stored(world: World, west: TestClient) -> None:
    application = world.application()
    worker = application["worker_id"]
    batch = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "甲", "departs_on": "2021-09-25"})
    )
    made(west.post(f"/v1/dispatches/{batch['id']}/members", json={"worker_ids": [worker]}))
    made(say(west, worker, "service", no=True))
    assert made(west.get(f"/v1/workers/{worker}"))["restricted"]
    ended = made(west.get(f"/v1/applications/{application['id']}"))
    assert (ended["state"]["code"], ended["reason"]["label"]) == ("withdrawn", "本人不再同意")
    assert made(west.get(f"/v1/dispatches/{batch['id']}/members"))["items"] == []
    again = {"worker_id": worker, "vacancy_id": application["vacancy_id"]}
    problem(west.post("/v1/applications", json=again), 409, "restricted")
    made(say(west, worker, "service"))
    assert not made(west.get(f"/v1/workers/{worker}"))["restricted"]
    made(west.post("/v1/applications", json=again))


def test_a_consent_that_is_over_puts_a_person_away(
    world: World, west: TestClient, connection: Connection
) -> None:
    gone, stays = world.application()["worker_id"], world.worker()["id"]
    made(say(west, gone, "service", told_on="2021-09-01", until="2021-09-20"))
    made(say(west, stays, "service", told_on="2021-09-01", until="2021-09-21"))
    expire = text("SELECT restrict_expired(:today)")
    assert connection.scalar(expire, {"today": date(2021, 9, 20)}) == 0
    assert connection.scalar(expire, {"today": date(2021, 9, 21)}) == 1
    assert connection.scalar(expire, {"today": date(2021, 9, 21)}) == 0
    assert made(west.get(f"/v1/workers/{gone}"))["restricted"]
    assert not made(west.get(f"/v1/workers/{stays}"))["restricted"]
    [application] = made(west.get("/v1/applications", params={"worker_id": gone}))["items"]
    assert application["state"]["code"] == "withdrawn"


def test_what_a_list_took_back_is_not_taken_up_by_a_consent(
    world: World, west: TestClient, connection: Connection
) -> None:
    """Only what a no put away comes back with a yes."""
    worker = world.worker()["id"]
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": worker})
    made(say(west, worker, "service"))
    assert made(west.get(f"/v1/workers/{worker}"))["restricted"]


def test_being_put_forward_tells_the_employer_and_says_so(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    application = world.application()
    worker = application["worker_id"]
    [row] = west.get(f"/v1/workers/{worker}/disclosures").json()
    assert (row["reason"]["code"], row["basis"]["code"], row["application_id"]) == (
        "proposal",
        "contract",
        application["id"],
    )
    assert {each["code"] for each in row["fields"]}.isdisjoint(SENSITIVE)
    assert row["told_by"] == "zhenba" and row["employer"] == "测试家纺有限公司"
    session = session_as("zhenba")
    for statement in ("UPDATE disclosure SET fields = '{name}'", "DELETE FROM disclosure"):
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.connection().execute(text(statement))


def test_a_consent_is_the_ground_where_there_is_one(world: World, west: TestClient) -> None:
    worker, post = world.worker()["id"], world.vacancy()
    consent = made(say(west, worker, "employer", means="paper", form_number="7"))
    made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": post["id"]}))
    [row] = west.get(f"/v1/workers/{worker}/disclosures").json()
    assert (row["basis"]["code"], row["consent_id"]) == ("consent", consent["id"])


def test_no_to_an_employer_stops_what_is_under_way_there_and_nowhere_else(
    world: World, west: TestClient
) -> None:
    first = world.application()
    worker = first["worker_id"]
    second = world.application(worker_id=worker)
    employers = [
        made(west.get(f"/v1/vacancies/{each['vacancy_id']}"))["employer_id"] for each in (first, second)
    ]
    made(say(west, worker, "employer", no=True, employer_id=employers[0]))
    states = [made(west.get(f"/v1/applications/{each['id']}"))["state"]["code"] for each in (first, second)]
    assert states == ["withdrawn", "proposed"]
    again = {"worker_id": worker, "vacancy_id": first["vacancy_id"]}
    problem(west.post("/v1/applications", json=again), 409, "consent-withdrawn")
    # A yes to all of them does not take back the no to this one; a yes to this one does.
    made(say(west, worker, "employer"))
    problem(west.post("/v1/applications", json=again), 409, "consent-withdrawn")
    made(say(west, worker, "employer", employer_id=employers[0]))
    made(west.post("/v1/applications", json=again))
    # No to all, then yes to one.
    made(say(west, worker, "employer", no=True))
    made(say(west, worker, "employer", employer_id=employers[1]))
    problem(west.post("/v1/applications", json=again), 409, "consent-withdrawn")
    made(west.post("/v1/applications", json=again | {"vacancy_id": second["vacancy_id"]}))


def test_a_consent_that_is_over_is_no_ground(world: World, west: TestClient) -> None:
    worker, post = world.worker()["id"], world.vacancy()
    made(say(west, worker, "employer", told_on="2021-09-01", until="2021-09-19"))
    told = {"worker_id": worker, "vacancy_id": post["id"]}
    problem(west.post("/v1/applications", json=told), 409, "consent-withdrawn")
    assert west.get(f"/v1/workers/{worker}/disclosures").json() == []


def refused(session: Session, told: dict[str, Any]) -> str:
    """The name of the constraint that does not let this be told."""
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        session.add(Disclosure(**told))
        session.flush()
    assert isinstance(caught.value.orig, psycopg.Error)
    return caught.value.orig.diag.constraint_name or ""


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"fields": ["name", "hardship"]}, "ck_disclosure_sensitive_for_a_claim"),
        ({"fields": ["name", "id_number"]}, "ck_disclosure_sensitive_for_a_claim"),
        ({"fields": ["name", "diary"]}, "ck_disclosure_fields_known"),
        ({"fields": []}, "ck_disclosure_fields_known"),
        ({"basis": "consent"}, "ck_disclosure_agreed"),
        ({"application_id": None}, "ck_disclosure_of_one_occasion"),
    ],
)
def test_the_database_takes_no_disclosure_without_ground(
    world: World, session_as: SessionAs, changes: dict[str, Any], constraint: str
) -> None:
    world.application()
    session = session_as("zhenba")
    row = session.exec(select(Disclosure)).one()
    told = row.model_dump(exclude={"id", "created_at"}) | changes
    assert constraint in refused(session, told)


def test_the_database_holds_a_disclosure_to_a_consent_in_force(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    application = world.application()
    consent = made(say(west, application["worker_id"], "employer"))
    other = made(say(west, world.worker()["id"], "employer"))
    session = session_as("zhenba")
    told = session.exec(select(Disclosure)).one().model_dump(exclude={"id", "created_at"}) | {
        "basis": "consent"
    }
    session.add(Disclosure(**told | {"consent_id": consent["id"]}))
    session.flush()
    made(say(west, application["worker_id"], "employer", no=True))
    for number in (consent["id"], other["id"]):
        assert refused(session, told | {"consent_id": number}) == "ck_disclosure_agreed"


def test_a_merged_records_words_are_the_kept_persons(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    kept, merged = world.worker()["id"], world.worker()["id"]
    made(say(west, merged, "ranking", no=True))
    made(west.post("/v1/merges", json={"kept_id": kept, "merged_id": merged}))
    assert standing(west, kept, "ranking")["standing"]["code"] == "withdrawn"
    assert session_as("zhenba").exec(select(Consent.worker_id)).one() == merged


def test_a_clerk_takes_down_and_takes_back_on_the_persons_page(
    world: World, visitor: Callable[[str], Any]
) -> None:
    application = world.application()
    worker = application["worker_id"]
    desk = visitor("zhenba")
    said = {"purpose": "employer", "speaker": "self", "means": "paper", "told_on": "2021-09-20"}
    path = f"/workers/{worker}/consents"
    refused_page = desk.post(path, **said, given="yes")
    assert refused_page.status_code == 422 and "纸质同意书要填编号" in refused_page.text
    assert "有效到2021年12月31日" in desk.done(path, **said, given="yes", form_number="7", until="2021-12-31")
    assert "相关使用已停止" in desk.done(path, **said, given="no", form_number="8", until="2021-12-31")
    page = desk.get(f"/workers/{worker}/rights")
    assert "纸质同意书8" in page and "推荐到单位的岗位" in page and "为订立、履行劳动合同所必需" in page
    assert "本人不再同意" in desk.get(f"/applications/{application['id']}")
    assert visitor("yangxian").get(f"/workers/{worker}/rights", 404)
