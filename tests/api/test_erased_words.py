"""删除 reaches every word: whatever the bureau wrote of a person in the clear is gone with them, in whatever table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Enum, String, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.database import owner_connection
from api.personal_file.sections import THROUGH
from models.record import AuditEvent
from models.registry import metadata

from .conftest import World, made
from .test_row_security import Placed, guarded, placed

__all__ = ["guarded", "placed"]
MARK = "记着这句"
RECORDS = "SELECT id FROM worker WHERE id = :worker OR merged_into = :worker"
SPARED = {
    ("consent", "form_number"): "the number of a paper: what was agreed to stays for its own term",
    ("application", "reason"): "one of a list",
    ("application_event", "reason"): "one of a list",
    ("benefit_claim", "benefit"): "a benefit's code",
    ("claim_audit", "seed"): "what the draw was made from",
    ("doubt", "rule"): "a rule's number",
    ("employment_spell", "channel"): "one of a list",
    ("employment_spell", "leave_reason"): "one of a list",
    ("employment_spell", "post_kind"): "a kind of post",
    ("idempotency_key", "key"): "a program's own word for its command",
    ("job_offer", "reason"): "one of a list",
    ("report_decision", "rule"): "a rule's name",
    ("visit_intent", "ticket"): "a place in a queue, a letter and a number",
    ("worker", "political_status"): "one of a list",
    ("worker", "ethnicity"): "one of a list",
    ("work_intention", "reason"): "the row goes",
    ("worker_skill", "skill"): "the row goes",
}
"""Text columns of a person's rows that take no words of anybody's, and what they take."""


def words() -> set[tuple[str, str]]:
    """Every text column of a table whose rows are a person's that takes words: no codes, no regions, no keys."""
    named = {
        name for name, table in metadata.tables.items() if {"worker_id", "kept_id"} & set(table.c.keys())
    }
    found = set()
    for name in named | THROUGH.keys() | {"worker"}:
        for column in metadata.tables[name].columns:
            text_like = isinstance(column.type, String) or type(column.type).__name__ == "AutoString"
            if not text_like or isinstance(column.type, Enum) or column.foreign_keys:
                continue
            if column.name.endswith(("region", "master_key_id")) or name in ("audit_event", "person_key"):
                continue
            found.add((name, column.name))
    return found - SPARED.keys()


def of_person(table: str) -> str:
    """SQL: which rows of a table are the person's."""
    columns = metadata.tables[table].c
    if table == "worker":
        return f"id IN ({RECORDS})"
    if table in ("household", "hardship_period"):
        return f"{'id' if table == 'household' else 'household_id'} = :household"
    if table in THROUGH:
        key, above = THROUGH[table]
        return f"{key} IN (SELECT id FROM {above} WHERE worker_id IN ({RECORDS}))"
    either = f" OR other_id IN ({RECORDS})" if "other_id" in columns else ""
    return f"{'kept_id' if 'kept_id' in columns else 'worker_id'} IN ({RECORDS}){either}"


@pytest.fixture
def owner(guarded: Engine, placed: Placed, cluster: Any) -> Iterator[Connection]:
    with owner_connection(cluster.owner_url("guarded")) as connection:
        yield connection
        connection.rollback()


