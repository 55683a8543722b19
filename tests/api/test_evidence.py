"""佐证 by hand: the paper with it, sealed, and everything that is refused leaves nothing behind."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session, col, func, select
from starlette.testclient import TestClient

from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from ledger.attachments import PART, sort_of
from models.attachment import Attachment, AttachmentPart, FileSort
from models.record import AuditEvent
from models.spell import Evidence

from .conftest import World, made

PDF = b"%PDF-1.7\n" + b"certificate of somebody by name " * 40
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
DAYS = {"covers_from": "2021-09-01", "covers_to": "2021-09-20"}


def workbook() -> bytes:
    out = BytesIO()
    rows: list[list[Value]] = [["测试甲", "2021-09"]]
    write_workbook(out, [Sheet("工资", ("姓名", "月份"), (10, 10), rows)])
    return out.getvalue()


def document(*more: str) -> bytes:
    """A text of an office."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            package.writestr(name, "<xml/>")
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of some kilobytes whose sheet would be forty megabytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            package.writestr(name, "<xml/>")
        package.writestr("xl/worksheets/sheet1.xml", bytes(40 * 2**20))
    return out.getvalue()


def test_a_package_that_would_swell_is_no_paper(west: TestClient, spell: dict[str, Any]) -> None:
    answer = prove(west, spell["id"], ("工资.xlsx", bomb()))
    assert "异常巨大" in problem(answer, 422, "invalid")["detail"] + answer.text
    assert made(west.get(f"/v1/spells/{spell['id']}/evidence"))["items"] == []
    tasks = west.get("/v1/targets", params={"limit": 200}).json()["items"]
    task = next(each["id"] for each in tasks if each["label"] == "出台脱贫人口稳定就业政策")
    figure = made(
        west.post(
            f"/v1/targets/{task}/figures", json={"figure": 1, "as_of": "2021-09-01", "proof": "镇政发8号"}
        )
    )
    path = f"/v1/figures/{figure['id']}/file"
    answer = west.post(path, files={"file": ("依据.xlsx", bomb())})
    assert answer.status_code == 422 and "异常巨大" in answer.text
    macros = west.post(path, files={"file": ("依据.docx", document("word/vbaProject.bin"))})
    assert macros.status_code == 422 and "文件带有宏" in macros.text
    large = west.post(path, files={"file": ("依据.pdf", PDF + b"\0" * (10 * 2**20))})
    assert large.status_code == 422 and "一个附件最大" in large.text
    assert made(west.post(path, files={"file": ("依据.docx", document())}))["file"]["name"] == "依据.docx"


@pytest.fixture
def spell(world: World) -> dict[str, Any]:
    """A person at work since 25 August; today is 20 September."""
    post = world.vacancy(valid_from="2021-08-20")["id"]
    application = world.application(vacancy_id=post)["id"]
    told = {"started_on": "2021-08-25"}
    started = made(world.west.post(f"/v1/applications/{application}/start", json=told))
    return made(world.west.get(f"/v1/spells/{started['spell_id']}"))


def prove(client: TestClient, spell_id: int, *files: tuple[str, bytes], **changes: Any) -> Any:
    told = {"proof": "wage_flow", "covers_from": "2021-09-01", "covers_to": "2021-09-15"} | changes
    sent = [("file", (name, content)) for name, content in files]
    return client.post(f"/v1/spells/{spell_id}/evidence", data=told, files=sent or None)


def problem(answer: Any, status: int, name: str) -> Any:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}"), answer.text
    return answer.json()


def test_content_tells_what_a_file_is() -> None:
    kinds = {
        PDF: FileSort.PDF, JPEG: FileSort.JPEG, PNG: FileSort.PNG, workbook(): FileSort.XLSX, document(): FileSort.DOCX,
    }  # fmt: skip
    assert {sort_of(content) for content in kinds} == set(FileSort)
    assert all(sort_of(content) is sort for content, sort in kinds.items())
    for other in (b"", b"<html>", b"MZ\x90", b"PK\x03\x04 no zip", b" %PDF-1.7", workbook()[:200]):
        assert sort_of(other) is None


