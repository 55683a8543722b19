"""The employers' own door: whose it is, posts, answers to applicants, and the roster of who still works there."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.database import Sessions
from api.door_documents import EMPLOYERS
from models.application import Application, ApplicationState
from models.confirmation import EMPLOYERS_WORD
from models.disclosure import Disclosure
from models.spell import Evidence, EvidenceGrade

from .conftest import World, made
from .employer_door import POST, Factory, factories

SessionAs = Callable[[str], Session]
TODAY = date(2021, 9, 20)
UNLAWFUL = "负责平车缝制，计件工资，限女性，未婚优先。"


@pytest.fixture
def factory(app: FastAPI, sessions: Sessions, world: World, session_as: SessionAs) -> Callable[..., Factory]:
    return factories(app, sessions, world, session_as)


@pytest.fixture
def own(factory: Callable[..., Factory]) -> Factory:
    return factory()


def routes(app: FastAPI) -> dict[str, tuple[str, str, APIRoute]]:
    """Every operation of the door: method and path, its placeholders filled with nobody's number."""
    found = {}
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path.startswith(EMPLOYERS.prefix) and route.operation_id:
            found[route.operation_id] = (
                min(route.methods),
                re.sub(r"\{\w+\}", str(2**62), route.path),
                route,
            )
    return found


def problem(answer: Any, status: int, name: str) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}"), answer.text


# --- whose door it is ----------------------------------------------------------------------------------------------


def test_it_is_open_to_employers_alone(
    app: FastAPI, world: World, own: Factory, session_as: SessionAs
) -> None:
    operations = routes(app)
    assert len(operations) > 15
    stranger = TestClient(app)
    for name, (method, path, route) in operations.items():
        assert stranger.request(method, path).status_code == 401, name
        for clerk in (world.west, world.east):
            problem(clerk.request(method, path), 403, "not-allowed")
        mine = own.client.request(method, path, headers={"If-Match": '"1"'})
        # Its own lists are there; of a number that is nobody's it learns that, or what the body lacks.
        assert mine.status_code in ({404, 422} if "{" in route.path else {200, 409, 422}), (name, mine.text)
    session_as("east-warden").connection().execute(
        text("DELETE FROM account_binding WHERE employer_id = :own"), {"own": own.number}
    )
    for method, path, _ in operations.values():
        problem(own.client.request(method, path), 403, "not-allowed")


def test_behind_the_bureaus_door_is_its_account_alone(own: Factory) -> None:
    assert own.client.get("/v1/me").json()["roles"] == [{"code": "employer", "label": "用人单位"}]
    assert own.client.get("/v1/me/sessions").status_code == 200
    for path in ("vacancies", "employers", "workers", "applications", "spells", "regions", "plans", "jobs"):
        problem(own.client.get(f"/v1/{path}"), 403, "not-allowed")


def test_an_employers_account_is_nothing_else(
    own: Factory, clerk: Callable[[str], TestClient], session_as: SessionAs
) -> None:
    warden = clerk("east-warden")
    account = (
        session_as("east-warden")
        .connection()
        .scalar(text("SELECT id FROM account WHERE username = :name"), {"name": own.username})
    )
    more = {"role": "destination_county", "region": "320612"}
    problem(warden.post(f"/v1/accounts/{account}/bindings", json=more), 409, "employers-account")
    invited = made(warden.post("/v1/accounts", json=more | {"display_name": "经办人"}))["account"]["id"]
    told = {"role": "employer", "employer_id": own.number}
    problem(warden.post(f"/v1/accounts/{invited}/bindings", json=told), 409, "employers-account")
    # It speaks for one: another one is refused in words, and the same one stands.
    other = made(clerk("tongzhou").post("/v1/employers", json={"name": "另一个厂", "region": "320612"}))["id"]
    more = {"role": "employer", "employer_id": other}
    second = warden.post(f"/v1/accounts/{account}/bindings", json=more)
    problem(second, 409, "employers-account")
    assert "一个用人单位" in second.json()["detail"]
    assert made(warden.post(f"/v1/accounts/{account}/bindings", json=told))["id"] == account


