"""Another key while the service serves: nobody is doubled or lost, every look-up is right, and nothing is left under the
old one."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from api.keeping.invariants import broken_invariants
from api.secret_file import read_secrets
from api.service_keys import moving
from api.service_keys.counting import values_under
from api.service_keys.rotating import NotRotated, Rotated
from ledger.gazetteer import Gazetteer
from ledger.identity.matching import find_people
from ledger.people import NewWorker, change_phone, register, reveal
from models.sealing import Algorithm
from models.worker import Worker
from tests.api.filing import number
from tests.api.service_keys.conftest import Server, World, naming, person

COUNTS = text("SELECT count(*), count(id_number_index), count(id_number_index_2) FROM worker")


class Clerk(threading.Thread):
    """Registers people, asks for some again, and gives others another telephone, until it is told to end."""

    def __init__(self, server: Server, begin: int) -> None:
        super().__init__()
        self.server, self.begin, self.ending = server, begin, threading.Event()
        self.made: dict[int, int] = {}
        self.wrong: list[Any] = []

    def run(self) -> None:
        for sequence in range(self.begin, self.begin + 5_000):
            if self.ending.is_set():
                return
            answer = self.server.register(sequence)
            if answer.status_code != 201:
                self.wrong.append((sequence, answer.status_code, answer.text))
                continue
            self.made[sequence] = answer.json()["id"]
            self.again(self.begin + (sequence - self.begin) // 2)
            self.again(sequence % 40)

    def again(self, sequence: int) -> None:
        answer = self.server.register(sequence)
        known = self.made.get(sequence)
        if answer.status_code != 409 or (known and not answer.headers["Location"].endswith(f"/{known}")):
            self.wrong.append(("again", sequence, answer.status_code, answer.text))


def in_thread(call: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    came: list[Any] = []
    thread = threading.Thread(target=lambda: came.append(call()))
    thread.start()
    return thread, came


def wait_for(question: Callable[[], Any]) -> None:
    until = time.monotonic() + 20
    while not question():
        assert time.monotonic() < until
        time.sleep(0.02)


def everybody(server: Server, sequences: Any) -> dict[str, int]:
    with server.sessions() as session, session.begin():
        session.connection().execute(
            text("SELECT set_config('app.regions', '{[610000000000,620000000000)}', true)")
        )
        return find_people(session, server.keyring, [number(each) for each in sequences])


def test_online_with_clerks_at_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 5)
    first = world.server()
    for sequence in range(40):
        assert first.register(sequence).status_code == 201
    told: list[str] = []
    clerks = [Clerk(world.server(), 1_000), Clerk(world.server(), 10_000)]

    def slowly(_done: int, _total: int, words: str) -> None:
        """Between two batches somebody is registered."""
        told.append(words)
        wait_for(lambda: sum(len(clerk.made) + len(clerk.wrong) for clerk in clerks) >= len(told))

    for clerk in clerks:
        clerk.start()
    try:
        done = world.rotate(slowly)
        wait_for(lambda: all(clerk.wrong or len(clerk.made) > len(told) / 2 for clerk in clerks))
    finally:
        for clerk in clerks:
            clerk.ending.set()
            clerk.join()
    assert [clerk.wrong for clerk in clerks] == [[], []]
    made = {sequence for clerk in clerks for sequence in clerk.made}
    assert len(made) > 20
    assert (done.old, done.new, done.waits) == ("1", "2", False)
    assert "换用密钥“2”" in told
    with world.owner() as connection:
        assert naming(connection, "1") == {}
        assert connection.execute(COUNTS).one() == (40 + len(made), 0, 40 + len(made))
        assert set(values_under(connection)) == {"2"}
        assert broken_invariants(connection) == []
        actions = connection.scalars(
            text("SELECT action FROM audit_event WHERE noun = 'service_key' ORDER BY id")
        )
        assert actions.all() == ["rotate", "retire"]
    # A process that begins now has the new key alone.
    assert set(read_secrets(world.settings.secret_file.read_text())) == {"2"}
    late = world.server()
    found = everybody(late, [*range(40), *made, 99_999])
    assert {
        number(each): clerk.made[each] for clerk in clerks for each in clerk.made
    }.items() <= found.items()
    assert len(found) == 40 + len(made)
    with late.sessions() as session, session.begin():
        session.connection().execute(text("SELECT set_config('app.regions', '{[1,900000000000)}', true)"))
        some = next(iter(clerks[0].made))
        worker = session.get_one(Worker, clerks[0].made[some])
        assert reveal(session, late.keyring, worker) == (number(some), "+86" + person(some)["phone"])


def test_killed_after_every_batch_it_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 4)
    server = world.server()
    for sequence in range(10):
        assert server.register(sequence).status_code == 201
    kills = 0
    ends: list[Rotated] = []
    while not ends:
        calls = iter(range(100))

        def die(_done: int, _total: int, words: str, calls: Any = calls) -> None:
            if next(calls) == 0:
                raise KeyboardInterrupt

        try:
            ends.append(world.rotate(die))
        except KeyboardInterrupt:
            kills += 1
            assert server.register(100 + kills).status_code == 201
        assert server.register(3).status_code == server.register(101).status_code == 409
    assert kills > 5
    assert ends[0].new == "2"
    with world.owner() as connection:
        assert naming(connection, "1") == {}
        people = connection.scalar(text("SELECT count(*) FROM worker"))
        assert connection.execute(COUNTS).one() == (people, 0, people)
    assert len(everybody(server, [*range(10), *range(101, 101 + kills)])) == people


def scoped(session: Session) -> Session:
    session.connection().execute(
        text(
            "SELECT set_config('app.account', '1', true), set_config('app.regions', '{[1,900000000000)}', true)"
        )
    )
    return session


def test_who_does_not_know_yet_is_waited_for_and_led_to_the_new_key(world: World) -> None:
    unaware, aware = world.server(), world.server()
    old = unaware.register(1).json()["id"]
    with unaware.sessions() as session, session.begin():
        scoped(session)
        thread, came = in_thread(world.rotate)
        wait_for(lambda: aware.register(int(time.monotonic() * 1000) % 100_000 + 500).status_code == 201
                 and aware.keyring.current == "2")  # fmt: skip
        assert unaware.keyring.current == "1"
        new = NewWorker(**person(2))
        ever = Gazetteer.national().ever_assigned
        one = register(session, unaware.keyring, new, ever_assigned=ever, demonstration=True)
        assert (one.id_number_index is None, one.id_number_index_2 is None) == (False, True)
        # Of a number that somebody has, whatever key the other knows, there is no second record.
        assert aware.register(1).status_code == 409
        change_phone(session, unaware.keyring, session.get_one(Worker, old), "10009999999")
        session.flush()
        time.sleep(0.5)
        assert thread.is_alive()
        with world.owner() as connection:
            assert naming(connection, "1")["person_key"] >= 1
        # What another process has sealed by now opens nevertheless.
        fresh = session.connection().scalar(
            text("SELECT max(worker_id) FROM person_key WHERE master_key_id = '2'")
        )
        assert reveal(session, unaware.keyring, session.get_one(Worker, fresh))[0]
        assert unaware.keyring.current == "2"
    thread.join(20)
    assert came[0].new == "2"
    with world.owner() as connection:
        people, before, after = connection.execute(COUNTS).one()
        assert (before, after) == (0, people)
        assert connection.scalar(text("SELECT count(*) FROM worker WHERE phone_index IS NOT NULL")) == 0
    assert unaware.register(2).status_code == aware.register(2).status_code == 409
    with aware.sessions() as session, session.begin():
        scoped(session)
        assert reveal(session, aware.keyring, session.get_one(Worker, old))[1] == "+8610009999999"


def test_a_number_that_an_unaware_process_changes_leaves_no_index_of_the_old_one(world: World) -> None:
    server = world.server()
    worker = server.register(1).json()["id"]
    with world.owner() as connection:
        change = (
            "UPDATE worker SET {} WHERE id = :id RETURNING id_number_index, id_number_index_2, phone_index_2"
        )
        both = text(change.format("id_number_index_2 = 'of the same', phone_index_2 = 'of the phone'"))
        assert [bytes(each) for each in connection.execute(both, {"id": worker}).one()][1:] == [
            b"of the same",
            b"of the phone",
        ]
        one = connection.execute(text(change.format("id_number_index = 'another'")), {"id": worker}).one()
        assert (bytes(one[0]), one[1], bytes(one[2])) == (b"another", None, b"of the phone")
        gone = text(change.format("id_number_sealed = NULL, phone_sealed = NULL"))
        assert connection.execute(gone, {"id": worker}).one() == (None, None, None)
        connection.rollback()


def test_again_and_with_the_other_algorithm(world: World) -> None:
    server = world.server()
    assert server.register(1).status_code == 201
    assert world.rotate().new == "2"
    world.settings = world.settings.model_copy(update={"sealing_algorithm": Algorithm.SM4_GCM})
    assert world.rotate().new == "3"
    assert server.register(2).status_code == 201
    late = world.server()
    assert late.register(3).status_code == 201
    with world.owner() as connection:
        assert naming(connection, "1") == naming(connection, "2") == {}
        assert set(values_under(connection)) == {"3"}
        # The servers of before seal as they were told; what was moved is sealed as the rotation was told.
        assert values_under(connection)["3"][Algorithm.SM4_GCM] > 2
        assert connection.execute(COUNTS).one() == (3, 3, 0)
        kept = text("SELECT id, state, sealed_key IS NULL FROM service_key ORDER BY id")
        rows = [tuple(row) for row in connection.execute(kept)]
    # The first key's look-up half still marks content; of the second nothing is left.
    assert rows == [("1", "retired", False), ("2", "retired", True), ("3", "in_use", True)]
    assert [len(everybody(each, [1, 2, 3])) for each in (server, late)] == [3, 3]


def test_only_one_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 1)
    server = world.server()
    for sequence in range(3):
        server.register(sequence)
    second: list[str] = []

    def tell(*_: Any) -> None:
        if not second:
            with pytest.raises(NotRotated) as refused:
                world.rotate()
            second.append(str(refused.value))

    assert world.rotate(tell).new == "2"
    assert "正在进行" in second[0]


def test_what_was_altered_keeps_the_old_key_and_is_said(world: World) -> None:
    server = world.server()
    workers = [server.register(sequence).json()["id"] for sequence in range(3)]
    with world.owner() as connection:
        altered = text(
            "UPDATE person_key SET sealed_key = set_byte(sealed_key, 20, get_byte(sealed_key, 20) # 1) WHERE worker_id = :id"
        )
        connection.execute(altered, {"id": workers[0]})
    with pytest.raises(NotRotated, match="person_key 1 行"):
        world.rotate()
    assert server.register(9).status_code == 201
    assert set(read_secrets(world.settings.secret_file.read_text())) == {"1", "2"}
    with world.owner() as connection:
        assert naming(connection, "1") == {"person_key": 1, "service_key": 1}
        connection.execute(altered, {"id": workers[0]})
    assert world.rotate().new == "2"
    with world.owner() as connection:
        assert naming(connection, "1") == {}
