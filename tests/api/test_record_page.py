"""操作记录 in the console, and the day's anchor: how far the record is sealed, and what was found of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from api.anchors import BrokenAnchor, kept_anchors, read_anchors, write_anchor
from api.database import Sessions
from api.settings import Settings
from api.worker.daily import Daily, anchor_record

from .conftest import Visitor

Visit = Callable[[str], Visitor]


def test_the_auditor_sees_how_far_the_record_is_sealed(
    visitor: Visit, world: Any, connection: Connection
) -> None:
    auditor = visitor("auditor")
    assert "还没有封存过记录" in auditor.get("/record")
    assert "还没有核验过" in auditor.get("/record")
    world.worker()
    connection.execute(text("SELECT seal_audit(0, 1000)"))
    links = connection.scalar(text("SELECT sequence FROM audit_head()"))
    page = auditor.get("/record")
    assert links >= 3
    assert f"已封存 <b>{links}</b> 条" in page
    assert "没有等待封存的记录" in page
    assert 'href="/record"' in page


def test_what_waits_too_long_is_said(visitor: Visit, connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO audit_event (created_at, action, noun) VALUES (now() - interval '2 minutes', 'x', 'x')"
        )
    )
    page = visitor("zhenba").get("/record")
    assert "起等待封存" in page
    assert "后台任务可能没有运行" in page


def test_who_may_not_read_the_ledger_is_refused(visitor: Visit) -> None:
    visitor("nobody").get("/record", status=403)


def test_an_anchor_is_written_every_day_and_read_again(
    connection: Connection, settings: Settings, sessions: Sessions, world: Any
) -> None:
    assert write_anchor(connection, folder=settings.data_folder) is None
    world.worker()
    assert anchor_record(connection, settings) == 0, "only what is sealed, and stays so"
    connection.execute(text("SELECT seal_audit(0, 1000)"))
    Daily(sessions, settings).see_to()
    [path] = (settings.data_folder / "anchors").iterdir()
    told = json.loads(path.read_text(encoding="utf-8"))
    head = connection.execute(text("SELECT sequence, hash FROM audit_head()")).one()
    assert (told["sequence"], told["hash"], told["count"]) == (head.sequence, head.hash.hex(), head.sequence)
    assert [(anchor.sequence, anchor.hash) for anchor in kept_anchors(settings)] == [
        (head.sequence, head.hash)
    ]
    # The same again is the same file.
    assert anchor_record(connection, settings) == 1
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", ["", "{}", '{"sequence": 2, "count": 3, "hash": "00"}', "\x00"])
def test_what_is_no_anchor_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "anchor.json"
    path.write_text(content)
    with pytest.raises(BrokenAnchor, match=r"anchor\.json 不是锚点文件"):
        read_anchors([path])
    with pytest.raises(BrokenAnchor, match="读不了锚点文件"):
        read_anchors([tmp_path / "none.json"])
