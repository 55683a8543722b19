"""动态口令: one-time passwords by the clock (RFC 6238), and codes for the day on which the telephone is lost."""

import base64
import hmac
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from api.noting import note
from models.base import now
from models.login import SecondFactor
from models.sealing import Keyring, seal, unseal

_STEP = 30  # seconds
_CONTEXT = "second_factor.secret"
_RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_SPEND = text(
    "UPDATE second_factor SET recovery_hashes = array_remove(recovery_hashes, CAST(:hash AS bytea)) "
    "WHERE account_id = :account AND CAST(:hash AS bytea) = ANY (recovery_hashes)"
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is told: the secret in Base32, and the same as an address that it understands."""

    secret: str
    uri: str


def password_at(secret: bytes, step: int) -> str:
    """The six digits of one step of thirty seconds since the epoch."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def present_step() -> int:
    """The step that it is now."""
    return int(time.time()) // _STEP


def confirmed_factor(session: Session, account_id: int) -> SecondFactor | None:
    """The account's second factor, if it has one in force."""
    row = _row(session, account_id)
    return row if row is not None and row.confirmed_at is not None else None


def enrol(session: Session, keyring: Keyring, account_id: int, username: str) -> Enrolment:
    """A new secret, in force once a password made of it was typed; one that is in force must be removed first."""
    waiting = delete(SecondFactor).where(
        col(SecondFactor.account_id) == account_id, col(SecondFactor.confirmed_at).is_(None)
    )
    session.connection().execute(waiting)
    secret = secrets.token_bytes(20)
    key_id = keyring.current
    session.add(
        SecondFactor(
            account_id=account_id,
            master_key_id=key_id,
            secret_sealed=seal(keyring.master(key_id), secret, _CONTEXT),
        )
    )
    session.flush()
    return _told(secret, username)


def waiting(session: Session, keyring: Keyring, account_id: int, username: str) -> Enrolment | None:
    """The secret that was told and is not in force yet."""
    row = _row(session, account_id)
    return None if row is None or row.confirmed_at is not None else _told(_secret(keyring, row), username)


def _told(secret: bytes, username: str) -> Enrolment:
    written, issuer = base64.b32encode(secret).decode(), quote("稳岗桥")
    label = f"{issuer}:{quote(username)}"
    uri = f"otpauth://totp/{label}?secret={written}&issuer={issuer}&digits=6&period={_STEP}"
    return Enrolment(written, uri)


def confirm(session: Session, keyring: Keyring, account_id: int, code: str) -> list[str] | None:
    """Put the secret that waits in force, if `code` is made of it: the recovery codes, told this once; None otherwise."""
    row = _row(session, account_id)
    if row is None or row.confirmed_at is not None or not _taken(session, keyring, row, code):
        return None
    codes = ["-".join(_drawn() for _ in range(3)) for _ in range(_RECOVERY_CODES)]
    row.confirmed_at = now()
    row.recovery_hashes = [_recovery_hash(each) for each in codes]
    session.add(row)
    session.flush()
    note(session, "enrol", account_id)
    return codes


def takes(session: Session, keyring: Keyring, account_id: int, code: str) -> bool:
    """Whether `code` is the present password, not taken before, or a recovery code, which is spent by this."""
    row = confirmed_factor(session, account_id)
    if row is None:
        return False
    if _taken(session, keyring, row, code):
        return True
    told = {"account": account_id, "hash": _recovery_hash(code)}
    if not session.connection().execute(_SPEND, told).rowcount:
        return False
    note(session, "recover", account_id)
    return True


def remove(session: Session, account_id: int, noted: str = "remove") -> bool:
    """Take the second factor away; whether there was one. `noted`: what is recorded of it."""
    row = _row(session, account_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    note(session, noted, account_id)
    return True


def _row(session: Session, account_id: int) -> SecondFactor | None:
    return session.exec(select(SecondFactor).where(SecondFactor.account_id == account_id)).first()


def _secret(keyring: Keyring, row: SecondFactor) -> bytes:
    return unseal(keyring.master(row.master_key_id), row.secret_sealed, _CONTEXT)


def _taken(session: Session, keyring: Keyring, row: SecondFactor, code: str) -> bool:
    """Whether `code` is of the step that it is, or one beside; its step, and every one before, is used up by this."""
    secret = _secret(keyring, row)
    typed, present = code.replace(" ", "").encode("utf-8", "surrogatepass"), present_step()
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(password_at(secret, step).encode(), typed):
            # Conditional, so that of two who type the same one is let in.
            unused = update(SecondFactor).where(
                col(SecondFactor.id) == row.identity, col(SecondFactor.last_step) < step
            )
            used = session.connection().execute(unused.values(last_step=step)).rowcount
            session.refresh(row)
            return used == 1
    return False


def _drawn() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def _recovery_hash(code: str) -> bytes:
    """Fifteen random letters have 74 bits, so a plain hash is enough."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return sha256(plain.encode("utf-8", "surrogatepass")).digest()
