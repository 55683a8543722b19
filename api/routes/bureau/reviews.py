"""/v1/review-requests: somebody asks that a human looks at what was proposed or decided."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.reviewing import give_answer, reviews_public, take_request
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.review import ReviewAnswer, ReviewCreate, ReviewPublic
from ledger.reviews import reviews_of, to_answer
from models.review import ReviewRequest

router = bureau_router(tag="consent", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]
Reviewer = Annotated[Caller, Depends(allowed(Action.REVIEW))]


@router.get("/review-requests", operation_id="list_reviews")
def list_reviews(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    keyring: KeyringDep,
    today: TodayDep,
    waiting: Annotated[bool, Query(description="只列还没有答复的")] = True,
) -> Page[ReviewPublic]:
    """The requests of my people, those first that are due first."""
    query = select(ReviewRequest)
    if waiting:
        query = query.where(to_answer())
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(ReviewRequest.id),
        sorts={"due_on": col(ReviewRequest.due_on)},
        default="due_on",
    )
    return Page(items=reviews_public(session, keyring, rows, today), next_cursor=cursor, total=total)


@router.get("/workers/{worker_id}/review-requests", operation_id="list_worker_reviews")
def list_worker_reviews(
    worker_id: RowId, session: SessionDep, _: Reader, keyring: KeyringDep, today: TodayDep
) -> list[ReviewPublic]:
    """A person's requests, the last first."""
    worker_or_404(session, worker_id)
    return reviews_public(session, keyring, reviews_of(session, worker_id), today)


@router.post("/workers/{worker_id}/review-requests", status_code=201, operation_id="create_review")
def create_review(
    worker_id: RowId,
    body: ReviewCreate,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    once: OnceDep,
) -> ReviewPublic:
    """The person asks, or somebody for them. Whose data is only stored may ask as well."""
    worker = worker_or_404(session, worker_id)
    row = take_request(
        session, keyring, worker, body, today=today, days=settings.review_days, account_id=caller.account_id
    )
    return once.keep(reviews_public(session, keyring, [row], today)[0], worker_id=worker_id)


@router.get("/review-requests/{review_id}", operation_id="read_review")
def read_review(
    review_id: RowId, session: SessionDep, _: Reader, keyring: KeyringDep, today: TodayDep
) -> ReviewPublic:
    """One request."""
    return reviews_public(session, keyring, [review_or_404(session, review_id)], today)[0]


@router.post("/review-requests/{review_id}/answer", operation_id="answer_review")
def answer_review(
    review_id: RowId,
    body: ReviewAnswer,
    session: SessionDep,
    caller: Reviewer,
    keyring: KeyringDep,
    today: TodayDep,
    once: OnceDep,
) -> ReviewPublic:
    """A human has looked: what came of it."""
    row = review_or_404(session, review_id)
    give_answer(session, keyring, row, body, today=today, account_id=caller.account_id)
    return once.keep(reviews_public(session, keyring, [row], today)[0], status=200, worker_id=row.worker_id)


def review_or_404(session: Session, review_id: int) -> ReviewRequest:
    """The request, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(ReviewRequest, review_id)
    if row is None:
        raise not_found("这件复核申请")
    return row
