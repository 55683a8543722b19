"""变更记录: the record as it was at every step, by undoing what came after."""

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from ledger.past import Past, events_of, worker_as_of
from models.base import now
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

SessionAs = Callable[[str], Session]


class Story:
    """Edits of one person at random, and what the record was after each."""

    def __init__(self, west: TestClient, session: Session, keyring: Keyring, world: Any, seed: int) -> None:
        self.west, self.session, self.keyring, self.random = west, session, keyring, random.Random(seed)  # noqa: S311 - a story that is told again
        self.world = world
        self.homes = [world.household()["id"] for _ in range(2)]
        self.worker: int = world.worker(household_id=self.homes[0])["id"]
        self.kept: list[tuple[datetime, Past]] = []
        self.keep()

    def look(self, at: datetime) -> Past | None:
        self.session.expire_all()
        past = worker_as_of(self.session, self.keyring, self.worker, at, masked=False)
        if past is not None:
            past.at = datetime.min
        return past

    def keep(self) -> None:
        at = now()
        past = self.look(at)
        assert past is not None
        self.kept.append((at, past))

    def patch(self, path: str, body: dict[str, Any]) -> None:
        etag = self.west.get(path).headers["ETag"]
        answer = self.west.patch(path, json=body, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text

    def edit(self) -> None:
        pick = self.random
        person = f"/v1/workers/{self.worker}"
        change = pick.choice(
            ["facts", "phone", "skills", "intention", "home", "household", "report", "reverse"]
        )
        if change == "facts":
            self.patch(
                person,
                {
                    "name": pick.choice(["测试甲", "测试乙"]),
                    "education": pick.choice(["junior_high", "primary", None]),
                    "ethnicity": pick.choice(["汉族", "苗族", None]),
                },
            )
        elif change == "phone":
            self.patch(person, {"phone": pick.choice(["10000000011", "10000000012", None])})
        elif change == "skills":
            skills = {
                name: pick.choice([1, 3, None]) for name in ("平车", "包装", "电焊") if pick.random() < 0.5
            }
            self.patch(person, {"skills": skills})
        elif change == "intention":
            self.patch(
                person,
                {
                    "intention": {
                        "wants": pick.choice(["out", "near_home"]),
                        "accepted_regions": pick.choice([[], ["320612"], ["320612", "441302"]]),
                        "pay_floor": pick.choice([None, 4000]),
                    }
                },
            )
        elif change == "home":
            self.patch(person, {"household_id": pick.choice([*self.homes, None])})
        elif change == "household":
            periods = [
                {"category": name, "from_on": "2020-01-01", "to_on": pick.choice([None, "2021-01-01"])}
                for name in ("marginal", "relieved")
                if pick.random() < 0.6
            ]
            path = f"/v1/households/{pick.choice(self.homes)}"
            self.patch(path, {"relocated": pick.choice([True, False, None]), "hardship": periods})
        elif change == "report":
            body = {
                "working": True,
                "started": f"2021-0{pick.randint(1, 8)}-01",
                "employer": pick.choice(["甲厂", "乙厂"]),
                "region": "320612",
            }
            if pick.random() < 0.6:
                body["ended"] = body["started"]
            assert self.west.post(f"{person}/reports", json=body).status_code == 201
        else:
            shown = self.west.get("/v1/reports", params={"worker_id": self.worker}).json()["items"]
            decided = [each["id"] for each in shown if each["decision"]]
            if decided:
                answer = self.west.post(f"/v1/reports/{pick.choice(decided)}/reverse")
                assert answer.status_code in (200, 409), answer.text


@pytest.mark.parametrize("seed", range(2))
def test_the_record_at_every_step(
    west: TestClient, session_as: SessionAs, keyring: Keyring, world: Any, seed: int
) -> None:
    story = Story(west, session_as("zhenba"), keyring, world, seed)
    begun = story.kept[0][0]
    for _ in range(12):
        story.edit()
        story.keep()
    for at, past in story.kept:
        found = story.look(at)
        assert found == past and found.complete
    created = story.session.connection().scalar(
        text("SELECT min(created_at) FROM audit_event WHERE worker_id = :id"), {"id": story.worker}
    )
    assert created < begun
    assert worker_as_of(story.session, keyring, story.worker, date(2021, 1, 1)) is None


def test_steps_of_the_other_side_are_undone_too(
    west: TestClient, east: TestClient, world: Any, session_as: SessionAs, keyring: Keyring
) -> None:
    application = world.application()
    session, worker = session_as("zhenba"), application["worker_id"]
    before = now()
    assert east.post(f"/v1/applications/{application['id']}/offer").status_code == 200
    offered = now()
    assert west.post(f"/v1/applications/{application['id']}/start", json={}).status_code == 200
    states = []
    for at in (before, offered, now()):
        past = worker_as_of(session, keyring, worker, at)
        assert past is not None
        states.append((past.applications[0]["state"], len(past.spells)))
    assert states == [("proposed", 0), ("offered", 0), ("started", 1)]


def test_a_mended_number_can_be_traced_and_is_masked(
    west: TestClient, world: Any, session_as: SessionAs, keyring: Keyring
) -> None:
    number = demo_id_number(date(1990, 1, 1), 123_456, Sex.MALE)
    worker = world.worker(id_number=number, phone="10000000021")
    etag = {"If-Match": f'"{worker["version"]}"'}
    assert west.patch(f"/v1/workers/{worker['id']}", json={"phone": "10000000022"}, headers=etag).is_success
    session = session_as("zhenba")
    clear = [event.fields or {} for event in events_of(session, keyring, worker["id"], masked=False)]
    assert ("+8610000000021", "+8610000000022") in [fields.get("phone") for fields in clear]
    shown = [event.fields or {} for event in events_of(session, keyring, worker["id"])]
    assert number not in str(shown) and "10000000021" not in str(shown)
    assert ("100****0021", "100****0022") in [fields.get("phone") for fields in shown]


def test_without_the_key_nothing_is_told(
    west: TestClient, world: Any, session_as: SessionAs, keyring: Keyring
) -> None:
    worker = world.worker()["id"]
    session = session_as("zhenba")
    events = events_of(session, Keyring.of_secret(b"another secret, of another installation!"), worker)
    assert events and all(event.fields is None for event in events)


def test_the_history_over_rest(west: TestClient, world: Any, clerk: Callable[[str], TestClient]) -> None:
    home = world.household()["id"]
    worker = world.worker(household_id=home)
    path = f"/v1/workers/{worker['id']}"
    etag = {"If-Match": f'"{worker["version"]}"'}
    assert west.patch(path, json={"education": "college", "phone": "10000000023"}, headers=etag).is_success
    assert west.post(f"{path}/reports", json={"started": "2021-03-01", "ended": "2021-05-01"}).is_success
    whole = west.get(f"{path}/history").json()
    assert whole["total"] == len(whole["items"]) and whole["next_cursor"] is None
    nouns = {each["noun"]["label"] for each in whole["items"]}
    assert nouns >= {"基本情况", "技能", "就业意愿", "户信息", "帮扶类别", "上报", "上报的处理"}
    edits = [
        each
        for each in whole["items"]
        if (each["noun"]["code"], each["action"]["code"]) == ("worker", "update")
    ]
    assert {edit["account"] for edit in edits} == {"zhenba"}
    assert {
        each["field"]["label"]: (each["before"], each["after"]) for edit in edits for each in edit["fields"]
    } == {"文化程度": ("初中", "大专"), "联系电话": ("100****0001", "100****0023")}
    items: list[Any] = []
    cursor = None
    while True:
        page = west.get(
            f"{path}/history", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        ).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert items == whole["items"]
    past = west.get(f"{path}/as-of/2099-01-01").json()
    assert (past["worker"]["education"], past["household"]["id"]) == ("college", home)
    assert worker["id_number"] == past["worker"]["id_number"] and "*" in worker["id_number"]
    assert west.get(f"{path}/as-of/2020-01-01").status_code == 404
    assert west.get(f"/v1/households/{home}/history").json()["total"] == 2
    assert west.get(f"/v1/households/{home}/as-of/2099-01-01").json()["hardship"][0]["category"] == "marginal"
    for username in ("yangxian", "nobody"):
        assert clerk(username).get(f"{path}/history").status_code in (403, 404)
        assert clerk(username).get(f"{path}/as-of/2099-01-01").status_code in (403, 404)
