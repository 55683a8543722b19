"""`./wengang audit`: an anchor is taken, the record verified, and what was done to it said in words and as an exit code."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import make_url, text

from api.cli.auditing import take_anchor, verify_record
from api.cli.speaking import Refused
from api.database import owner_connection
from api.postgres.embedded import ADMINISTRATOR, Cluster
from api.postgres.roles import connect
from api.settings import Environment, Settings
from api.worker.sealing import Sealer

LINKS = 12


@pytest.fixture
def recorded(clone: Callable[[str], Any], tmp_path: Path) -> Settings:
    """A database with a short record that is sealed."""
    database = clone("audit_command")
    with connect(make_url(database.service), autocommit=True) as service:
        for number in range(LINKS):
            service.execute(
                "INSERT INTO audit_event (created_at, action, noun, row_id) VALUES (now(), 'create', 'worker', %s)",
                [number],
            )
        assert Sealer().round(service) == LINKS
    return Settings(
        environment=Environment.DEVELOPMENT,
        data_folder=tmp_path,
        database_url=database.service,
        owner_database_url=database.owner,
    )


@pytest.fixture
def tamper(cluster: Cluster, recorded: Settings) -> Iterator[Callable[[str], None]]:
    """Does something to the tables that only a superuser can, for good."""

    def commit(statement: str) -> None:
        with connect(cluster._url(ADMINISTRATOR, "audit_command")) as superuser:
            superuser.execute("SET LOCAL session_replication_role = replica")
            superuser.execute(statement)  # type: ignore[call-overload]

    yield commit


def verified(settings: Settings, *anchors: Path, as_json: bool = False) -> int:
    try:
        verify_record(settings, anchors, as_json=as_json)
    except typer.Exit as end:
        return end.exit_code
    return 0


def test_a_sound_record_is_verified_and_that_is_kept(
    recorded: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    anchor = tmp_path / "elsewhere" / "anchor.json"
    take_anchor(recorded, anchor, as_json=False)
    assert f"第 {LINKS} 条" in capfd.readouterr().err
    assert verified(recorded, anchor) == 0
    told = capfd.readouterr().err
    assert f"操作记录链共 {LINKS} 条" in told
    assert "核对了 1 个锚点" in told
    assert "没有发现改动" in told
    assert verified(recorded) == 0
    assert "没有锚点可核对" in capfd.readouterr().err
    with owner_connection(recorded.owner_database_url or "") as owner:
        kept = owner.execute(text("SELECT sequence, anchors, findings FROM audit_check ORDER BY id")).all()
    assert [tuple(row) for row in kept] == [(LINKS, 1, 0), (LINKS, 0, 0)]
    with pytest.raises(Refused, match="已经存在"):
        take_anchor(recorded, anchor, as_json=False)


@pytest.mark.parametrize(
    ("statement", "fault", "words"),
    [
        ("UPDATE audit_event SET action = 'x' WHERE row_id = 4", "altered", "第 5 条（记录编号 5）被改动"),
        ("DELETE FROM audit_event WHERE row_id = 4", "deleted", "第 5 条（记录编号 5）记录被删除"),
        ("DELETE FROM audit_seal WHERE sequence IN (5, 6)", "missing", "第 5 至第 6 条封存链被删去一段"),
        (
            "UPDATE audit_seal SET event_id = CASE event_id WHEN 5 THEN 6000 ELSE 5 END WHERE event_id IN (5, 6); "
            "UPDATE audit_seal SET event_id = 6 WHERE event_id = 6000",
            "moved",
            "第 5 条（记录编号 6）次序被调换",
        ),
        (
            "DELETE FROM audit_seal WHERE sequence > 9; DELETE FROM audit_event WHERE id > 9",
            "truncated",
            "第 10 至第 12 条末尾被截断（按锚点 anchor.json）",
        ),
        (
            "INSERT INTO audit_event (created_at, action, noun) VALUES (now() - interval '2 hours', 'x', 'x')",
            "unsealed",
            "超过一小时没有封存",
        ),
        ("ALTER TABLE audit_event DISABLE TRIGGER stay", "unguarded", "防改动的触发器被停用"),
    ],
)
def test_what_was_done_is_said_with_its_place(
    recorded: Settings,
    tamper: Callable[[str], None],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    statement: str,
    fault: str,
    words: str,
) -> None:
    anchor = tmp_path / "anchor.json"
    take_anchor(recorded, anchor, as_json=True)
    tamper(statement)
    capfd.readouterr()
    assert verified(recorded, anchor) == 1
    assert words in capfd.readouterr().err
    assert verified(recorded, anchor, as_json=True) == 1
    told = json.loads(capfd.readouterr().out)
    assert told["ok"] is False
    assert fault in {finding["fault"] for finding in told["findings"]}


def test_a_file_that_is_no_anchor_is_refused(recorded: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}")
    with pytest.raises(Refused, match=r"notes\.json 不是锚点文件"):
        verify_record(recorded, [tmp_path / "notes.json"], as_json=True)
