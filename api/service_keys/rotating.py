"""Another key for the service, while it serves.

1. The new key is put down, sealed under the old one: from its next transaction on every process seals with the new
   one, and writes both look-up columns. Whoever began before is waited for.
2. What the old key seals is sealed anew; who is found by the old look-up key is to be found by both.
3. The new key is the one in use. Once nobody writes the old key's column any more it is emptied, and the old key goes.

Each step says in the database how far it is: whoever is killed and begins anew goes on from there.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, insert, text, update
from sqlmodel import Session, col

from api.audit import record
from api.secret_file import write_secrets
from api.seeding.copying import Progress
from api.service_keys.counting import any_in, found_by_both, rows_under, unmoved_rows
from api.service_keys.moving import clear_indexes, fill_indexes, move_sealed
from api.settings import Settings
from models.base import now
from models.sealing import (
    INDEX_CONTEXT,
    SECRET_BYTES,
    SECRET_CONTEXT,
    Keyring,
    KeyState,
    KnownKey,
    index_key_of,
    seal,
)
from models.service_key import LOCK, ServiceKey, follow, known_keys

_PAUSE = 0.2  # seconds between two looks at what others hold
_HELD = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND classid = :lock AND objid = 1 "
    "AND objsubid = 2 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class NotRotated(Exception):
    """The key was not changed, or not to the end; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it. `waits`: the setting does not hold the new key yet, and until then the old one leads to it."""

    old: str
    new: str
    moved: int
    waits: bool
    remembers: bool


@dataclass
class _Rotation:
    engine: Engine
    settings: Settings
    keyring: Keyring
    tell: Progress
    moved: int = field(default=0)

    def known(self) -> dict[KeyState, KnownKey]:
        """The keys by how far they are, but for those that are retired."""
        with self.engine.begin() as connection:
            follow(connection, self.keyring)
            return {each.state: each for each in known_keys(connection) if each.state is not KeyState.RETIRED}


def rotate(
    settings: Settings, tell: Progress, *, out: Path | None = None, keep: Path | None = None
) -> Rotated:
    """Change the key, or go on with what was begun.

    Parameters
    ----------
    settings
        with a database that is prepared (`api.runtime.prepared`).
    out
        where the new key is written, if a setting holds the old one.
    keep
        where the old key is written when it goes, for backups of before; it is forgotten otherwise.

    Raises
    ------
    NotRotated
        when it can't be begun or ended.
    """
    engine = create_engine(settings.owner_database_url or "", hide_parameters=True)
    try:
        with _alone(engine):
            rotation = _Rotation(engine, settings, settings.keyring(), tell)
            known = rotation.known()
            if known.keys() == {KeyState.IN_USE}:
                _begin(rotation, known[KeyState.IN_USE], out)
                known = rotation.known()
            if KeyState.COMING in known:
                _move(rotation, known[KeyState.IN_USE], known[KeyState.COMING])
                known = rotation.known()
            done = _leave(rotation, known[KeyState.LEAVING], known[KeyState.IN_USE], keep)
            if done.waits and out is not None and not out.exists():
                write_secrets(out, {done.new: rotation.keyring.secret_of(done.new) or b""})
            return done
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock, 2)"), {"lock": LOCK}):
            raise NotRotated("已有一个 ./wengang keys rotate 正在进行，请等它结束。")
        yield


def _begin(rotation: _Rotation, old: KnownKey, out: Path | None) -> None:
    settings, own = rotation.settings, rotation.settings.secrets()
    with rotation.engine.begin() as connection:
        numbers = [int(each.id) for each in known_keys(connection)]
    new, secret = str(max(*numbers, *(int(key_id) for key_id in own)) + 1), secrets.token_bytes(SECRET_BYTES)
    # The file first: what the database knows must be readable whatever happens next.
    if settings.secret_key is None:
        write_secrets(settings.secret_file, own | {new: secret})
    elif out is None:
        raise NotRotated("密钥由 WENGANG_SECRET_KEY 设置，程序不能改它：请用 --out 写明新密钥存入哪个文件。")
    elif out.exists():
        raise NotRotated(f"{out} 已经存在，请换一个文件名。")
    else:
        write_secrets(out, {new: secret})
    # Should anything stand in the column that is to be filled, of somebody who is found by the other too.
    clear_indexes(rotation.engine, 3 - old.slot, old.slot, lambda _: None)
    with rotation.engine.begin() as connection:
        told = {"id": new, "created_at": now(), "state": KeyState.COMING, "slot": 3 - old.slot}
        sealed = seal(rotation.keyring.master(old.id), secret, SECRET_CONTEXT)
        led = {"marks": False, "remembers": False, "master_key_id": old.id, "sealed_key": sealed}
        connection.execute(insert(ServiceKey).values(told | led))
        _record(connection, "rotate", old=old.id, new=new)


def _move(rotation: _Rotation, old: KnownKey, new: KnownKey) -> None:
    engine, keyring = rotation.engine, rotation.keyring
    _wait_for_those_before(rotation)
    with engine.connect() as connection:
        total = sum(rows_under(connection, old.id).values())
        total += sum(unmoved_rows(connection, old.slot, new.slot).values())

    def tell(rows: int) -> None:
        rotation.moved += rows
        rotation.tell(rotation.moved, max(total, rotation.moved), f"换用密钥“{new.id}”")

    while True:
        broken = move_sealed(engine, keyring, old.id, tell)
        broken += fill_indexes(engine, keyring, old.slot, new.slot, tell)
        with engine.connect() as connection:
            left = rows_under(connection, old.id)
            for table, count in unmoved_rows(connection, old.slot, new.slot).items():
                left[table] = left.get(table, 0) + count
        if not left:
            break
        if sum(left.values()) <= broken:
            told = "、".join(f"{table} {count} 行" for table, count in sorted(left.items()))
            raise NotRotated(
                f"有 {broken} 个值用密钥“{old.id}”读不出（{told}），像是被改动过，没有停用这把密钥。"
                "服务照常使用新密钥。请查明后再运行一次。"
            )
        time.sleep(_PAUSE)
    with engine.begin() as connection:
        secret = keyring.secret_of(old.id) or b""
        found_by = seal(keyring.master(new.id), index_key_of(secret), INDEX_CONTEXT)
        _set(connection, old, state=KeyState.LEAVING, master_key_id=new.id, sealed_key=found_by)
        _set(connection, new, state=KeyState.IN_USE)


def _leave(rotation: _Rotation, old: KnownKey, new: KnownKey, keep: Path | None) -> Rotated:
    engine, settings = rotation.engine, rotation.settings
    _wait_for_those_before(rotation)
    words = f"停用密钥“{old.id}”"
    while True:
        clear_indexes(engine, old.slot, new.slot, lambda _: rotation.tell(0, 0, words))
        with engine.connect() as connection:
            if not found_by_both(connection):
                break
        time.sleep(_PAUSE)
    with engine.connect() as connection:
        remembers = any_in(connection, old.slot)
    own = settings.secrets()
    if new.id not in own:
        return Rotated(old.id, new.id, rotation.moved, waits=True, remembers=remembers)
    gone = {key_id: secret for key_id, secret in own.items() if key_id != new.id}
    if settings.secret_key is None and gone:
        if keep is not None:
            write_secrets(keep, gone)
        write_secrets(settings.secret_file, {new.id: own[new.id]})
    with engine.begin() as connection:
        kept = {} if old.marks or remembers else {"master_key_id": None, "sealed_key": None}
        _set(connection, old, state=KeyState.RETIRED, retired_at=now(), remembers=remembers, **kept)
        _set(connection, new, master_key_id=None, sealed_key=None)
        _record(connection, "retire", old=old.id, new=new.id)
    return Rotated(old.id, new.id, rotation.moved, waits=False, remembers=remembers)


def _wait_for_those_before(rotation: _Rotation) -> None:
    """Until every transaction has ended that may know less of the keys than stands there now. None is held up by it."""
    with rotation.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = set(connection.scalars(_HELD, {"lock": LOCK}))
        while before:
            rotation.tell(0, 0, "等待正在办理的业务结束")
            time.sleep(_PAUSE)
            before &= set(connection.scalars(_HELD, {"lock": LOCK}))


def _set(connection: Connection, key: KnownKey, **values: object) -> None:
    connection.execute(update(ServiceKey).where(col(ServiceKey.id) == key.id).values(**values))


def _record(connection: Connection, action: str, **change: str) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        record(session, action, "service_key", None, change=change)
        session.commit()
