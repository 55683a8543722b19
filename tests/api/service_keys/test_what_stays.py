"""What a change of the key leaves as it was: who was deleted stays known, a merge can be undone, content is known again."""

from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from api.service_keys.rotating import NotRotated
from ledger.records.reported import Reported
from ledger.reports import NewReport, write_reports
from models.intake import ImportKind
from models.report import ReportSource
from models.worker import Worker
from tests.api.service_keys.conftest import World, naming, person


def test_whose_data_was_deleted_is_still_brought_back_by_nobody(world: World) -> None:
    server = world.server()
    deleted, other = (server.register(sequence).json()["id"] for sequence in (1, 2))
    with world.owner() as connection:
        connection.execute(
            text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :id"), {"id": deleted}
        )
    assert world.rotate().remembers
    with world.owner() as connection:
        assert naming(connection, "1") == {}
        left = text("SELECT id FROM worker WHERE id_number_index IS NOT NULL")
        assert connection.scalars(left).all() == [deleted]
    late = world.server()
    for each in (server, late):
        assert each.register(1).json()["type"] == "/problems/deleted"
    # The first key's column is the third one's now, beside what is left there.
    assert world.rotate().new == "3"
    for each in (late, world.server()):
        assert each.register(1).json()["type"] == "/problems/deleted"
        assert each.register(2).headers["Location"].endswith(f"/{other}")
    again = late.register(1, after_deletion=True)
    assert again.status_code == 201, again.text
    assert server.register(1).headers["Location"].endswith(f"/{again.json()['id']}")
    with world.owner() as connection:
        assert connection.scalar(text("SELECT count(*) FROM worker WHERE id_number_sealed IS NULL")) == 1


def test_a_merge_of_before_is_undone_under_the_new_key(world: World) -> None:
    server = world.server()
    kept = server.client.post("/v1/workers", json=person(1) | {"id_number": None, "phone": None}).json()["id"]
    merged = server.register(2).json()["id"]
    made = server.client.post("/v1/merges", json={"kept_id": kept, "merged_id": merged})
    assert made.status_code == 201, made.text
    assert world.rotate().new == "2"
    assert server.register(2).headers["Location"].endswith(f"/{kept}")
    undone = server.client.post(f"/v1/merges/{made.json()['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert server.register(2).headers["Location"].endswith(f"/{merged}")
    with world.owner() as connection:
        # Under the key of now, and of the old one nothing came back.
        found = text(
            "SELECT id, num_nonnulls(id_number_index, phone_index), num_nonnulls(id_number_index_2, phone_index_2) FROM worker ORDER BY id"
        )
        assert [tuple(row) for row in connection.execute(found)] == [(kept, 0, 0), (merged, 0, 2)]


def test_the_same_content_is_known_again(world: World) -> None:
    server = world.server()
    worker = server.register(1).json()["id"]
    told = Reported(1, asked=frozenset({"employer"}), employer="某厂", started=date(2021, 3, 1), working=True)

    def report(day: int) -> list[int | None]:
        with server.sessions() as session, session.begin():
            session.connection().execute(text("SELECT set_config('app.regions', '{[1,900000000000)}', true)"))
            return write_reports(
                session, server.keyring, [NewReport(worker, told)], source=ReportSource.IMPORT,
                kind=ImportKind.AWAY, import_id=None, reported_on=date(2021, 4, day), account_id=None,
            )  # fmt: skip

    assert report(2)[0]
    assert world.rotate().new == "2"
    server = world.server()
    assert report(1) == [None]


def test_an_unknown_key_is_an_error_that_says_what_to_do(world: World) -> None:
    server = world.server()
    worker = server.register(1).json()["id"]
    with world.owner() as connection:
        connection.execute(text("UPDATE person_key SET master_key_id = '7'"))
    answer = server.client.get(f"/v1/workers/{worker}")
    assert answer.status_code == 503, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/unknown-key"
    assert "密钥“7”" in problem["detail"]
    assert "keys list" in problem["detail"]


def test_a_key_that_a_setting_holds_leads_to_the_new_one_until_the_setting_does(
    world: World, tmp_path: Any
) -> None:
    world.told_by_setting()
    running = world.server()
    first = running.register(1).json()["id"]
    with pytest.raises(NotRotated, match="--out"):
        world.rotate()
    out = tmp_path / "new.key"
    assert world.rotate(out=out).waits
    assert out.stat().st_mode & 0o077 == 0
    # Nobody told the running process, nor one that begins with the old setting.
    for server in (running, world.server()):
        assert server.register(1).headers["Location"].endswith(f"/{first}")
    with world.owner() as connection:
        assert naming(connection, "1") == {"service_key": 1}
    lost = tmp_path / "lost.key"
    assert world.rotate(out=lost).waits
    assert lost.read_text() == out.read_text()
    old, world.settings = (
        world.settings,
        world.settings.model_copy(update={"secret_key": SecretStr(out.read_text())}),
    )
    late = world.server()
    assert late.register(2).status_code == 201
    done = world.rotate()
    assert (done.new, done.waits, done.moved) == ("2", False, 0)
    with world.owner() as connection:
        assert naming(connection, "1") == {}
    assert late.register(1).headers["Location"].endswith(f"/{first}")
    # The old one opens nothing any more, and says so.
    world.settings = old
    with pytest.raises(Exception, match="2"):
        world.server()


def test_the_old_key_is_kept_if_asked(world: World, tmp_path: Any) -> None:
    before = world.settings.secret_file.read_text()
    world.server().register(1)
    world.rotate(keep=tmp_path / "former.key")
    assert (tmp_path / "former.key").read_text() == before
    assert before.strip() not in world.settings.secret_file.read_text()


def test_nothing_of_a_person_looks_changed(world: World) -> None:
    """A form that was opened before the change is saved after it."""
    server = world.server()
    worker = server.register(1).json()["id"]
    shown = server.client.get(f"/v1/workers/{worker}")
    world.rotate()
    answer = server.client.patch(
        f"/v1/workers/{worker}", json={"ethnicity": "苗族"}, headers={"If-Match": shown.headers["ETag"]}
    )
    assert answer.status_code == 200, answer.text
    with server.sessions() as session, session.begin():
        session.connection().execute(text("SELECT set_config('app.regions', '{[1,900000000000)}', true)"))
        assert session.get_one(Worker, worker).version == 2
