"""Whether the service can serve: each fact is looked at where it is, and what is wrong is named with what to do."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from api.database import SchemaDiffers, announcing, code_revision, found_revision
from api.learned.serving import edition, fault_here
from api.observing.presence import workers
from api.postgres.roles import connect
from api.settings import Settings
from models.coded import Coded

PATIENCE = timedelta(minutes=1)
"""What waits longer than this is not being sealed: rows are within seconds."""

_SECONDS = 3
"""In which the database must answer, or it is as good as away."""

_MEBIBYTE = 1 << 20
DatabaseLine = psycopg.Connection[Any]


class State(Coded):
    """What a fact means for those who want to work."""

    OK = "ok", "正常"
    DEGRADED = "degraded", "受影响"
    FAILED = "failed", "不能用"
    UNKNOWN = "unknown", "查不到"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was looked at. `to_do` is empty where nothing is to be done."""

    name: str
    label: str
    state: State
    words: str
    to_do: str = ""


def facts(sessions: sessionmaker[Session], settings: Settings) -> list[Fact]:
    """All of them, in the order of what hangs on what."""
    found = [_disk(settings)]
    try:
        with _line(sessions) as line:
            found.insert(0, Fact("database", "数据库", State.OK, "能连上"))
            found += [_looked(look, line) for look in (_schema, _record, _worker, _model)]
    except (psycopg.Error, OSError):
        to_do = "请看数据库是否在运行、磁盘是否已满、连接数是否已用完。"
        away = Fact("database", "数据库", State.FAILED, "连不上，什么都不能办理", to_do)
        asked = {"database", "disk"}
        unknown = [
            Fact(name, label, State.UNKNOWN, "要先连上数据库")
            for name, label in _LABELS.items()
            if name not in asked
        ]
        return [away, *found[-1:], *unknown]
    return found


_LABELS = {
    "database": "数据库",
    "disk": "磁盘",
    "schema": "数据库结构",
    "record": "操作记录封存",
    "worker": "后台任务",
    "model": "推荐模型",
}


def worst(found: list[Fact]) -> State:
    """What all of them mean together: one that failed, or one that could not be asked, means that nothing can be done."""
    states = {fact.state for fact in found}
    if State.FAILED in states:
        return State.FAILED
    return State.DEGRADED if states & {State.DEGRADED, State.UNKNOWN} else State.OK


class _Borrowed:
    """A line that is somebody else's to close."""

    def __init__(self, line: DatabaseLine) -> None:
        self._line = line

    def __enter__(self) -> DatabaseLine:
        return self._line

    def __exit__(self, *_: object) -> None:
        pass


def _line(sessions: sessionmaker[Session]) -> Any:
    """A line of its own: whether a new one can be had is part of the question, and a busy pool is no broken database."""
    bind: Engine | Connection = sessions.kw["bind"]
    if isinstance(bind, Connection):
        return _Borrowed(bind.connection.driver_connection)  # type: ignore[arg-type]
    limit = f"{announcing()} -c statement_timeout={_SECONDS * 1000}"
    return connect(bind.url, autocommit=True, options=limit, connect_timeout=_SECONDS)


def _looked(look: Callable[[DatabaseLine], Fact], line: DatabaseLine) -> Fact:
    name = look.__name__.removeprefix("_")
    try:
        return look(line)
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege):
        return Fact(name, _LABELS[name], State.UNKNOWN, "数据库结构不同，查不到")
    except psycopg.errors.QueryCanceled:
        return Fact(name, _LABELS[name], State.UNKNOWN, "数据库正忙，一时查不到")


def _disk(settings: Settings) -> Fact:
    folder = settings.data_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // _MEBIBYTE
    words = f"数据文件夹所在磁盘剩余{_size(free)}"
    if free >= settings.disk_free_mb:
        return Fact("disk", "磁盘", State.OK, words)
    to_do = f"请清理或扩大磁盘：{_place(settings.data_folder)}。少于{_size(settings.disk_free_mb)}时提醒，写满后什么都存不进去。"
    return Fact(
        "disk", "磁盘", State.FAILED if free < settings.disk_free_mb / 10 else State.DEGRADED, words, to_do
    )


def _size(mebibytes: float) -> str:
    return f"{mebibytes / 1024:.1f}GB" if mebibytes >= 1024 else f"{mebibytes:.0f}MB"


def _place(folder: Path) -> str:
    return f"数据文件夹 {folder.name}"


def _schema(line: DatabaseLine) -> Fact:
    found = found_revision(line)
    if found == code_revision():
        return Fact("schema", "数据库结构", State.OK, f"与程序同为{found}版")
    return Fact(
        "schema",
        "数据库结构",
        State.FAILED,
        str(SchemaDiffers(found)).partition("。")[0] + "，已停止写入",
        "请让网页服务和后台任务都用同一版程序，再重新启动；程序会自己升级数据库结构。",
    )


def _record(line: DatabaseLine) -> Fact:
    since = _one(line, "SELECT audit_waiting_since()")
    if since is None or since > datetime.now(UTC) - PATIENCE:
        return Fact("record", "操作记录封存", State.OK, "没有等待太久的记录")
    minutes = int((datetime.now(UTC) - since).total_seconds() // 60)
    return Fact(
        "record",
        "操作记录封存",
        State.DEGRADED,
        f"有记录等了{minutes}分钟还没有封存",
        "封存由后台任务做：请看它是否在运行，再看日志里的 sealing_failed。",
    )


def _worker(line: DatabaseLine) -> Fact:
    count = workers(line)
    if count:
        return Fact("worker", "后台任务", State.OK, f"{count}个进程在运行")
    return Fact(
        "worker",
        "后台任务",
        State.DEGRADED,
        "没有进程在运行，导入、导出和编制方案都在排队",
        "./wengang up 会自己再启动它；一直没有起来时，请看日志里的 worker_died。单独部署时请启动 worker。",
    )


def _model(line: DatabaseLine) -> Fact:
    broken = []
    rows = line.execute(
        "SELECT model_id, as_of, file_sha256, intact, faulty FROM models_in_force()"
    ).fetchall()
    for model_id, as_of, digest, intact, faulty in rows:
        held = fault_here(model_id, digest)
        if not intact or (faulty if held is None else held):
            broken.append(f"第{model_id}号{edition(as_of)}")
    if not rows:
        return Fact("model", "推荐模型", State.OK, "用默认权重")
    if not broken:
        return Fact("model", "推荐模型", State.OK, f"启用的{len(rows)}个模型都能用")
    return Fact(
        "model",
        "推荐模型",
        State.DEGRADED,
        f"{'、'.join(broken)}的文件用不了，现在按上一版或默认权重排序",
        "请在推荐模型页退回上一版，或重新训练；原因见那一版的说明。",
    )


def _one(line: DatabaseLine, question: str) -> Any:
    row = line.execute(question).fetchone()
    return row[0] if row else None