def test_a_paper_comes_in_with_the_evidence_and_goes_out_as_it_came(
    west: TestClient, spell: dict[str, Any], session_as: Callable[[str], Session]
) -> None:
    path = f"/v1/spells/{spell['id']}"
    told = made(prove(west, spell["id"], ("测试甲的流水.pdf", PDF), ("照片.pdf", JPEG)))
    assert told["grade"]["code"] == "B"
    assert [(file["name"], file["sort"]["code"], file["size"]) for file in told["attachments"]] == [
        ("测试甲的流水.pdf", "pdf", len(PDF)), ("照片.pdf", "jpeg", len(JPEG)),
    ]  # fmt: skip
    assert made(west.get(path))["observed_until"] == "2021-09-15"
    got = west.get(f"{told['attachments'][1]['link']}?reason=check")
    assert got.content == JPEG
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"].startswith('attachment; filename="attachment-')
    assert got.headers["x-content-type-options"] == "nosniff"

    session = session_as("zhenba")
    kept = session.exec(select(Attachment).order_by(col(Attachment.id))).all()
    parts = session.exec(select(AttachmentPart).order_by(col(AttachmentPart.part))).all()
    assert len(parts) == 1 + -(-len(JPEG) // PART)
    everything = b"".join([part.sealed for part in parts] + [row.name_sealed for row in kept])
    assert b"certificate of somebody" not in everything
    assert "测试甲".encode() not in everything
    audited = session.exec(select(AuditEvent.action).where(AuditEvent.noun == "attachment")).all()
    assert sorted(audited) == ["attach", "attach", "download"]
    shown = made(west.get(f"/v1/workers/{spell['worker_id']}/history"))["items"]
    assert "下载" in {each["action"]["label"] for each in shown}


def test_more_is_attached_later_and_goes_along_when_the_spell_is_corrected(
    west: TestClient, spell: dict[str, Any]
) -> None:
    told = made(prove(west, spell["id"], proof="certificate", marks=["seal", "telephone", "uscc"]))
    assert told["grade"]["code"] == "C"
    attach = f"/v1/spells/{spell['id']}/evidence/{told['id']}/attachments"
    more = made(west.post(attach, files={"file": ("证明.xlsx", workbook())}))
    assert [file["sort"]["code"] for file in more["attachments"]] == ["xlsx"]
    problem(west.post(attach, files={"file": ("证明.xlsx", workbook())}), 409, "already-attached")
    lacking = made(prove(west, spell["id"], proof="certificate", marks=["seal"], covers_to="2021-09-10"))
    assert (lacking["grade"]["code"], lacking["source"]) == ("D", "单位证明（缺联系电话、统一社会信用代码）")
    for day in ("2021-08-26", "2021-08-27"):  # a copy of a copy is the first one's
        spell = made(
            west.post(f"/v1/spells/{spell['id']}/correct", json={"started_on": day, "reason": "核对"})
        )
    [other, one] = made(west.get(f"/v1/spells/{spell['id']}/evidence"))["items"]
    with_file = one if one["attachments"] else other
    assert west.get(f"{with_file['attachments'][0]['link']}?reason=check").content == workbook()


REFUSED: dict[str, tuple[dict[str, str], bytes, int, str]] = {
    "ends before it begins": ({"covers_to": "2021-08-31"}, PDF, 422, "invalid"),
    "before the spell": ({"covers_from": "2021-08-24"}, PDF, 422, "invalid"),
    "in the future": ({"covers_to": "2021-09-21"}, PDF, 422, "invalid"),
    "no such day": ({"covers_to": "2021-09-31"}, PDF, 422, "invalid"),
    "no such paper": ({"proof": "hearsay"}, PDF, 422, "invalid"),
    "an empty file": ({}, b"", 422, "invalid"),
    "a page": ({}, b"<html><script>alert(1)</script>", 422, "invalid"),
    "a text that anybody typed": ({}, document(), 422, "invalid"),
    "macros": ({}, document("word/vbaProject.bin"), 422, "invalid"),
    "a program": ({}, b"MZ" + b"\0" * 100, 422, "invalid"),
    "too large": ({}, PDF + b"\0" * 3_000_000, 422, "invalid"),
}


def test_what_is_refused_leaves_nothing(
    app: Any, west: TestClient, east: TestClient, clerk: Any, spell: dict[str, Any], session_as: Any
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"max_attachment_bytes": 2_500_000})
    made(prove(west, spell["id"], ("流水.pdf", PDF)))

    def counts() -> list[int]:
        session = session_as("zhenba")
        return [
            session.exec(select(func.count()).select_from(table)).one() for table in (Evidence, Attachment)
        ]

    before, seen = counts(), made(west.get(f"/v1/spells/{spell['id']}"))
    for told, content, status, name in REFUSED.values():
        answer = prove(west, spell["id"], ("好的.png", PNG), ("流水.pdf", content), **told)
        assert problem(answer, status, name)["detail"]
    problem(prove(west, spell["id"]), 409, "already-proved")
    problem(prove(west, spell["id"], ("a", PNG), ("b", PNG), covers_to="2021-09-02"), 409, "already-attached")
    link = made(west.get(f"/v1/spells/{spell['id']}/evidence"))["items"][0]["attachments"][0]["link"]
    problem(west.get(link), 422, "invalid")
    link += "?reason=check"
    assert prove(east, spell["id"]).status_code == 403
    assert east.get(link).status_code == 403
    assert clerk("yangxian").get(link).status_code == 404
    assert clerk("auditor").get(link).status_code == 403
    assert west.get(link.replace("/evidence/", "/evidence/9")).status_code == 404
    made(west.post(f"/v1/spells/{spell['id']}/correct", json={"started_on": "2021-08-26", "reason": "核对"}))
    problem(prove(west, spell["id"], covers_to="2021-09-03"), 409, "already-corrected")
    assert counts() == [before[0] + 1, before[1]]
    assert seen["observed_until"] == "2021-09-15"


def test_what_was_altered_or_whose_key_is_gone_is_not_handed_out(
    west: TestClient, spell: dict[str, Any], connection: Connection
) -> None:
    told = made(prove(west, spell["id"], ("流水.pdf", PDF), ("照片.jpg", JPEG)))
    paper, photo = (f"{file['link']}?reason=check" for file in told["attachments"])
    attach = paper.rsplit("/", 1)[0]
    numbers = {"worker": spell["worker_id"], "photo": told["attachments"][1]["id"]}
    assert west.get(photo).status_code == 200
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :worker"), numbers)
    problem(west.get(paper), 409, "restricted")
    problem(west.post(attach, files={"file": ("b.png", PNG)}), 409, "restricted")
    connection.execute(text("UPDATE worker SET restricted = false WHERE id = :worker"), numbers)
    connection.execute(text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :worker"), numbers)
    problem(west.get(paper), 410, "attachment-gone")
    [shown] = made(west.get(f"/v1/spells/{spell['id']}/evidence"))["items"]
    assert {file["name"] for file in shown["attachments"]} == {"已删除"}
    problem(west.post(attach, files={"file": ("b.png", PNG)}), 409, "restricted")
