"""终端: enrolled by a code that is told once, bound to one fair, revoked at once; and who knocks at the device door."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.audit import Actor, record
from api.deps import SessionDep
from api.errors import Problem, conflict, not_found
from api.fairs.envelopes import DEVICE_KEY, new_key
from api.security import token_hash
from models.base import now
from models.fair import Fair
from models.kiosk import KioskDevice
from models.sealing import Keyring, seal, unseal

CODE_MINUTES = 30
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that could be taken for something else when it is read from one screen and typed at another."""

_CODE_LETTERS = 12
MOST_DEVICES = 600


@dataclass(frozen=True, slots=True)
class Device:
    """Who knocks: a device of one fair. It has no account and no region."""

    device_id: int
    fair_id: int


def announce(session: Session, keyring: Keyring, fair: Fair, name: str) -> tuple[KioskDevice, str]:
    """Let a device be enrolled within the next half hour; the row, and the code that is told this once.

    Raises
    ------
    Problem
        409 for a fair that was called off, or with too many devices.
    """
    if fair.called_off:
        raise conflict("fair-called-off", "招聘会没有举办", "已取消的招聘会不能启用终端。")
    session.exec(select(Fair.id).where(Fair.id == fair.identity).with_for_update()).one()
    used = set(session.exec(select(KioskDevice.letter).where(KioskDevice.fair_id == fair.identity)))
    if len(used) >= MOST_DEVICES:
        raise conflict("too-many-devices", "终端太多", f"一场招聘会最多登记{MOST_DEVICES}台终端。")
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    private, public = new_key()
    master_key_id = keyring.current
    row = KioskDevice(
        fair_id=fair.identity,
        name=name,
        letter=next(letter for letter in _letters() if letter not in used),
        code_hash=token_hash(code),
        code_expires_at=now() + timedelta(minutes=CODE_MINUTES),
        public_key=public,
        master_key_id=master_key_id,
        sealed_key=seal(keyring.master(master_key_id), private, DEVICE_KEY),
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    record(session, "enrol", "kiosk_device", row.id, region=fair.region)
    return row, code


def revoke_device(session: Session, fair: Fair, device_id: int) -> KioskDevice:
    """From its next request on the device is nobody; what it has sent stays."""
    row = session.get(KioskDevice, device_id)
    if row is None or row.fair_id != fair.identity:
        raise not_found("这台终端")
    session.refresh(row, with_for_update=True)
    if row.revoked_at is None:
        row.revoked_at = now()
        session.add(row)
        session.flush()
        record(session, "revoke", "kiosk_device", row.id, region=fair.region)
    return row


def redeem(session: Session, code: str) -> tuple[KioskDevice, str]:
    """The device that a code is for, and the token by which it is known from now on. A code works once.

    Raises
    ------
    Problem
        410 for a code that is none, was used, or is too old: the three look the same.
    """
    token = secrets.token_urlsafe(32)
    told = code.upper().replace("-", "").replace(" ", "")
    found = session.connection().scalar(
        text("SELECT enrol_device(:code, :token)"), {"code": token_hash(told), "token": token_hash(token)}
    )
    if found is None:
        raise Problem(
            410, "code-spent", "启用码无效", "启用码打错了、已经用过或过了半小时。请在招聘会页面重新生成。"
        )
    _stand_as(session, int(found))
    return session.exec(select(KioskDevice).where(KioskDevice.id == found)).one(), token


def private_key(session: Session, keyring: Keyring, device_id: int) -> bytes:
    """What opens the envelopes of a device."""
    row = session.exec(select(KioskDevice).where(KioskDevice.id == device_id)).one()
    return unseal(keyring.master(row.master_key_id), row.sealed_key, DEVICE_KEY)


def get_device(request: Request, session: SessionDep) -> Device:
    """Who knocks, by the device's own token; revoked ones are nobody."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        asked = text("SELECT device_id, fair_id FROM device_by_token(:hash)")
        found = session.connection().execute(asked, {"hash": token_hash(token.strip())}).first()
    if found is None:
        raise Problem(
            401,
            "device-unknown",
            "终端没有启用或已停用",
            "请工作人员在招聘会页面重新生成启用码。本机上的数据已不能使用。",
            headers={"WWW-Authenticate": "Bearer"},
        )
    session.info["actor"] = Actor(None, request.state.request_id)
    _stand_as(session, found.device_id)
    return Device(found.device_id, found.fair_id)


DeviceDep = Annotated[Device, Depends(get_device)]


def _stand_as(session: Session, device_id: int) -> None:
    session.connection().execute(text("SELECT set_config('app.device', :id, true)"), {"id": str(device_id)})


def devices_of(session: Session, fair_id: int) -> list[KioskDevice]:
    """The devices of a fair, in the order of their letters."""
    rows = select(KioskDevice).where(KioskDevice.fair_id == fair_id).order_by(col(KioskDevice.id))
    return list(session.exec(rows))


def _letters() -> list[str]:
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return [*alphabet, *(first + second for first in alphabet for second in alphabet)]
