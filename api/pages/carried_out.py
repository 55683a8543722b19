"""What a form of a page has carried out, by the mark that the browser keeps with its draft: sent again, it is done once.

A service that ends between the commit and the answer leaves a browser that was told nothing: it offers the draft as unsent
(`static/typed.js`). The mark is the idempotency key of whatever that form asked, and the page to which it led is the answer.
"""

from hashlib import sha256

from fastapi import Request
from sqlmodel import Session, col, select

from api.idempotency import claim_key
from models.record import IdempotencyKey
from models.sealing import Keyring, seal, unseal

_CONTEXT = "idempotency_key.answer"
_CARRIED_OUT = 303


class DoneBefore(Exception):
    """The form was carried out before; `path` is the page to which that led, if it is known."""

    def __init__(self, path: str = "") -> None:
        super().__init__("done before")
        self.path = path


def refuse_again(request: Request, session: Session, keyring: Keyring, account_id: int) -> None:
    """Let a form pass that was not carried out yet.

    Raises
    ------
    DoneBefore
        otherwise.
    """
    request.state.carrying_out = None
    if not _key(request):
        return
    row = session.exec(
        select(IdempotencyKey).where(
            IdempotencyKey.account_id == account_id, IdempotencyKey.key == _key(request)
        )
    ).first()
    if row is None:
        return
    if row.sealed_answer is None or row.master_key_id is None:
        raise DoneBefore
    raise DoneBefore(unseal(keyring.master(row.master_key_id), row.sealed_answer, _CONTEXT).decode())


def begin(request: Request, session: Session, account_id: int) -> None:
    """Take the form's mark for the command that follows, in its savepoint: a refusal gives it back.

    Raises
    ------
    DoneBefore
        where its twin, sent at the same time, was faster.
    """
    if not _key(request) or request.state.carrying_out is not None:
        return
    told = sha256(f"{request.method} {request.url.path}".encode()).digest()
    request.state.carrying_out = claim_key(session, account_id, _key(request), told)
    if request.state.carrying_out is None:
        raise DoneBefore


def give_back(request: Request, session: Session) -> None:
    """The command was refused, and its savepoint is gone."""
    number = getattr(request.state, "carrying_out", None)
    there = select(IdempotencyKey.id).where(col(IdempotencyKey.id) == number)
    if number is not None and session.exec(there).first() is None:
        request.state.carrying_out = None


def remember(request: Request, session: Session, keyring: Keyring, path: str) -> None:
    """Keep with the mark where its command led to."""
    if (number := getattr(request.state, "carrying_out", None)) is None:
        return
    row = session.get_one(IdempotencyKey, number)
    row.status, row.master_key_id = _CARRIED_OUT, keyring.current
    row.sealed_answer = seal(keyring.master(keyring.current), path.encode(), _CONTEXT)
    session.add(row)
    session.flush()


def _key(request: Request) -> str:
    mark = getattr(request.state, "typed_mark", "")
    return f"page-{mark}" if mark and request.method not in ("GET", "HEAD") else ""