def test_conventions_of_the_door(app: FastAPI, own: Factory) -> None:
    document = own.client.get("/employer/v1/openapi.json").json()
    assert own.client.get("/employer/docs").status_code == 200
    assert set(routes(app)) == {
        operation["operationId"] for item in document["paths"].values() for operation in item.values()
    }
    assert not [path for path in app.openapi()["paths"] if path.startswith(EMPLOYERS.prefix)]
    repeatable = {"employer_lint_vacancy", "employer_ask_telephone"}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            takes = {told["name"] for told in operation.get("parameters", [])}
            if method == "post":
                assert ("Idempotency-Key" in takes) == (operation["operationId"] not in repeatable), path
            assert ("If-Match" in takes) == (method == "patch"), path
            assert operation["tags"] and {"401", "403", "404", "409", "422"} <= set(operation["responses"])
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                assert document["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]["example"]
    problem(own.client.get("/employer/v1/vacancies", params={"regoin": 1}), 422, "invalid")


# --- posts ---------------------------------------------------------------------------------------------------------


def test_words_are_read_as_they_are_written(own: Factory, session_as: SessionAs) -> None:
    empty = made(own.post("/vacancies/lint", {}))
    assert (empty["publishable"], empty["demands"]) == (False, [])
    assert {each["what"]["code"] for each in empty["missing"]} > {"missing_pay", "missing_duties"}
    read = made(own.post("/vacancies/lint", POST | {"text": UNLAWFUL}))
    assert not read["publishable"] and read["missing"] == []
    told = {each["phrase"]: each for each in read["demands"]}
    assert {each["ground"]["code"] for each in told.values()} >= {"sex", "marriage_or_childbirth"}
    assert all(each["rewording"] and each["rule"] for each in told.values())
    assert made(own.post("/vacancies/lint", POST))["publishable"]
    assert session_as("tongzhou").connection().scalar(text("SELECT count(*) FROM vacancy")) == 0


def test_a_post_is_published_when_it_is_lawful_and_the_bureau_may_close_it(
    own: Factory, east: TestClient, west: TestClient
) -> None:
    draft = made(own.post("/vacancies", POST | {"text": UNLAWFUL}, headers={"Idempotency-Key": "p"}))
    again = own.post("/vacancies", POST | {"text": UNLAWFUL}, headers={"Idempotency-Key": "p"})
    assert again.headers["Idempotent-Replayed"] == "true" and again.json()["id"] == draft["id"]
    assert (draft["state"]["code"], draft["by_employer"], draft["employer_id"]) == ("held", True, own.number)
    path = f"/vacancies/{draft['id']}"
    held = own.post(f"{path}/publish")
    problem(held, 409, "not-publishable")
    assert "限女性" in held.json()["detail"]
    changed = {"text": POST["text"]}
    address = f"/employer/v1{path}"
    assert own.client.patch(address, json=changed).status_code == 428
    assert own.client.patch(address, json=changed, headers={"If-Match": '"99"'}).status_code == 412
    mended = made(own.client.patch(address, json=changed, headers={"If-Match": f'"{draft["version"]}"'}))
    assert (mended["state"]["code"], mended["unlawful_demands"]) == ("draft", [])
    published = made(own.post(f"{path}/publish"))
    assert published["standing"]["code"] == "on_offer"
    assert west.get(f"/v1{path}").status_code == 200, "everybody may put people forward for it"
    [listed] = made(east.get("/v1/vacancies", params={"kept_by_me": True}))["items"]
    assert (listed["id"], listed["by_employer"]) == (draft["id"], True)
    # Words that are unlawful take it off again.
    version = {"If-Match": f'"{published["version"]}"'}
    spoilt = made(own.client.patch(address, json={"text": UNLAWFUL}, headers=version))
    assert spoilt["state"]["code"] == "held" and west.get(f"/v1{path}").status_code == 404
    made(east.post(f"/v1{path}/close"))
    for answer in (
        own.client.patch(address, json=changed, headers={"If-Match": f'"{spoilt["version"]}"'}),
        own.post(f"{path}/publish"),
        own.post(f"{path}/refresh", {}),
        own.post(f"{path}/close"),
    ):
        problem(answer, 409, "vacancy-closed")


def test_of_a_bureaus_post_it_says_whether_it_is_open(
    own: Factory, world: World, on: Callable[[str], None], session_as: SessionAs
) -> None:
    body = world.bodies.vacancy(own.number)
    post = made(world.east.post("/v1/vacancies", json=body))
    path = f"/vacancies/{post['id']}"
    assert own.get(path)["by_employer"] is False, "a draft of its own is there too"
    problem(own.post(f"{path}/publish"), 403, "kept-elsewhere")
    made(world.east.post(f"/v1{path}/publish"))
    answer = own.client.patch(f"/employer/v1{path}", json={"seats": 9}, headers={"If-Match": '"2"'})
    problem(answer, 403, "kept-elsewhere")
    on("2022-01-05")
    assert own.get("/me")["posts_to_refresh"] == 1
    problem(own.post(f"{path}/refresh", {}), 409, "vacancy-expired")
    fresh = made(own.post(f"{path}/refresh", {"valid_until": "2022-03-31"}))
    assert (fresh["standing"]["code"], fresh["valid_until"]) == ("on_offer", "2022-03-31")
    # What a route forgot to ask, the database does.
    session = session_as(own.username)
    for change in ("title = 'x'", "seats = 99", "by_employer = true", "kept_by = '610728'"):
        with pytest.raises(DBAPIError) as refused, session.begin_nested():
            session.connection().execute(text(f"UPDATE vacancy SET {change}"))
        assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), change
    assert made(own.post(f"{path}/close"))["state"]["code"] == "closed"


