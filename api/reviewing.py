"""人工复核: asked, listed and answered over any door."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.errors import conflict, invalid
from api.presenting import DELETED
from api.schemas.review import ReviewAnswer, ReviewCreate, ReviewPublic
from ledger.consents.keeping import is_child
from ledger.contacts import Sealed
from ledger.reviews import Answered, Asked, answer, ask, words_of
from models.consent import Speaker
from models.review import ReviewRequest
from models.sealing import Keyring
from models.vacancy import Vacancy
from models.worker import Worker


def take_request(
    session: Session,
    keyring: Keyring,
    worker: Worker,
    body: ReviewCreate,
    *,
    today: date,
    days: int,
    account_id: int,
) -> ReviewRequest:
    """Take down what somebody asks for.

    Raises
    ------
    Problem
        409 where the data was deleted, 422 for a post that is not there, or a child without guardian.
    """
    if body.vacancy_id is not None and session.get(Vacancy, body.vacancy_id) is None:
        raise invalid("vacancy_id", "unknown", "没有这个岗位")
    if is_child(worker, today) and body.speaker is not Speaker.GUARDIAN:
        raise invalid("speaker", "guardian_needed", "不满14周岁的人，由父母或其他监护人提出")
    asked = Asked(body.about, body.wish, body.speaker, today, days, body.vacancy_id)
    try:
        return ask(session, keyring, worker, asked, account_id=account_id)
    except Sealed:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除。") from None


def give_answer(
    session: Session,
    keyring: Keyring,
    row: ReviewRequest,
    body: ReviewAnswer,
    *,
    today: date,
    account_id: int,
) -> ReviewRequest:
    """Answer it.

    Raises
    ------
    Problem
        409 where it was answered before, or the data was deleted.
    """
    try:
        return answer(session, keyring, row, body.outcome, body.answer, on=today, account_id=account_id)
    except Answered:
        raise conflict("already-answered", "已经答复过", "这件复核已经有答复，请刷新后查看。") from None
    except Sealed:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除。") from None


def reviews_public(
    session: Session, keyring: Keyring, rows: Sequence[ReviewRequest], today: date
) -> list[ReviewPublic]:
    """The requests in words."""
    words = words_of(session, keyring, rows)
    accounts = account_names(
        session, [number for row in rows for number in (row.account_id, row.answered_by)]
    )
    ids = [row.worker_id for row in rows]
    names = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(ids))).all())
    return [
        ReviewPublic(
            **row.model_dump(
                exclude={"wish_sealed", "answer_sealed", "account_id", "answered_by", "created_at"}
            ),
            worker=names.get(row.worker_id, DELETED),
            wish=words[row.identity][0],
            answer=words[row.identity][1],
            overdue_days=max(0, (today - row.due_on).days) if row.answered_on is None else 0,
            taken_by=accounts.get(row.account_id),
            answered_by=accounts.get(row.answered_by or 0),
        )
        for row in rows
    ]
