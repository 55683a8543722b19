"""What an employer never sees: hardship, disability, numbers, another employer's rows; whatever a query says."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.door_documents import EMPLOYERS
from models.registry import metadata
from models.security import BY_REGION, SHARED

from .conftest import World, made
from .employer_door import Factory, factories

SessionAs = Callable[[str], Session]


@pytest.fixture
def factory(app: FastAPI, sessions: Any, world: World, session_as: SessionAs) -> Callable[..., Factory]:
    return factories(app, sessions, world, session_as)


@pytest.fixture
def own(factory: Callable[..., Factory]) -> Factory:
    return factory()


def test_no_answer_tells_of_hardship_disability_or_a_number(
    app: FastAPI, own: Factory, world: World, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    home = world.household(number="户号不可说")["id"]
    marked = {"household_id": home, "disability_grade": 2, "phone": "10000000099", "ethnicity": "土家族"}
    post = own.vacancy(seats=9, valid_from="2021-01-01")["id"]
    people = [own.applicant(post, name=f"标记{each}", **marked) for each in "甲乙"]
    made(west.post(f"/v1/applications/{people[1]['id']}/start", json={"started_on": "2021-09-10"}))
    roster = made(own.post("/rosters"))["id"]
    numbers = {
        made(west.get(f"/v1/workers/{each['worker_id']}"))["birth_date"]: each["worker_id"] for each in people
    }
    secrets = ("户号不可说", "10000000099", "0000099", "marginal", "边缘易致贫", "disab", "残疾等级", "hardship",
               "household", "土家族", "id_number", "ethnicity", "birth", "1985-03", "19850315", *numbers)  # fmt: skip
    filled = {"vacancy_id": post, "application_id": people[0]["id"], "roster_id": roster}
    told, walked = "", 0
    desk = visitor(own.username)
    for route in app.routes:
        if not isinstance(route, APIRoute) or route.path.split("/")[1] != "employer":
            continue
        path = route.path.format(**filled | {"step": "offer", "command": "refresh"})
        if path.endswith(("openapi.json", "/docs", "/telephone", "/close")):
            continue
        method = min(route.methods)
        rest = path.startswith(EMPLOYERS.prefix)
        if method == "GET":
            answer = (own.client if rest else desk.client).get(path)
        elif rest:
            answer = own.client.request(method, path, json={"reason": "skills"}, headers={"If-Match": '"1"'})
        else:
            answer = desk.post(path, title="平车工")
        assert answer.status_code < 500, (path, answer.text)
        walked += 1
        told += answer.text
        for secret in secrets:
            assert secret not in answer.text, (path, secret)
    assert walked > 25 and "标记甲" in told and "标记乙" in told
    for worker in numbers.values():
        number = west.get(f"/v1/workers/{worker}").json()["id_number"]
        assert number not in told and number[:6] + number[-4:] not in told


def test_another_employers_rows_are_not_there(
    own: Factory, factory: Callable[..., Factory], session_as: SessionAs
) -> None:
    other = factory("lin", "测试邻厂")
    post = own.vacancy(seats=9)["id"]
    application = own.applicant(post)["id"]
    own.hand()
    roster = made(own.post("/rosters"))["id"]
    for path in (f"/vacancies/{post}", f"/applicants/{application}", f"/rosters/{roster}"):
        assert other.client.get(f"/employer/v1{path}").status_code == 404, path
    for path in (
        f"/vacancies/{post}/publish", f"/vacancies/{post}/close", f"/applicants/{application}/offer",
        f"/applicants/{application}/shortlist", f"/applicants/{application}/telephone",
    ):  # fmt: skip
        assert other.post(path).status_code == 404, path
    assert other.post(f"/vacancies/{post}/refresh", {}).status_code == 404
    assert other.post(f"/applicants/{application}/refuse", {"reason": "skills"}).status_code == 404
    line = {"lines": [{"spell_id": 1, "found": "at_work"}]}
    assert other.post(f"/rosters/{roster}/confirm", line).status_code == 404
    for noun in ("vacancies", "applicants", "rosters"):
        assert other.get(f"/{noun}")["items"] == []
    assert other.get("/staying")["months"] == []
    # Whatever a query says: of all tables what is its own, and where there is nothing of its own, nothing.
    connection = session_as(other.username).connection()
    seen = {
        table
        for table in (*BY_REGION, *SHARED, "audit_event")
        if connection.scalar(text(f'SELECT count(*) FROM "{table}"'))
    }
    assert seen == {"employer", "account", "account_binding", "access_token", "token_use"}
    mine = session_as(own.username).connection()
    assert mine.scalar(text("SELECT count(*) FROM employer")) == 1
    assert {
        table
        for table in (*BY_REGION, *SHARED, "audit_event")
        if mine.scalar(text(f'SELECT count(*) FROM "{table}"'))
    } == seen | {"vacancy", "application", "employment_spell", "employer_roster"}


def test_a_setting_alone_opens_nothing(own: Factory, session_as: SessionAs) -> None:
    own.applicant()
    own.hand()
    session = session_as("nobody")
    session.connection().execute(
        text("SELECT set_config('app.employer', :id, true)"), {"id": str(own.number)}
    )
    for table in ("employer", "vacancy", "application", "employment_spell", "employer_roster"):
        assert session.connection().scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
    told = text(
        "SELECT count(*) FROM applicants_told(ARRAY(SELECT generate_series(1::bigint, 9999)), '2021-09-20')"
    )
    assert session.connection().scalar(told) == 0


def test_it_writes_in_no_table_that_is_not_its_own(own: Factory, session_as: SessionAs) -> None:
    """By the catalogue: a table that is new is closed to it."""
    connection = session_as(own.username).connection()
    open_to_it = {"vacancy", "application", "application_event", "employment_spell", "spell_confirmation", "evidence",
                  "employer_roster", "employer"}  # fmt: skip
    closed = connection.execute(
        text(
            "SELECT tablename, qual FROM pg_policies WHERE policyname = 'of_an_employer' AND permissive = 'RESTRICTIVE'"
        )
    ).all()
    shut = {table for table, condition in closed if " OR " not in condition}
    accounts = {"access_token", "account", "account_binding", "idempotency_key", "login_attempt", "number_lookup",
                "second_factor", "token_use"}  # fmt: skip
    assert set(BY_REGION) | set(SHARED) == shut | open_to_it | accounts
    assert shut <= set(metadata.tables) and not shut & open_to_it
