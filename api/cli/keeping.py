"""`./wengang backup` and `./wengang restore`: a copy of everything, and everything from a copy, verified."""

import time
from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ArgumentError, OperationalError

from api.anchors import BrokenAnchor, read_anchors
from api.cli.auditing import checked, sentence
from api.cli.speaking import Refused, Telling, answer, say
from api.keeping.copying import ANCHOR, NotBackedUp, back_up, copy_key
from api.keeping.invariants import Broken, broken_invariants
from api.keeping.restoring import NotRestored, restored
from api.postgres.programs import DatabaseNotStarted
from api.runtime import WrongSecret
from api.settings import SHANGHAI, Settings
from ledger.chain.checking import Checked

_UNREACHABLE = (
    "连接不上数据库，请检查 WENGANG_DATABASE_URL 和 WENGANG_OWNER_DATABASE_URL，并确认数据库已启动。"
)
_COUNTED = {
    "worker": "人",
    "household": "户",
    "vacancy": "个岗位",
    "employment_spell": "条务工记录",
    "audit_event": "条操作记录",
}


def make(settings: Settings, out: Path, *, keys: Path | None, jobs: int, as_json: bool) -> None:
    """Back everything up into `out`.

    Raises
    ------
    Refused
        when it can't be done.
    """
    began = time.monotonic()
    try:
        if keys:
            copy_key(settings, keys, out)
        with Telling(quiet=as_json) as tell:
            made = back_up(settings, out, tell, jobs=jobs)
        # The copy is of its end: a key that came meanwhile is needed too.
        key = copy_key(settings, keys, out) if keys else None
    except (NotBackedUp, DatabaseNotStarted) as error:
        raise Refused(str(error)) from None
    except (ArgumentError, OperationalError):
        raise Refused(_UNREACHABLE) from None
    except OSError as error:
        raise Refused(f"没有备份成：{error.strerror}（{error.filename or out}）。") from None
    seconds = time.monotonic() - began
    if as_json:
        told = {"folder": str(out), "kind": made.kind, "made_at": made.made_at, "bytes": made.size}
        answer(told | {"key": str(key) if key else None, "seconds": round(seconds, 1)})
        return
    say(f"备份完成：{out}，{made.size / 1_048_576:,.0f} 兆字节，用时 {seconds:.0f} 秒。", "green")
    if key:
        say(f"密钥另存在 {key}。")
    else:
        where = settings.secret_file
        named = str(where) if where.exists() else "WENGANG_SECRET_KEY"
        say(f"密钥不在备份里，请另外保管：{named}。没有它，恢复了也读不出证件号码和电话。", "yellow")
    say("请把备份存到另一台机器，并定期试恢复一次（./wengang restore）。")


def put_back(
    settings: Settings, backup: Path, *, key: Path | None, until: datetime | None, jobs: int, as_json: bool
) -> None:
    """Restore, then ask whether everything holds; ends with 1 where something does not.

    Raises
    ------
    Refused
        when it can't be restored.
    """
    began = time.monotonic()
    moment = until.replace(tzinfo=SHANGHAI) if until else None
    try:
        anchors = read_anchors(path for path in [backup / ANCHOR] if path.exists())
        with (
            Telling(quiet=as_json) as tell,
            restored(settings, backup, tell, key=key, until=moment, jobs=jobs) as ready,
        ):
            engine = create_engine(ready.owner_database_url or "", hide_parameters=True)
            with engine.connect() as connection:
                broken = broken_invariants(connection, tell)
                counts = {
                    table: int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - ours
                    for table in _COUNTED
                }
            engine.dispose()
            record = checked(ready, anchors, tell)
    except (NotRestored, BrokenAnchor, WrongSecret, DatabaseNotStarted) as error:
        raise Refused(str(error)) from None
    except (ArgumentError, OperationalError):
        raise Refused(_UNREACHABLE) from None
    except OSError as error:
        raise Refused(f"没有恢复成：{error.strerror}（{error.filename or settings.data_folder}）。") from None
    seconds = time.monotonic() - began
    if as_json:
        answer(
            {
                "ok": not (broken or record.findings),
                "counts": counts,
                "broken": [{"name": each.invariant.name, "count": each.count} for each in broken],
                "links": record.links,
                "findings": [sentence(finding) for finding in record.findings],
                "seconds": round(seconds, 1),
            }
        )
    else:
        _say(counts, broken, record, seconds)
    if broken or record.findings:
        raise typer.Exit(1)


def _say(counts: dict[str, int], broken: list[Broken], record: Checked, seconds: float) -> None:
    told = "、".join(f"{counts[table]} {words}" for table, words in _COUNTED.items())
    say(f"恢复完成：{told}，用时 {seconds:.0f} 秒。")
    if not broken and not record.findings:
        say(f"数据核对无误，操作记录链 {record.links} 条没有改动。现在可以启动：./wengang up", "green")
        say("备份以后删除的个人信息、撤回的同意也回到了原来的样子，请对照登记重新办理。", "yellow")
        return
    for each in broken:
        say(f"  不符：{each.invariant.words}，{each.count} 处（如 {'、'.join(each.examples)}）", "red")
    for finding in record.findings:
        say(f"  操作记录：{sentence(finding)}", "red")
    say("恢复的数据有以上问题，请先查明，不要启用；可换一份备份再试。", "red")
