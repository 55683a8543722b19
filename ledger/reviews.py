"""人工复核: asked for by the person, answered by a human; both in words that are sealed under the person's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from ledger.contacts import Sealed
from ledger.history import person_keys
from models.consent import Speaker
from models.review import ReviewAbout, ReviewOutcome, ReviewRequest
from models.sealing import Keyring, Unsealable, seal, unseal
from models.worker import Worker

_WISH, _ANSWER = "review_request.wish", "review_request.answer"


class Answered(Exception):
    """Somebody has answered before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for."""

    about: ReviewAbout
    wish: str
    speaker: Speaker
    on: date
    days: int
    vacancy_id: int | None = None


def ask(
    session: Session, keyring: Keyring, worker: Worker, asked: Asked, *, account_id: int
) -> ReviewRequest:
    """Take it down; it is due `days` later.

    Raises
    ------
    Sealed
        where the person's data was deleted.
    """
    row = ReviewRequest(
        worker_id=worker.identity,
        about=asked.about,
        vacancy_id=asked.vacancy_id,
        speaker=asked.speaker,
        wish_sealed=seal(_key(session, keyring, worker.identity), asked.wish.encode(), _WISH),
        asked_on=asked.on,
        due_on=asked.on + timedelta(days=asked.days),
        account_id=account_id,
        is_demo=worker.is_demo,
    )
    session.add(row)
    session.flush()
    return row


def answer(
    session: Session,
    keyring: Keyring,
    row: ReviewRequest,
    outcome: ReviewOutcome,
    words: str,
    *,
    on: date,
    account_id: int,
) -> ReviewRequest:
    """What came of it, once.

    Raises
    ------
    Answered, Sealed
        when it was answered before, or the person's data was deleted.
    """
    session.refresh(row, with_for_update=True)
    if row.answered_on is not None:
        raise Answered
    row.outcome = outcome
    row.answer_sealed = seal(_key(session, keyring, row.worker_id), words.encode(), _ANSWER)
    row.answered_on, row.answered_by = on, account_id
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def reviews_of(session: Session, worker_id: int) -> Sequence[ReviewRequest]:
    """A person's requests, those of merged records too, the last first."""
    return session.exec(
        select(ReviewRequest)
        .join(Worker, col(Worker.id) == col(ReviewRequest.worker_id))
        .where(or_(col(Worker.id) == worker_id, col(Worker.merged_into) == worker_id))
        .order_by(col(ReviewRequest.id).desc())
    ).all()


def to_answer() -> ColumnElement[bool]:
    """Of a request: it waits for an answer. Who is only stored may ask all the same."""
    return col(ReviewRequest.answered_on).is_(None)


def words_of(session: Session, keyring: Keyring, rows: Sequence[ReviewRequest]) -> dict[int, tuple[str, str]]:
    """By number what was asked and what was answered; of whom the key is destroyed nothing."""
    keys = person_keys(session, keyring, (row.worker_id for row in rows))
    return {
        row.identity: (
            _opened(keys.get(row.worker_id), row.wish_sealed, _WISH),
            _opened(keys.get(row.worker_id), row.answer_sealed, _ANSWER),
        )
        for row in rows
    }


def _opened(key: bytes | None, sealed: bytes | None, context: str) -> str:
    if key is None or sealed is None:
        return ""
    try:
        return unseal(key, sealed, context).decode()
    except Unsealable:
        return ""


def _key(session: Session, keyring: Keyring, worker_id: int) -> bytes:
    key = person_keys(session, keyring, [worker_id]).get(worker_id)
    if key is None:
        raise Sealed
    return key