# --- applicants ----------------------------------------------------------------------------------------------------


def test_answers_and_what_is_not_its_to_say(own: Factory, west: TestClient, session_as: SessionAs) -> None:
    post = own.vacancy(seats=5)["id"]
    first, second, third = (own.applicant(post, name=f"应聘{each}")["id"] for each in "甲乙丙")
    assert own.get("/me")["applicants_waiting"] == 3
    told = own.get(f"/applicants/{first}")
    assert told["person"]["name"] == "应聘甲" and told["person"]["home"]["code"] == "610728"
    assert (told["person"]["age"], told["person"]["skills"]) == (36, {"平车": 3})
    assert [each["code"] for each in told["answers"]] == ["shortlisted", "offered", "refused"]
    key = {"Idempotency-Key": "yes"}
    assert made(own.post(f"/applicants/{first}/offer", headers=key))["state"]["code"] == "offered"
    assert made(own.post(f"/applicants/{first}/offer", headers=key))["state"]["code"] == "offered"
    problem(own.post(f"/applicants/{first}/offer"), 409, "wrong-step")
    for reason in ("too_far", "mistaken", "unanswered"):
        assert own.post(f"/applicants/{second}/refuse", {"reason": reason}).status_code == 422
    refused = made(own.post(f"/applicants/{second}/refuse", {"reason": "skills"}))
    assert (refused["state"]["code"], refused["reason"]["code"]) == ("refused", "skills")
    assert made(own.post(f"/applicants/{third}/shortlist"))["answered_on"] == "2021-09-20"
    seen = made(west.get(f"/v1/applications/{second}"))
    assert (seen["side"]["code"], seen["answered_on"]) == ("employer", "2021-09-20")
    assert own.get("/applicants", waiting=True)["total"] == 1
    assert own.get("/applicants", hired=True)["total"] == 1
    # Every other step is somebody else's, whatever a program sends.
    session = session_as(own.username)
    for change in (
        "state = 'started'",
        "state = 'withdrawn'",
        "state = 'accepted'",
        "state = 'refused', side = 'worker'",
        "start_told_on = '2021-09-20'",
        "applied_on = '2021-01-01'",
    ):
        with pytest.raises(DBAPIError) as error, session.begin_nested():
            session.connection().execute(text(f"UPDATE application SET {change} WHERE id = {third}"))
        assert isinstance(error.value.orig, psycopg.errors.InsufficientPrivilege), change


