"""The same new people in two files, or in a file and at a desk, at the same moment: real transactions, each on a
connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

import api.intake.applying as applying
import ledger.intake.taking_in as taking_in
from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.settings import Environment, Settings
from api.worker.working import work_off, work_one
from tests.api.filing import Intake, away, number, workbook
from tests.api.test_identity_handover import logged_in

WEST, OTHER = "zhenba", "yangxian"
PLACE = {WEST: "610728", OTHER: "610723"}


@pytest.fixture(scope="module")
def busy(
    clone: Callable[[str], Any], keyring: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    engine = create_engine(clone("races").service, pool_size=20)
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    yield create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    engine.dispose()


def at_work(app: FastAPI, one: Callable[..., Any] = work_one) -> Any:
    return one(app.state.sessions, app.state.keyring, app.state.settings)


def desk(app: FastAPI, username: str) -> Intake:
    return Intake(logged_in(app, username), lambda: at_work(app, work_off))


def ready(intake: Intake, place: str, people: list[int]) -> int:
    """A checked file of these people, in this order; its number."""
    rows = [away(each, 户编号=f"{place}-{each}", 人编号=f"{place}-{each}") for each in people]
    found = intake.checked(workbook(rows))
    assert found["counts"] == {"lines": len(people), "new": len(people)}, found["counts"]
    return int(found["id"])


def ask(intake: Intake, file: int) -> None:
    assert intake.client.post(f"/v1/imports/{file}/apply").status_code == 202


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets as many files as are told have judged their first lines before any of them writes one."""

    def arm(parties: int) -> None:
        gate, own, judge = threading.Barrier(parties), threading.local(), taking_in.judge

        def judged(*told: Any) -> Any:
            found = judge(*told)
            if not getattr(own, "met", False):
                own.met = True
                with suppress(threading.BrokenBarrierError):
                    gate.wait(20)
            return found

        monkeypatch.setattr(taking_in, "judge", judged)

    return arm


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


@pytest.mark.parametrize("chunk", [2_000, 2])
@pytest.mark.parametrize("turn", range(3))
def test_two_counties_take_in_the_same_people(
    busy: FastAPI,
    together: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
    turn: int,
) -> None:
    monkeypatch.setattr("api.intake.applying._CHUNK", chunk)
    first = (100 if chunk == 2 else 0) + 10 * turn + 1
    people = list(range(first, first + 6))
    files = {
        WEST: ready(desk(busy, WEST), WEST, people),
        # The other way round: each has somebody for whom the other waits.
        OTHER: ready(desk(busy, OTHER), OTHER, people[::-1]),
    }
    for name, file in files.items():
        ask(desk(busy, name), file)
    together(2)
    assert at_once([lambda: at_work(busy)] * 2) == [True, True]
    found = {name: desk(busy, name).read(file) for name, file in files.items()}
    assert {each["state"]["code"] for each in found.values()} == {"applied"}, found
    counts = [each["counts"] for each in found.values()]
    assert sum(each.get("new", 0) for each in counts) == len(people)
    assert sum(each.get("elsewhere", 0) for each in counts) == len(people)
    everybody = {f"测试{each:03d}" for each in people}
    city = logged_in(busy, "hanzhong")
    names = [each["name"] for each in city.get("/v1/workers?limit=200").json()["items"]]
    assert sorted(name for name in names if name in everybody) == sorted(everybody)
    asked = [
        each
        for each in city.get("/v1/handovers?limit=200").json()["items"]
        if each["worker"]["name"] in everybody
    ]
    assert len(asked) == len(people)
    for name, file in files.items():
        lines = desk(busy, name).lines(file, limit=200)
        assert {line["status"]["code"] for line in lines} <= {"new", "elsewhere"}


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("username", [WEST, OTHER])
def test_registered_at_a_desk_after_the_file_was_judged(
    busy: FastAPI, monkeypatch: pytest.MonkeyPatch, username: str, turn: int
) -> None:
    """The file finds her then, as anybody would."""
    person = 200 + 10 * (username == OTHER) + turn
    intake = desk(busy, WEST)
    file = ready(intake, WEST, [person, person + 300])
    ask(intake, file)
    judge, seen, answered = taking_in.judge, threading.Event(), threading.Event()

    def judged(*given: Any) -> Any:
        found = judge(*given)
        if not seen.is_set():
            seen.set()
            assert answered.wait(30)
        return found

    monkeypatch.setattr(taking_in, "judge", judged)
    _, answer = at_once([lambda: at_work(busy), lambda: registered(busy, username, person, seen, answered)])
    assert answer.status_code == 201, answer.text
    done = intake.read(file)
    assert done["state"]["code"] == "applied", done
    status = "changed" if username == WEST else "elsewhere"
    assert done["counts"] == {"lines": 2, "new": 1, status: 1}
    assert logged_in(busy, "hanzhong").get(f"/v1/workers?q=测试{person:03d}").json()["total"] == 1


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("username", [WEST, OTHER])
def test_registered_at_a_desk_while_the_file_with_her_is_written(
    busy: FastAPI, monkeypatch: pytest.MonkeyPatch, username: str, turn: int
) -> None:
    """The desk waits for the file and is told what there is then."""
    person = 230 + 10 * (username == OTHER) + turn
    intake = desk(busy, WEST)
    file = ready(intake, WEST, [person, person + 300])
    ask(intake, file)
    follow, written, answered = applying.follow, threading.Event(), threading.Event()

    def followed(*given: Any, **named: Any) -> None:
        written.set()
        answered.wait(2)
        follow(*given, **named)

    monkeypatch.setattr(applying, "follow", followed)
    _, answer = at_once(
        [lambda: at_work(busy), lambda: registered(busy, username, person, written, answered)]
    )
    assert answer.status_code == (409 if username == WEST else 202), answer.text
    assert "uq_" not in answer.text
    assert intake.read(file)["counts"] == {"lines": 2, "new": 2}
    assert logged_in(busy, "hanzhong").get(f"/v1/workers?q=测试{person:03d}").json()["total"] == 1


def registered(
    app: FastAPI, username: str, person: int, when: threading.Event, answered: threading.Event
) -> Any:
    client = logged_in(app, username)
    told = {"name": f"测试{person:03d}", "region": PLACE[username], "id_number": number(person)}
    assert when.wait(30)
    answer = client.post("/v1/workers", json=told)
    answered.set()
    return answer


def test_no_household_is_left_behind_by_whoever_was_second(busy: FastAPI) -> None:
    client = logged_in(busy, "hanzhong")
    homes = client.get("/v1/households?limit=200").json()["items"]
    assert homes
    for home in homes:
        members = client.get(f"/v1/households/{home['id']}").json()["members"]
        assert members, home
