"""交出的文件: each knows of whom it tells, is void when one of them may not be used any more, and stands in their own file."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.handed import HandedFile, HandedKind, HandedPerson
from models.id_number import demo_id_number
from models.record import AuditEvent
from models.worker import Sex

from .conftest import World, made
from .test_consents import problem, say
from .test_personal_file import opened

SessionAs = Callable[[str], Session]


def export(client: TestClient, work: Callable[[], int], **told: Any) -> dict[str, Any]:
    asked = made(client.post("/v1/exports", json={"view": "roster", "region": "610728", **told}))
    work()
    return made(client.get(f"/v1/exports/{asked['id']}"))


def test_a_file_is_void_for_everybody_in_it_wherever_they_are_by_now(
    world: World, west: TestClient, clerk: Callable[[str], TestClient], work: Callable[[], int]
) -> None:
    """Handed over after the file was made, and put away there: what the first county has of them is void too."""
    body = world.bodies.worker(name="移走某")
    person = made(west.post("/v1/workers", json=body))["id"]
    mine = export(west, work, masked=False, reason="报送省厅3月月报")
    assert west.get(mine["file"]).status_code == 200
    other = clerk("yangxian")
    told = {"name": "移走某", "region": "610723", "id_number": body["id_number"]}
    asked = made(other.post("/v1/workers", json=told))["id"]
    made(west.post(f"/v1/handovers/{asked}/agree", json={"answer": "同意"}))
    unconcerned = export(other, work, region="610723", view="relieved")
    made(say(other, person, "service", no=True))
    problem(west.get(mine["file"]), 410, "export-expired")
    assert other.get(unconcerned["file"]).status_code == 200, (
        "only the files that tell of the person are void"
    )


def test_who_was_given_a_file_stands_in_the_persons_own(
    world: World, people: Any, west: TestClient, work: Callable[[], int], session_as: SessionAs
) -> None:
    person = people.worker(name="被导出")
    claims = people.approved(people.claimed(person))
    batch = made(west.get("/v1/claims", params={"worker_id": person}))["items"][0]["batch_id"]
    assert claims
    export(west, work)
    export(west, work, masked=False, reason="报送省厅3月月报")
    answer = west.get(
        f"/v1/claims/batches/{batch}/payment-file", params={"masked": False, "reason": "交银行发放补贴"}
    )
    assert answer.status_code == 200, answer.text
    assert west.get("/v1/doubts.csv").status_code == 200
    _, plain = opened(west.get(f"/v1/workers/{person}/copy", params={"reason": "self"}))
    looked = {(row["做了什么"], row.get("用途", "")) for row in plain["谁看过"]}
    assert {
        ("导出报表和台账（号码已遮盖）", ""),
        ("导出报表和台账（含完整号码）", "报送省厅3月月报"),
        ("导出补贴发放表（含完整号码）", "交银行发放补贴"),
    } <= looked
    assert all(row["谁"] == "zhenba" for row in plain["谁看过"])
    session = session_as("zhenba")
    kinds = session.exec(
        select(HandedFile.kind)
        .join(HandedPerson, HandedPerson.file_id == HandedFile.id)
        .where(HandedPerson.worker_id == person)  # type: ignore[arg-type]
    ).all()
    assert set(kinds) >= {HandedKind.REGISTER, HandedKind.PAYMENT}
    # What somebody wrote as the reason is in no row that stays for ever.
    for event in session.exec(select(AuditEvent).where(AuditEvent.action == "export")):
        assert "reason" not in (event.change or {}), event.change
    _, other = opened(
        west.get(f"/v1/workers/{world.worker(name='没导出')['id']}/copy", params={"reason": "self"})
    )
    assert not [row for row in other["谁看过"] if row["做了什么"].startswith("导出")]


def test_a_file_of_findings_is_on_record(world: World, west: TestClient, session_as: SessionAs) -> None:
    assert west.get("/v1/doubts.csv").status_code == 200
    [event] = session_as("zhenba").exec(
        select(AuditEvent).where(AuditEvent.action == "download", AuditEvent.noun == "doubt")
    )
    assert event.change == {"file": "doubts", "rows": 0, "masked": False}


def test_who_is_in_a_file_is_written_down_by_the_door_alone(
    world: World, west: TestClient, work: Callable[[], int], session_as: SessionAs
) -> None:
    world.worker()
    export(west, work)
    session = session_as("zhenba")
    file = session.exec(select(HandedFile.id)).one()
    for statement in (
        "INSERT INTO handed_person VALUES (1, 1)", "DELETE FROM handed_person", "UPDATE handed_file SET reason = 'x'",
    ):  # fmt: skip
        with pytest.raises(Exception, match="permission denied"), session.begin_nested():
            session.connection().execute(text(statement))
    other = session_as("yangxian")
    assert other.exec(select(HandedFile)).all() == [] == other.exec(select(HandedPerson)).all()
    with pytest.raises(Exception, match="not a file of the caller"), other.begin_nested():
        other.connection().execute(text("SELECT note_handed(:file, '{1}')"), {"file": file})


def test_of_a_child_no_guardian_has_agreed_for_nothing_is_given_in_full(
    world: World, west: TestClient, visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    number = demo_id_number(date(2010, 3, 1), 780, Sex.FEMALE)
    child = world.worker(name="孩子", id_number=number, intention=None)["id"]
    grown = world.bodies.worker(name="大人")
    made(west.post("/v1/workers", json=grown))
    path = f"/v1/workers/{child}/copy"
    problem(west.get(path, params={"reason": "self"}), 409, "guardian-consent")
    page = visitor("zhenba").client.get(f"/workers/{child}/copy?reason=self")
    assert page.status_code == 409 and "需要监护人同意" in page.text and number not in page.text
    assert west.get(path, params={"reason": "guardian"}).status_code == 200

    def numbers() -> str:
        done = export(west, work, format="csv", masked=False, reason="报送省厅3月月报")
        return west.get(done["file"]).text

    before = numbers()
    assert number not in before and number[:6] + "*" * 12 in before and grown["id_number"] in before
    made(say(west, child, "service", speaker="guardian", means="paper", form_number="9"))
    assert number in numbers()
    assert west.get(path, params={"reason": "self"}).status_code == 200


def test_a_consent_that_is_over_leaves_a_row_of_all_that_it_ends(
    world: World, west: TestClient, connection: Connection
) -> None:
    application = world.application()
    worker = application["worker_id"]
    batch = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "甲", "departs_on": "2021-09-25"})
    )
    made(west.post(f"/v1/dispatches/{batch['id']}/members", json={"worker_ids": [worker]}))
    made(say(west, worker, "service", told_on="2021-09-01", until="2021-09-20"))
    assert connection.scalar(text("SELECT restrict_expired('2021-09-21')")) == 1
    made(west.get(f"/v1/workers/{worker}"))
    changes = made(west.get(f"/v1/workers/{worker}/history"))["items"]
    over = {each["noun"]["code"] for each in changes if each["action"]["code"] == "consent_over"}
    assert over == {"worker", "application", "dispatch_member"}


def test_what_somebody_called_a_file_is_not_in_the_record(west: TestClient, session_as: SessionAs) -> None:
    sent = {"file": ("张三的病历.jsonl", '{"title": "平车工", "company": "某厂"}\n'.encode())}
    told = made(west.post("/v1/imports", files=sent))
    assert told["file_name"] == "张三的病历.jsonl"
    session = session_as("zhenba")
    events = session.exec(select(AuditEvent).where(AuditEvent.noun == "import")).all()
    assert events and all("file_name" not in (event.change or {}) for event in events)
    kept = session.connection().scalars(text("SELECT to_jsonb(audit_event)::text FROM audit_event"))
    assert not [row for row in kept if "张三" in row]


def test_a_files_name_loses_the_name_of_somebody_deleted(
    world: World, west: TestClient, work: Callable[[], int]
) -> None:
    body = world.bodies.worker(name="欧阳某甲")
    content = f"姓名,身份证号\n欧阳某甲,{body['id_number']}".encode("utf-8-sig")
    sent = {"file": ("欧阳某甲等一人.csv", content)}
    file = made(west.post("/v1/imports", files=sent, data={"kind": "roster", "kept_by": "610728001"}))
    work()
    made(west.post(f"/v1/imports/{file['id']}/apply"))
    work()
    person = made(west.get("/v1/workers", params={"q": "欧阳某甲"}))["items"][0]["id"]
    made(west.post(f"/v1/workers/{person}/erase", json={"reason": "request"}))
    assert made(west.get(f"/v1/imports/{file['id']}"))["file_name"] == "某等一人.csv"