def test_no_more_are_taken_on_than_there_are_seats(
    own: Factory, west: TestClient, on: Callable[[str], None]
) -> None:
    post = own.vacancy(seats=1)
    first, second = (own.applicant(post["id"])["id"] for _ in range(2))
    made(own.post(f"/applicants/{first}/offer"))
    promised = own.post(f"/applicants/{second}/offer")
    problem(promised, 409, "no-seat-left")
    assert "另有1人已录用" in promised.json()["detail"], "a seat is promised to one"
    made(west.post(f"/v1/applications/{first}/start", json={}))
    problem(own.post(f"/applicants/{second}/offer"), 409, "no-seat-left")
    path = f"/employer/v1/vacancies/{post['id']}"
    version = {"If-Match": own.client.get(path).headers["ETag"]}
    made(own.client.patch(path, json={"seats": 2}, headers=version))
    on("2022-01-01")
    problem(own.post(f"/applicants/{second}/offer"), 409, "vacancy-expired")
    on("2021-09-20")
    made(own.post(f"/applicants/{second}/offer"))
    made(west.post(f"/v1/applications/{second}/start", json={}))
    version = {"If-Match": own.client.get(path).headers["ETag"]}
    problem(own.client.patch(path, json={"seats": 1}, headers=version), 409, "seats-taken")
    other = own.vacancy()["id"]
    third = own.applicant(other)["id"]
    made(own.post(f"/vacancies/{other}/close"))
    problem(own.post(f"/applicants/{third}/offer"), 409, "vacancy-closed")


def test_the_telephone_is_told_of_whom_it_hired_and_who_agreed(
    own: Factory, west: TestClient, session_as: SessionAs
) -> None:
    application = own.applicant(phone="10000000077")
    path, worker = f"/applicants/{application['id']}/telephone", application["worker_id"]
    consents = f"/v1/workers/{worker}/consents"
    problem(own.post(path), 409, "telephone-not-told")
    made(own.post(f"/applicants/{application['id']}/offer"))
    consent = made(west.post(consents, json={"purpose": "employer", "employer_id": own.number}))
    assert not own.get(f"/applicants/{application['id']}")["may_ask_telephone"]
    problem(own.post(path), 409, "telephone-not-told")
    made(west.post(f"/v1/applications/{application['id']}/accept"))
    assert own.get(f"/applicants/{application['id']}")["may_ask_telephone"]
    assert made(own.post(path)) == {"telephone": "+8610000000077"}
    rows = session_as("zhenba").exec(select(Disclosure).where(Disclosure.reason == "contact")).all()
    assert [(row.worker_id, row.consent_id, row.fields) for row in rows] == [
        (worker, consent["id"], ["name", "phone"])
    ]
    [told, _] = made(west.get(f"/v1/workers/{worker}/disclosures"))
    assert told["reason"]["label"] == "录用后联系本人到岗" and told["told_by"] == "厂里的人"
    made(west.post(f"{consents}/withdraw", json={"purpose": "employer", "employer_id": own.number}))
    problem(own.post(path), 409, "telephone-not-told")


def test_a_no_that_was_a_slip_is_taken_back_on_its_day(
    own: Factory, west: TestClient, on: Callable[[str], None], session_as: SessionAs
) -> None:
    post = own.vacancy(seats=5)["id"]
    first, second = (own.applicant(post, name=f"应聘{each}") for each in "甲乙")
    number = first["id"]
    problem(own.post(f"/applicants/{number}/undo"), 409, "refusal-stands")
    made(own.post(f"/applicants/{number}/shortlist"))
    made(own.post(f"/applicants/{number}/refuse", {"reason": "skills"}))
    assert own.get(f"/applicants/{number}")["may_undo"]
    back = made(own.post(f"/applicants/{number}/undo", headers={"Idempotency-Key": "u"}))
    assert (back["state"]["code"], back["reason"], back["answered_on"]) == ("shortlisted", None, "2021-09-20")
    problem(own.post(f"/applicants/{number}/undo"), 409, "refusal-stands")
    seen = made(west.get(f"/v1/applications/{number}"))
    assert (seen["state"]["code"], seen["side"]) == ("shortlisted", None)
    # One that was never answered waits again.
    made(own.post(f"/applicants/{second['id']}/refuse", {"reason": "skills"}))
    assert made(own.post(f"/applicants/{second['id']}/undo"))["answered_on"] is None
    assert own.get("/applicants", waiting=True)["total"] == 2
    # Not on another day; not where something came since; not a bureau's.
    made(own.post(f"/applicants/{number}/refuse", {"reason": "skills"}))
    on("2021-09-21")
    problem(own.post(f"/applicants/{number}/undo"), 409, "refusal-stands")
    on("2021-09-20")
    told = {"worker_id": first["worker_id"], "vacancy_id": own.vacancy()["id"]}
    made(west.post("/v1/applications", json=told))
    problem(own.post(f"/applicants/{number}/undo"), 409, "refusal-stands")
    body = {"reason": "skills", "side": "employer"}
    made(west.post(f"/v1/applications/{second['id']}/refuse", json=body))
    problem(own.post(f"/applicants/{second['id']}/undo"), 409, "refusal-stands")
    with pytest.raises(DBAPIError), session_as(own.username).begin_nested() as refused:
        refused.session.connection().execute(
            text(f"UPDATE application SET state = 'proposed' WHERE id = {number}")
        )


