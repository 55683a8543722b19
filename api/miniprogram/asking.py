"""Who asks over the mini-program's door: a WeChat user, and the one person for whom she speaks in this request.

The session sees that person alone: it has no regions, and the database's policies know her by `app.worker`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from sqlalchemy import text
from sqlmodel import Session

from api import security
from api.deps import KeyringDep, RowId, SessionDep, act_as, unknown_caller
from api.errors import conflict, not_found
from api.idempotency import Once, claimed, get_request_hash
from api.noticing import SPEAKS_FOR
from models.account import Role, TokenKind
from models.consent import Speaker
from models.wechat import BindingState
from models.worker import Worker

_BOUND = text("SELECT binding_id, worker_id, speaker, state, name FROM bound_people()")
_FOR = text("SELECT set_config('app.worker', :worker, true)")


@dataclass(frozen=True, slots=True)
class User:
    """A WeChat user who is logged in."""

    account_id: int
    token_id: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A person of the ledger, and how the user stands to her; the name only where she may speak for her."""

    binding_id: int
    worker_id: int
    speaker: Speaker
    state: BindingState
    name: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """For whom the user speaks in this request, and as whom."""

    worker: Worker
    speaker: Speaker
    account_id: int
    binding_id: int


def get_user(request: Request, session: SessionDep) -> User:
    """Who asks, by the token that the log-in gave.

    Raises
    ------
    Problem
        401 for anybody else, whoever works for a bureau among them.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        found = security.account_by_token(session, token.strip(), TokenKind.WORKER)
    if found is None:
        raise unknown_caller()
    caller = act_as(session, found.account_id, request.state.request_id)
    if caller.roles != {Role.WORKER}:
        raise unknown_caller()
    return User(found.account_id, found.token_id)


UserDep = Annotated[User, Depends(get_user)]


def bound_people(session: Session) -> list[Bound]:
    """For whom the user of this session speaks, or has asked to."""
    return [
        Bound(
            row.binding_id, row.worker_id, Speaker.read(row.speaker), BindingState.read(row.state), row.name
        )
        for row in session.connection().execute(_BOUND)
    ]


def speak_for(session: Session, worker_id: int) -> None:
    """From now on the session sees this person alone, whose binding the caller has looked at."""
    session.connection().execute(_FOR, {"worker": str(worker_id)})
    session.info[SPEAKS_FOR] = worker_id


def get_person(worker_id: RowId, user: UserDep, session: SessionDep) -> Person:
    """The person named in the path, for whom the user may speak.

    Raises
    ------
    Problem
        404 for anybody else, whether they are there or not.
    """
    found = next(
        (
            each
            for each in bound_people(session)
            if each.worker_id == worker_id and each.state is BindingState.IN_FORCE
        ),
        None,
    )
    if found is None:
        raise not_found("这个人")
    speak_for(session, worker_id)
    row = session.get(Worker, worker_id)
    if row is None:
        raise not_found("这个人")
    return Person(row, found.speaker, user.account_id, found.binding_id)


AnyPersonDep = Annotated[Person, Depends(get_person)]
"""Whoever it is, also somebody whose data is only stored: to read what stands of her, and to agree again."""


def get_usable_person(person: AnyPersonDep) -> Person:
    """The person, whose data may be used.

    Raises
    ------
    Problem
        409 where it is only stored.
    """
    if person.worker.restricted:
        raise conflict(
            "restricted",
            "信息已限制使用",
            "您已撤回同意，信息只保存、不使用。想再用这些服务，请先在“授权”里同意“求职就业服务”。",
        )
    return person


PersonDep = Annotated[Person, Depends(get_usable_person)]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, description="每条命令一个值，重发时用同一个值"
    ),
]


def get_once(
    session: SessionDep,
    user: UserDep,
    keyring: KeyringDep,
    response: Response,
    request_hash: Annotated[bytes, Depends(get_request_hash)],
    key: Key,
) -> Iterator[Once]:
    """Claim the key for this command, or answer as the first time. Telephones lose their line: here each command has one,
    and it is kept for ever."""
    once = claimed(session, keyring, user.account_id, key, request_hash, response)
    yield once
    once.check()


OnceDep = Annotated[Once, Depends(get_once, scope="function")]
