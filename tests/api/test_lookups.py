"""Look-ups by ID number: so many a day by one account, and its administrator learns when it is more."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text

from api.app import create_app
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.settings import Environment, Settings
from api.worker.working import work_off
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

from .conftest import client_of


class Desk:
    """A service whose transactions commit: what is counted outlives a refusal."""

    def __init__(self, app: FastAPI, owner: str) -> None:
        self.app, self.owner = app, owner
        self.west, self.warden = (client_of(app, app.state.sessions, name) for name in ("zhenba", "warden"))
        self.asked = 0

    def person(self, **told: Any) -> Any:
        self.asked += 1
        number = demo_id_number(date(1980, 2, 3), 500_000 + self.asked, Sex.MALE)
        return self.west.post(
            "/v1/workers", json={"name": "甲", "region": "610728", "id_number": number} | told
        )

    def alarms(self) -> list[tuple[str, str]]:
        events = self.warden.get("/v1/accounts/events", params={"alarms": True}).json()["items"]
        return [(event["words"], event["account"]) for event in events]


@pytest.fixture
def desk(clone: Callable[[str], Any], keyring: Keyring, tmp_path: Any) -> Iterator[Desk]:
    database = clone("lookups")
    engine = create_engine(database.service)
    settings = Settings(
        environment=Environment.DEMONSTRATION, data_folder=tmp_path, lookups_a_day=4, lookups_in_files_a_day=5
    )
    sessions = audited(sessions_of(engine), keyring)
    yield Desk(create_app(settings, sessions=sessions, keyring=keyring), database.owner)
    engine.dispose()


def test_asking_after_many_numbers_is_refused_and_told(desk: Desk) -> None:
    first = desk.person()
    assert first.status_code == 201
    known = demo_id_number(date(1980, 2, 3), 500_001, Sex.MALE)
    assert desk.person(id_number=known).status_code == 409, "a refusal counts as well"
    assert desk.person(region="610723").status_code == 403
    path, version = f"/v1/workers/{first.json()['id']}", {"If-Match": f'"{first.json()["version"]}"'}
    wrong = {"id_number": "1", "reason": "mistyped"}
    assert desk.west.post(f"{path}/correct-id-number", json=wrong, headers=version).status_code == 422
    assert desk.alarms() == []
    for _ in range(2):
        answer = desk.person()
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-lookups")
    assert desk.alarms() == [("按证件号码查询过多", "zhenba")], "once a day"
    assert desk.person(id_number=None).status_code == 201, "whoever asks after no number goes on"
    with owner_connection(desk.owner) as owner:
        owner.execute(text("UPDATE number_lookup SET day = day - 1"))
    assert desk.person().status_code == 201, "the next day begins anew"


def test_a_line_that_is_mended_asks_after_its_number_too(desk: Desk) -> None:
    line = f"姓名,证件号码,联系电话\n某人,{demo_id_number(date(1982, 5, 6), 1, Sex.MALE)},12"
    file = {"file": ("甲.csv", line.encode("utf-8-sig"))}
    sent = desk.west.post("/v1/imports", files=file, data={"kind": "roster", "kept_by": "610728001"})
    work_off(desk.app.state.sessions, desk.app.state.keyring, desk.app.state.settings)
    path = f"/v1/imports/{sent.json()['id']}/lines/1"
    codes = []
    for each in range(5):
        number = demo_id_number(date(1982, 5, 6), 10 + each, Sex.MALE)
        codes.append(desk.west.patch(path, json={"cells": {"id_number": number}}).status_code)
    assert codes == [200, 200, 200, 200, 429]
    assert desk.alarms() == [("按证件号码查询过多", "zhenba")]


def test_files_of_people_are_counted_by_their_rows(desk: Desk) -> None:
    def sent(first: int, rows: int) -> str:
        numbers = (demo_id_number(date(1981, 4, 5), first + each, Sex.MALE) for each in range(rows))
        lines = ["姓名,证件号码", *(f"某人,{number}" for number in numbers)]
        file = {"file": (f"{first}.csv", "\n".join(lines).encode("utf-8-sig"))}
        told = {"kind": "roster", "kept_by": "610728001"}
        answer = desk.west.post("/v1/imports", files=file, data=told)
        assert answer.status_code == 202, answer.text
        work_off(desk.app.state.sessions, desk.app.state.keyring, desk.app.state.settings)
        shown = desk.west.get(f"/v1/imports/{answer.json()['id']}").json()
        return f"{shown['state']['code']} {shown['message']}".strip()

    assert sent(1, 4) == "ready"
    assert sent(100, 2).startswith("failed 今天用文件核对的人数已到上限")
    assert desk.alarms() == [("按证件号码查询过多", "zhenba")]
    assert desk.person().status_code == 201, "by hand it is counted apart"
