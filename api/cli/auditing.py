"""`./wengang audit`: an anchor of the record, and whether the record is still what was sealed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import typer
from sqlalchemy import create_engine, insert

from api.anchors import BrokenAnchor, kept_anchors, read_anchors, write_anchor
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer, say
from api.database import owner_connection
from api.settings import SHANGHAI, Settings
from ledger.chain.checking import Anchor, Checked, Fault, Finding, check
from ledger.chain.reading import at_rest, beside, how_many, links
from models.base import now
from models.record import AuditCheck

T = TypeVar("T")
SHOWN = 50
"""Findings that are written out one by one."""

_EVERY = 5_000


def take_anchor(settings: Settings, out: Path, *, as_json: bool) -> None:
    """Write the head of the chain to `out`.

    Raises
    ------
    Refused
        when there is none yet, or the file can't be written.
    """
    if out.exists():
        raise Refused(f"{out} 已经存在，请换一个文件名：以前的锚点要留着。")
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        try:
            with owner_connection(ready.owner_database_url or "") as connection:
                written = write_anchor(connection, out)
        except OSError as error:
            raise Refused(f"不能写入 {out}（{error.strerror}）。") from None
        if written is None:
            raise Refused("还没有封存过的操作记录：服务启动几秒后再试。")
        [anchor] = read_anchors([out])
        tell.stop()
        if as_json:
            answer({"file": str(out), "sequence": anchor.sequence, "hash": anchor.hash.hex()})
            return
        say(f"锚点已写入 {out}：第 {anchor.sequence} 条，{anchor.hash.hex()[:16]}…")
        say("请把它存到别处。凭它可以查出此前的记录有没有被改动、删除或截断。")


def verify_record(settings: Settings, files: Sequence[Path], *, as_json: bool) -> None:
    """Hold the chain against its rows and the anchors; ends with 1 where something is wrong.

    Raises
    ------
    Refused
        when an anchor can't be read.
    """
    try:
        anchors = [*kept_anchors(settings), *read_anchors(files)]
    except BrokenAnchor as broken:
        raise Refused(str(broken)) from None
    with Telling(quiet=as_json) as tell, opened(settings, tell) as ready:
        told = checked(ready, anchors, tell)
        tell.stop()
        if as_json:
            answer(_as_json(told, anchors))
        else:
            _say(told, anchors)
    if told.findings:
        raise typer.Exit(1)


def checked(settings: Settings, anchors: Sequence[Anchor], tell: Telling) -> Checked:
    """What the chain told; that it was looked at is kept."""
    engine = create_engine(settings.owner_database_url or "", hide_parameters=True)
    try:
        with engine.connect() as connection:
            at_rest(connection)
            told = check(counted(links(connection), how_many(connection), tell), anchors=anchors)
            told.findings += beside(connection)
            connection.rollback()
        with engine.begin() as connection:
            connection.execute(
                insert(AuditCheck).values(
                    created_at=now(), sequence=told.links, anchors=len(anchors), findings=len(told.findings)
                )
            )
    finally:
        engine.dispose()
    return told


def counted(items: Iterable[T], total: int, tell: Telling) -> Iterator[T]:
    """The same items, telling how far they are."""
    for done, item in enumerate(items):
        if done % _EVERY == 0:
            tell(done, total, "核验操作记录")
        yield item


def sentence(finding: Finding) -> str:
    """One finding in words."""
    where = ""
    if finding.first is not None:
        last = f" 至第 {finding.last} 条" if finding.last and finding.last != finding.first else " 条"
        where = f"第 {finding.first}{last}"
    row = f"（记录编号 {finding.event_id}）" if finding.event_id is not None else ""
    by = f"（按锚点 {finding.anchor}）" if finding.anchor else ""
    more = {
        Fault.TRUNCATED: "；如果刚从备份恢复，备份以后的记录不在其中，也会这样",
        Fault.REWRITTEN: "：这一条或它以前的记录被改过",
        Fault.UNSEALED: "：服务没有运行，或记录是事后插入的",
    }.get(finding.fault, "")
    return f"{where}{row}{finding.fault.label}{by}{more}"


def _say(told: Checked, anchors: Sequence[Anchor]) -> None:
    until = (
        f"，封存到 {datetime.fromtimestamp(told.sealed_at / 1e6, UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        if told.links
        else ""
    )
    say(f"操作记录链共 {told.links} 条{until}；核对了 {len(anchors)} 个锚点。")
    if not told.findings:
        say("没有发现改动。" if told.links else "还没有封存过的操作记录。", "green")
        if not anchors:
            say("没有锚点可核对：链的末尾如被整段截断，只有凭另存的锚点才能查出（--anchor）。", "yellow")
        return
    say(f"发现 {len(told.findings)} 处问题：", "red")
    for finding in told.findings[:SHOWN]:
        say(f"  {sentence(finding)}", "red")
    if len(told.findings) > SHOWN:
        say(f"  ……其余 {len(told.findings) - SHOWN} 处见 --json", "red")
    say("请保留现场，不要再写入，用备份和另存的锚点查明原因。")


def _as_json(told: Checked, anchors: Sequence[Anchor]) -> dict[str, object]:
    return {
        "ok": not told.findings,
        "links": told.links,
        "head": told.head.hex(),
        "anchors": len(anchors),
        "findings": [
            {
                "fault": finding.fault.value,
                "first": finding.first,
                "last": finding.last,
                "event_id": finding.event_id,
                "anchor": finding.anchor or None,
                "words": sentence(finding),
            }
            for finding in told.findings
        ],
    }
