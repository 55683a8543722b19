"""Server and database are killed at random moments; what was acknowledged is there, once, and every promise of the data holds."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from api.keeping.invariants import broken_invariants
from api.postgres import embedded
from api.postgres.reviving import kept_up
from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import logged_in
from .killing import Acknowledged, Client, Victim, at_work, kill_backend, kill_database

pytestmark = pytest.mark.server

PASSWORD = "right-horse-battery"
SECRET = b"a secret of the tests, of no other use"
SCHOOLINGS = ("primary", "junior_high", "senior_high", "bachelor")
_numbers = count(1)


@dataclass
class Scene:
    """The service over a cluster that keeps what it says is kept, and the tables as their owner sees them."""

    cluster: embedded.Cluster
    victim: Victim
    owner: Any
    posts: list[int]

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with self.owner.connect() as connection:
            return list(connection.execute(text(statement), values))


@pytest.fixture
def scene(
    fill: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("kills")
    with embedded.start(folder / "postgres") as cluster, kept_up(cluster):
        cluster.ensure_database("kills")
        fill(cluster.owner_url("kills"))
        victim = Victim(cluster.service_url("kills"), folder, SECRET)
        owner = create_engine(cluster.owner_url("kills"), pool_pre_ping=True)
        try:
            with closing(logged_in(victim.url, "tongzhou", PASSWORD)) as east:
                posts = [_post(east) for _ in range(60 if pytestconfig.getoption("--deep") else 20)]
            yield Scene(cluster, victim, owner, posts)
        finally:
            victim.end()
            owner.dispose()


def _post(east: Any) -> int:
    employer = east.post(
        "/v1/employers",
        json={"name": f"测试家纺{next(_numbers)}厂", "kind": "enterprise", "region": "320612"},
    ).json()
    made = east.post(
        "/v1/vacancies",
        json={
            "employer_id": employer["id"], "title": "平车工", "region": "320612", "seats": 4, "pay_min": 4500,
            "pay_max": 6500, "valid_until": "2021-12-31", "text": "负责家纺产品平车缝制，计件工资，包住。",
        },
    )  # fmt: skip
    assert east.post(f"/v1/vacancies/{made.json()['id']}/publish").status_code == 200
    return int(made.json()["id"])


def somebody(client: Client, posts: list[int]) -> None:
    """Registered, corrected, put forward, begun, and now and then gone again."""
    told, dice = client.told, client.dice
    number = demo_id_number(date(1985, 3, 15), 500_000 + next(_numbers), Sex.FEMALE)
    made = client.send("POST", "/v1/workers", {"name": "测试甲", "region": "610728001", "id_number": number})
    assert made.status_code == 201, made.text
    worker = int(made.json()["id"])
    told.workers[worker] = ""
    tag, schooling = client.send("GET", f"/v1/workers/{worker}").headers["ETag"], dice.choice(SCHOOLINGS)
    changed = client.send("PATCH", f"/v1/workers/{worker}", {"education": schooling}, **{"If-Match": tag})
    if changed.status_code == 412:  # done already, and the answer lost
        changed = client.send("GET", f"/v1/workers/{worker}")
    assert changed.status_code == 200, changed.text
    assert changed.json()["education"]["code"] == schooling
    told.workers[worker] = schooling
    put = client.send("POST", "/v1/applications", {"worker_id": worker, "vacancy_id": dice.choice(posts)})
    if put.status_code == 409:  # nobody is put forward where no seat is left
        return
    assert put.status_code == 201, put.text
    application = int(put.json()["id"])
    begun = client.send("POST", f"/v1/applications/{application}/start", {})
    if begun.status_code == 409:
        told.refused.add(application)
        return
    assert begun.status_code == 200, begun.text
    told.started[application] = worker
    if dice.random() < 0.5:
        [spell] = client.send("GET", f"/v1/spells?worker_id={worker}").json()["items"]
        ended = {"ended_on": "2021-09-20", "leave_reason": "family"}
        gone = client.send("POST", f"/v1/spells/{spell['id']}/end", ended)
        assert gone.status_code == 200, gone.text
        told.ended.add(application)


def test_what_was_acknowledged_outlives_every_kill(
    scene: Scene, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    kills = 300 if pytestconfig.getoption("--deep") else 30
    dice = random.Random(20_210_920)  # noqa: S311 - moments, no secrets
    with closing(logged_in(scene.victim.url, "zhenba", PASSWORD)) as west:
        authorization = west.headers["Authorization"]
    told = Acknowledged()
    clients = [Client(scene.victim.url, authorization, told, seed) for seed in range(4)]
    ways = [lambda *_: scene.victim.kill(), kill_database, kill_backend]
    with at_work(*(lambda client=client: somebody(client, scene.posts) for client in clients)):
        for number in range(kills):
            before, end = told.answers, time.monotonic() + 120
            while told.answers < before + 4:
                assert time.monotonic() < end, "nobody is answered any more"
                time.sleep(0.01)
            time.sleep(dice.random() * 0.2)
            ways[number % len(ways)](scene.cluster, dice)
    for client in clients:
        client.close()
    require_kept(scene, told)
    record_property("kills", kills)
    record_property("answers", told.answers)
    record_property("sent again", told.again)


def require_kept(scene: Scene, told: Acknowledged) -> None:
    workers = {row.id: row.education for row in scene.sql("SELECT id, education FROM worker")}
    assert workers == told.workers, "each person once, as last acknowledged"
    states = {row.id: row.state for row in scene.sql("SELECT id, state FROM application")}
    assert {number for number, state in states.items() if state == "started"} == told.started.keys()
    assert told.refused <= states.keys() - told.started.keys()
    spells = scene.sql(
        "SELECT application_id, worker_id, ended_on FROM employment_spell WHERE superseded_at IS NULL"
    )
    assert {row.application_id: row.worker_id for row in spells} == told.started
    assert len(spells) == len(told.started)
    assert {row.application_id for row in spells if row.ended_on is not None} == told.ended
    with scene.owner.connect() as connection:
        assert broken_invariants(connection) == []
    assert told.started and told.ended and told.again