def test_one_mark_in_every_free_text_is_nowhere_after_the_deletion(placed: Placed, owner: Connection) -> None:
    told = {"worker": placed.worker, "household": placed.household, "mark": MARK}
    account = owner.scalar(text("SELECT id FROM account WHERE username = 'zhenba'"))
    other = owner.scalar(text("SELECT id FROM account WHERE username = 'auditor'"))
    # What the rows of the other tables must be for words to stand in them.
    owner.execute(
        text(
            "UPDATE claim_audit SET state = 'replied', found_by = :other, replied_by = :other, finding = :mark, reply = :mark "
            "WHERE claim_id IN (SELECT id FROM benefit_claim WHERE worker_id = :worker)"
        ),
        told | {"other": other},
    )
    owner.execute(
        text("UPDATE benefit_claim SET state = 'refused', reason = :mark WHERE worker_id = :worker"), told
    )
    for table in ("import_line", "comparison_row"):
        some = f"UPDATE {table} SET worker_id = :worker WHERE ctid = (SELECT min(ctid) FROM {table})"
        assert owner.execute(text(some), told).rowcount == 1
    marked: set[tuple[str, str]] = {
        ("claim_audit", "finding"),
        ("claim_audit", "reply"),
        ("benefit_claim", "reason"),
    }
    for table, column in sorted(words() - marked):
        changed = owner.execute(text(f'UPDATE "{table}" SET {column} = :mark WHERE {of_person(table)}'), told)
        if changed.rowcount:
            marked.add((table, column))
    for table, column, value in (
        ("doubt", "statistics", '{"a": "%s"}'), ("ranking_item", "reasons", '[{"sentence": "%s"}]'),
        ("match_plan_person", "reasons", '[{"sentence": "%s"}]'),
    ):  # fmt: skip
        statement = f"UPDATE {table} SET {column} = CAST(:value AS jsonb) WHERE worker_id = :worker"
        if owner.execute(text(statement), told | {"value": value % MARK}).rowcount:
            marked.add((table, column))
    assert words() <= marked, "rows are missing in which these would be looked for"
    scope = text("SELECT set_config('app.regions', :scope, true), set_config('app.account', :account, true)")
    owner.execute(scope, {"scope": "{[610728000000,610729000000)}", "account": str(account)})
    approved = text(
        "INSERT INTO erasure (created_at, worker_id, reason, approved_on, approved_by, is_demo) "
        "VALUES (now(), :worker, 'term', '2021-09-20', :account, false) "
        "ON CONFLICT (worker_id) DO UPDATE SET approved_by = :account"
    )
    owner.execute(approved, told | {"account": account})
    owner.execute(text("SELECT erase_person(:worker)"), told)
    left = [
        name
        for name in metadata.tables
        if owner.scalar(
            text(f"SELECT count(*) FROM \"{name}\" held WHERE held::text LIKE '%' || :mark || '%'"), told
        )
    ]
    assert left == []


def test_the_household_that_nobody_is_left_in_goes_and_one_with_somebody_stays(
    world: World, west: TestClient, connection: Connection, session_as: Callable[[str], Session]
) -> None:
    empty, shared = (world.household()["id"] for _ in range(2))
    alone, gone = (world.worker(household_id=home, name="要删的")["id"] for home in (empty, shared))
    world.worker(household_id=shared, name="留下的")
    body = {"on": "2021-09-18", "note": "要删的下月上班"}
    made(west.post(f"/v1/households/{shared}/contact", json=body))
    for person in (alone, gone):
        made(west.post(f"/v1/workers/{person}/erase", json={"reason": "request"}))
    assert west.get(f"/v1/households/{empty}").status_code == 404
    erased = select(AuditEvent.row_id).where(AuditEvent.action == "erase", AuditEvent.noun == "household")
    assert session_as("zhenba").exec(erased).all() == [empty]
    kept = made(west.get(f"/v1/households/{shared}"))
    assert [member["name"] for member in kept["members"]] == ["留下的"]
    assert kept["contact_note"] == "某下月上班"
    for table in ("household_key", "hardship_period"):
        assert not connection.scalar(
            text(f"SELECT count(*) FROM {table} WHERE household_id = :id"), {"id": empty}
        )


def test_a_hand_over_of_somebody_deleted_waits_no_more(
    world: World, west: TestClient, clerk: Callable[[str], TestClient], connection: Connection
) -> None:
    body = world.bodies.worker(name="要删的")
    person = made(west.post("/v1/workers", json=body))["id"]
    asked = made(
        clerk("yangxian").post(
            "/v1/workers", json={"name": "要删的", "region": "610723", "id_number": body["id_number"]}
        )
    )["id"]
    made(west.post(f"/v1/workers/{person}/erase", json={"reason": "request"}))
    assert made(clerk("yangxian").get(f"/v1/handovers/{asked}"))["state"]["code"] == "withdrawn"
    assert made(west.get("/v1/handovers", params={"state": "open"}))["items"] == []


def test_another_persons_number_is_not_released_with_that_of_somebody_deleted(
    world: World, west: TestClient, connection: Connection
) -> None:
    gone, stays = world.worker()["id"], world.worker()["id"]
    made(west.post(f"/v1/workers/{gone}/erase", json={"reason": "request"}))
    digest = text("SELECT coalesce(id_number_index, id_number_index_2) FROM worker WHERE id = :id")
    connection.execute(text("SELECT set_config('app.regions', '{[610728000000,610729000000)}', true)"))
    both = [connection.scalar(digest, {"id": number}) for number in (gone, stays)]
    connection.execute(text("SELECT release_deleted_number(:both)"), {"both": both})
    told = made(west.get(f"/v1/workers/{stays}"))
    assert not told["restricted"] and told["id_number"]
    assert connection.scalar(
        text("SELECT id_number_sealed IS NOT NULL FROM worker WHERE id = :id"), {"id": stays}
    )
    with pytest.raises(Exception, match="not the number of somebody"), connection.begin_nested():
        connection.execute(text("SELECT release_deleted_number(:both)"), {"both": both[1:]})