def test_nobody_waits_of_whom_it_may_not_be_told(
    own: Factory, west: TestClient, on: Callable[[str], None]
) -> None:
    post = own.vacancy(seats=5, valid_until="2022-06-30")["id"]
    person = own.applicant(post)["worker_id"]
    told = {"purpose": "employer", "employer_id": own.number, "until": "2021-09-30"}
    made(west.post(f"/v1/workers/{person}/consents", json=told))
    works = own.hand(name="在岗的")["worker_id"]
    made(west.post(f"/v1/workers/{works}/consents", json=told))
    me = own.get("/me")
    assert (me["applicants_waiting"], me["at_work"], me["roster_due"]) == (1, 1, True)
    opened = made(own.post("/rosters"))
    on("2021-10-10")
    me = own.get("/me")
    assert (me["applicants_waiting"], me["at_work"], me["roster_due"]) == (0, 0, False)
    assert me["responsiveness"]["asked"] == 1, "she who began; the other could not be answered"
    assert own.get("/applicants", waiting=True)["total"] == 0
    assert own.get("/vacancies")["items"][-1]["waiting"] == 0
    # A roster on which nobody is left is confirmed all the same.
    confirmed = made(own.post(f"/rosters/{opened['id']}/confirm", {"lines": []}))
    assert (confirmed["at_work"], confirmed["left"]) == (0, 0)


def test_an_account_without_a_role_has_no_door(own: Factory, session_as: SessionAs) -> None:
    session_as("east-warden").connection().execute(
        text("DELETE FROM account_binding WHERE employer_id = :own"), {"own": own.number}
    )
    assert own.client.get("/v1/me").status_code == 200
    for path in ("/v1/vacancies", "/v1/employers", "/v1/regions", "/employer/v1/me"):
        problem(own.client.get(path), 403, "not-allowed")


def test_who_refuses_or_is_only_stored_is_told_of_no_more(
    own: Factory, west: TestClient, session_as: SessionAs
) -> None:
    post = own.vacancy(seats=9)["id"]
    no, away, stays = (own.applicant(post, name=f"某{each}") for each in ("拒绝", "封存", "还在"))
    told = {"purpose": "employer", "employer_id": own.number}
    made(west.post(f"/v1/workers/{no['worker_id']}/consents/withdraw", json=told))
    session_as("zhenba").connection().execute(
        text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": away["worker_id"]}
    )
    listed = {each["id"]: each for each in own.get("/applicants")["items"]}
    assert set(listed) == {no["id"], stays["id"]}
    assert listed[no["id"]]["person"] is None and listed[no["id"]]["answers"] == []
    assert listed[no["id"]]["reason"] is None, "why she withdrew is hers"
    assert own.client.get(f"/employer/v1/applicants/{away['id']}").status_code == 404
    assert own.post(f"/applicants/{away['id']}/offer").status_code == 404
    problem(own.post(f"/applicants/{no['id']}/offer"), 409, "consent-withdrawn")
    # Of whom no row says that the employer was told, it is told nothing: an exchange folder brings such.
    session = session_as("zhenba")
    row = Application(
        worker_id=stays["worker_id"], vacancy_id=post, applied_on=TODAY, state=ApplicationState.EXPIRED
    )
    session.add(row)
    session.commit()
    assert own.client.get(f"/employer/v1/applicants/{row.id}").status_code == 404


# --- the roster ----------------------------------------------------------------------------------------------------


