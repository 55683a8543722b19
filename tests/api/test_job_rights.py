"""Jobs do what their account may do when they run: a right that was lost meanwhile ends them, and leaves nothing standing at work."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.jobs.needing import NEEDING
from api.jobs.running import JobFailed, Running
from api.rights import ALLOWED
from api.security import account_by_username
from models.account import Role

from .conftest import World, made
from .filing import Intake, away, workbook
from .planned import Planning

Bound = Callable[[list[tuple[str, str]]], None]
ROLES = [
    # The region is still the account's, the role is not; and the role is, in another region.
    [("administrator", "610728")],
    [("administrator", "610728"), ("county", "610723")],
]


def running(app: FastAPI, account_id: int, kind: str) -> Running:
    state = app.state
    return Running(1, account_id, {"region": "610728"}, state.sessions, state.keyring, state.settings, kind)


@pytest.fixture
def mine(session_as: Callable[[str], Session]) -> int:
    return account_by_username(session_as("zhenba"), "zhenba") or 0


@pytest.mark.parametrize("kind", NEEDING)
def test_every_transaction_of_a_job_asks_the_right_again(
    app: FastAPI, mine: int, bound: Bound, world: World, kind: str
) -> None:
    world.worker()
    seen = text("SELECT count(*) FROM worker")
    job = running(app, mine, kind)
    with job.transaction() as (session, caller):
        assert (caller.regions, session.connection().scalar(seen)) == (("610728",), 1)
    bound(ROLES[0])
    with pytest.raises(JobFailed, match="您的账号不能"), job.transaction():
        pytest.fail("it went on")
    bound(ROLES[1])
    with pytest.raises(JobFailed, match="在这个地区已没有"), job.transaction():
        pytest.fail("it went on")
    job.argument = {}
    with job.transaction() as (session, caller):
        assert (caller.regions, session.connection().scalar(seen)) == (("610723",), 0)
    assert set(NEEDING[kind]) <= ALLOWED[Role.COUNTY]


def test_a_role_that_waits_for_a_second_factor_does_no_jobs(app: FastAPI, mine: int) -> None:
    app.state.settings = app.state.settings.model_copy(update={"second_factor_roles": (Role.COUNTY,)})
    with pytest.raises(JobFailed), running(app, mine, "plan.approve").transaction():
        pytest.fail("it went on")


@pytest.mark.parametrize("roles", ROLES)
def test_a_file_is_not_applied_by_who_may_not_any_more(
    west: TestClient, work: Callable[[], int], bound: Bound, roles: list[tuple[str, str]]
) -> None:
    intake = Intake(west, work)
    file = intake.checked(workbook([away(1), away(2)]))["id"]
    assert west.post(f"/v1/imports/{file}/apply").status_code == 202
    bound(roles)
    assert work() == 1
    bound([("county", "610728")])
    found = intake.read(file)
    assert (found["state"]["code"], found["counts"]["new"]) == ("ready", 2), "it can be applied by another"
    assert made(west.get("/v1/workers"))["total"] == 0
    [ended, *_] = made(west.get("/v1/jobs"))["items"]
    assert (ended["state"]["code"], ended["message"][:4]) == ("failed", "您的账号")
    assert west.post(f"/v1/imports/{file}/apply").status_code == 202
    work()
    assert made(west.get("/v1/workers"))["total"] == 2


@pytest.mark.parametrize("roles", ROLES)
def test_a_plan_is_not_approved_by_who_may_not_any_more(
    world: World,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    bound: Bound,
    roles: list[tuple[str, str]],
) -> None:
    planning = Planning(world, work, session_as)
    planning.people(3)
    planning.posts(5)
    plan = planning.plan()
    answer = world.west.post(
        f"/v1/match-plans/{plan['id']}/approve-all", headers={"If-Match": f'"{plan["version"]}"'}
    )
    assert answer.status_code == 202, answer.text
    bound(roles)
    work()
    bound([("county", "610728")])
    after: dict[str, Any] = planning.read(plan["id"])
    assert (after["state"]["code"], after["lines"].get("approved", 0)) == ("draft", 0)
    assert made(world.west.get("/v1/applications"))["total"] == 0
