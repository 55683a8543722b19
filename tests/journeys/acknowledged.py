"""Clients that are never killed: they repeat each command until it is answered, and write down what was acknowledged."""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import httpx
from sqlalchemy import Connection, text

from api.keeping.invariants import broken_invariants
from models.id_number import demo_id_number
from models.worker import Sex

from .roster import workbook

SCHOOLINGS = ("primary", "junior_high", "senior_high", "bachelor")
ROWS_OF_A_FILE = 30
OURS = "JOIN worker w ON w.id = a.worker_id AND w.name = '测试甲'"
"""Of those whom the clients registered one by one; who came with a file has work that the file told of."""

_numbers = count(1)


@dataclass
class Acknowledged:
    """What the clients were told is done."""

    workers: dict[int, str] = field(default_factory=dict)
    """Their schooling as it was last acknowledged."""
    put_forward: set[int] = field(default_factory=set)
    started: dict[int, int] = field(default_factory=dict)
    """Application to person."""
    refused: set[int] = field(default_factory=set)
    """Applications whose start was refused for want of a seat."""
    ended: set[int] = field(default_factory=set)
    """Applications whose work has ended."""
    files: dict[int, int] = field(default_factory=dict)
    """Files that are in, and how many people each brought."""
    answers: int = 0
    commands: int = 0
    again: int = 0
    """How often a command had to be sent once more."""


class Client:
    """Sends each command until it is answered, under one key."""

    def __init__(
        self, url: str, authorization: str, told: Acknowledged, seed: int, *, loses: float = 0.0
    ) -> None:
        """`loses`: the share of answers that never reach it, half of them because it hangs up at once."""
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": authorization}, timeout=20, trust_env=False
        )
        self._loses = loses
        self.told, self.dice = told, random.Random(seed)  # noqa: S311 - no secrets

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        file: bytes | None = None,
        patience: float = 90,
        **headers: str,
    ) -> httpx.Response:
        """The answer, which is none of ours that says to try again later. With a `file` the body is a form's fields."""
        key = {"Idempotency-Key": str(uuid.UUID(int=self.dice.getrandbits(128)))} if method == "POST" else {}
        sent: dict[str, Any] = (
            {"json": body} if file is None else {"data": body, "files": {"file": ("名单.xlsx", file)}}
        )
        give_up = time.monotonic() + patience
        while True:
            lost = self.dice.random() < self._loses
            impatient = httpx.Timeout(20, read=0.001) if lost and self.dice.random() < 0.5 else 20
            with suppress(httpx.TransportError):
                answer = self._http.request(method, path, headers=key | headers, timeout=impatient, **sent)
                assert answer.status_code in (*range(500), 503), (path, answer.status_code, answer.text)
                if answer.status_code < 500 and not lost:
                    self.told.answers += 1
                    self.told.commands += method != "GET"
                    return answer
            assert time.monotonic() < give_up, f"{method} {path} is never answered"
            self.told.again += 1
            time.sleep(0.0 if lost else 0.2)

    def close(self) -> None:
        self._http.close()


def post(east: httpx.Client) -> int:
    """A vacancy with few seats."""
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


def live(client: Client, posts: list[int]) -> None:
    """One person: registered, corrected, put forward, begun, and now and then gone again."""
    told, dice = client.told, client.dice
    number = demo_id_number(date(1985, 3, 15), next(_numbers), Sex.FEMALE)
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
        assert put.json()["type"] == "/problems/no-seat-left", put.text
        return
    assert put.status_code == 201, put.text
    application = int(put.json()["id"])
    told.put_forward.add(application)
    begun = client.send("POST", f"/v1/applications/{application}/start", {})
    if begun.status_code == 409:
        assert begun.json()["type"] == "/problems/no-seat-left", begun.text
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


def bring_in(client: Client) -> None:
    """A file of people: read, looked at and put into the ledger."""
    first = 40_000 + 10 * len(client.told.files)
    kept = {"kept_by": "610728"}
    sent = client.send("POST", "/v1/imports", kept, file=workbook(first, ROWS_OF_A_FILE))
    assert sent.status_code == 202, sent.text
    where, give_up = f"/v1/imports/{sent.json()['id']}", time.monotonic() + 120
    while True:
        state = client.send("GET", where).json()["state"]["code"]
        if state == "applied":
            client.told.files[sent.json()["id"]] = ROWS_OF_A_FILE
            return
        assert state != "failed" and time.monotonic() < give_up, state
        if state == "ready":
            asked = client.send("POST", f"{where}/apply")
            assert asked.status_code in (200, 202, 409), asked.text
        time.sleep(0.1)


@contextmanager
def at_work(*jobs: Callable[[], None]) -> Iterator[None]:
    """Each job over and over in a thread of its own as long as the block lasts; what went wrong in one is raised."""
    ending = threading.Event()
    wrong: list[BaseException] = []

    def go(job: Callable[[], None]) -> None:
        while not ending.is_set() and not wrong:
            try:
                job()
            except BaseException as error:  # the thread ends, and with it the test
                wrong.append(error)

    threads = [threading.Thread(target=go, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join(120)
    if wrong:
        raise wrong[0]


def require_kept(connection: Connection, told: Acknowledged) -> None:
    """Everything that was acknowledged is there, once, nothing else is, and every promise of the data holds."""

    def rows(statement: str) -> list[Any]:
        return list(connection.execute(text(statement)))

    came = rows("SELECT import_id, count(*) FROM import_line WHERE status = 'new' GROUP BY import_id")
    assert {row[0]: row[1] for row in came} == told.files
    brought = rows("SELECT id, name FROM worker WHERE name LIKE '试%'")
    assert len(brought) == sum(told.files.values()), "each of a file's people once"
    workers = {
        row.id: row.education for row in rows("SELECT id, education FROM worker WHERE name = '测试甲'")
    }
    assert workers == told.workers, "each person once, as last acknowledged"
    applications = {
        row.id: row for row in rows(f"SELECT a.id, a.state, a.worker_id FROM application a {OURS}")
    }
    assert applications.keys() >= told.put_forward
    began = {number for number, row in applications.items() if row.state == "started"}
    assert began == told.started.keys()
    assert told.refused == told.put_forward - told.started.keys()
    gone = {told.started[number] for number in told.ended}
    for number in applications.keys() - told.put_forward:  # the worker's proposals to who has left
        assert (applications[number].state, applications[number].worker_id in gone) == ("proposed", True)
    spells = rows(
        f"SELECT application_id, worker_id, ended_on FROM employment_spell a {OURS} WHERE superseded_at IS NULL"
    )
    assert {row.application_id: row.worker_id for row in spells} == told.started
    assert len(spells) == len(told.started)
    assert {row.application_id for row in spells if row.ended_on is not None} == told.ended
    assert broken_invariants(connection) == []
    assert told.started and told.ended and told.again