def test_a_roster_is_opened_confirmed_and_becomes_evidence(
    own: Factory, west: TestClient, session_as: SessionAs
) -> None:
    problem(own.post("/rosters"), 409, "nobody-at-work")
    stays, leaves, refuses = (own.hand(name=f"在岗{each}") for each in "甲乙丙")
    told = {"purpose": "employer", "employer_id": own.number}
    made(west.post(f"/v1/workers/{refuses['worker_id']}/consents/withdraw", json=told))
    before = session_as("zhenba").connection().scalar(text("SELECT count(*) FROM disclosure"))
    assert own.get("/me")["roster_due"] and own.get("/rosters")["items"] == []
    opened = made(own.post("/rosters", headers={"Idempotency-Key": "r"}))
    assert (opened["month"], opened["people"], opened["confirmed_on"]) == ("2021-09-01", 2, None)
    assert made(own.post("/rosters"))["id"] == opened["id"], "one a month"
    rows = session_as("zhenba").exec(select(Disclosure).where(Disclosure.roster_id == opened["id"])).all()
    assert {row.worker_id for row in rows} == {stays["worker_id"], leaves["worker_id"]}
    assert {(row.basis.value, *row.fields) for row in rows} == {("contract", "home", "name", "post", "sex")}
    roster = own.get(f"/rosters/{opened['id']}")
    after = session_as("zhenba").connection().scalar(text("SELECT count(*) FROM disclosure"))
    assert after == before + 2, "to look at what one was told of tells nothing new"
    lines = {line["name"]: line for line in roster["lines"]}
    assert set(lines) == {"在岗甲", "在岗乙"} and lines["在岗甲"]["post"] == "平车工"
    path = f"/rosters/{opened['id']}/confirm"
    at_work = {"spell_id": stays["spell_id"], "found": "at_work"}
    gone = {
        "spell_id": leaves["spell_id"],
        "found": "not_at_work",
        "left_on": "2021-09-15",
        "reason": "family",
    }
    for lines_told in (
        [at_work],
        [at_work, gone, at_work],
        [at_work, gone, {"spell_id": refuses["spell_id"], "found": "at_work"}],
        [at_work, {**gone, "left_on": None}],
        [at_work, {**gone, "left_on": "2021-09-09"}],
        [at_work, {**gone, "left_on": "2021-09-21"}],
        [at_work, {**gone, "reason": "mistaken"}],
        [{**at_work, "reason": "family"}, gone],
    ):
        assert own.post(path, {"lines": lines_told}).status_code == 422, lines_told
    assert own.get(f"/rosters/{opened['id']}")["confirmed_on"] is None
    told = made(own.post(path, {"lines": [at_work, gone]}))
    assert (told["at_work"], told["left"], told["unknown"]) == (1, 1, 0)
    problem(own.post(path, {"lines": [at_work, gone]}), 409, "roster-confirmed")
    # A slip is taken back on its day, with the evidence that it made, and the roster confirmed anew.
    before = made(west.get(f"/v1/spells/{stays['spell_id']}"))["observed_until"]
    undo = f"/rosters/{opened['id']}/undo"
    assert made(own.post(undo))["confirmed_on"] is None
    assert session_as("zhenba").exec(select(Evidence).where(Evidence.source == EMPLOYERS_WORD)).all() == []
    assert made(west.get(f"/v1/spells/{stays['spell_id']}"))["observed_until"] != before
    problem(own.post(undo), 409, "roster-stands")
    made(own.post(path, {"lines": [at_work, gone]}))
    # What it says unsealed is D, from the day of starting on; and carries the observation.
    session = session_as("zhenba")
    [proof] = session.exec(select(Evidence).where(Evidence.source == EMPLOYERS_WORD)).all()
    assert (proof.spell_id, proof.grade) == (stays["spell_id"], EvidenceGrade.D)
    assert (f"{proof.covers_from}", f"{proof.covers_to}") == ("2021-09-10", "2021-09-20")
    assert made(west.get(f"/v1/spells/{stays['spell_id']}"))["observed_until"] == "2021-09-20"
    # The record stays; the home county is shown that the employer says otherwise, on which day and why.
    assert made(west.get(f"/v1/spells/{leaves['spell_id']}"))["ended_on"] is None
    [waits] = made(west.get("/v1/confirmations", params={"differs": True}))["items"]
    [finding] = waits["findings"]
    assert (waits["name"], finding["side"]["code"]) == ("在岗乙", "employer")
    assert (finding["left_on"], finding["reason"]["code"]) == ("2021-09-15", "family")
    ended = {"ended_on": "2021-09-15", "leave_reason": "family"}
    made(west.post(f"/v1/spells/{leaves['spell_id']}/end", json=ended))
    assert made(west.get("/v1/confirmations", params={"differs": True}))["items"] == []
