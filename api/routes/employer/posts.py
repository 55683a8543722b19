"""/employer/v1/vacancies: an employer's posts, and the linter's words while one is written."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from api.deps import RowId, SessionDep, TodayDep
from api.employer_door.asking import Own, speaking
from api.employer_door.laying import employer_router
from api.employer_door.posts import (
    create_post,
    held_post,
    post_or_404,
    post_public,
    read_words,
    summaries,
)
from api.idempotency import OnceDep
from api.offering import on_offer, wants_refreshing
from api.paging import Page, PagingDep, page_of
from api.posting import change_post, close_post, publish_post, refresh_post
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.employer_door import (
    LintAsked,
    LintPublic,
    OwnPostCreate,
    OwnPostPublic,
    OwnPostSummary,
    OwnPostUpdate,
    PostRefresh,
)
from api.versions import IfMatchDep, etag, hold
from models.vacancy import Vacancy, VacancyState

router = employer_router("/vacancies", tag="vacancy")
Poster = Annotated[Own, Depends(speaking(Action.OWN_POSTS))]


@router.get("", operation_id="employer_list_vacancies")
def list_posts(
    session: SessionDep,
    _: Poster,
    present: PresenterDep,
    today: TodayDep,
    paging: PagingDep,
    state: Annotated[VacancyState | None, Query()] = None,
    offered: Annotated[bool, Query(description="只列当天正在招人的")] = False,
    wants_refresh: Annotated[bool, Query(description="只列快到期、已过期或久未刷新的")] = False,
) -> Page[OwnPostSummary]:
    """Its posts, whoever entered them, newest first."""
    query = select(Vacancy)
    if state:
        query = query.where(Vacancy.state == state)
    if offered:
        query = query.where(on_offer(today, present.refresh_days))
    if wants_refresh:
        query = query.where(wants_refreshing(today, present.refresh_days))
    rows, cursor, total = page_of(
        session, query, paging, number=col(Vacancy.id), sorts={"valid_until": col(Vacancy.valid_until)}
    )
    return Page(items=summaries(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="employer_create_vacancy")
def create_vacancy(
    body: OwnPostCreate,
    session: SessionDep,
    whose: Poster,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> OwnPostPublic:
    """Enter a post: a draft, held back where it makes an unlawful demand. Published it is marked as the employer's own."""
    row = create_post(session, whose, body)
    response.headers.update(etag(row))
    return once.keep(post_public(session, present, row))


@router.post("/lint", operation_id="employer_lint_vacancy")
def lint_vacancy(body: LintAsked, session: SessionDep, whose: Poster) -> LintPublic:
    """What the linter says of a post as far as it is written, with lawful words in the place of the others. Nothing is kept."""
    return read_words(session, whose, body)


@router.get("/{vacancy_id}", operation_id="employer_read_vacancy")
def read_post(
    vacancy_id: RowId, session: SessionDep, _: Poster, present: PresenterDep, response: Response
) -> OwnPostPublic:
    """One post."""
    row = post_or_404(session, vacancy_id)
    response.headers.update(etag(row))
    return post_public(session, present, row)


@router.patch("/{vacancy_id}", operation_id="employer_update_vacancy")
def update_vacancy(
    vacancy_id: RowId,
    body: OwnPostUpdate,
    session: SessionDep,
    _: Poster,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> OwnPostPublic:
    """Change what a post of one's own says (JSON merge patch); it is read for unlawful demands again."""
    row = held_post(session, vacancy_id, to_write=True)
    hold(session, row, version)
    change_post(session, row, body)
    response.headers.update(etag(row))
    return post_public(session, present, row)


@router.post("/{vacancy_id}/publish", operation_id="employer_publish_vacancy")
def publish_vacancy(
    vacancy_id: RowId,
    session: SessionDep,
    _: Poster,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> OwnPostPublic:
    """Offer the post at once; refused with every reason while anything stands against it. The bureau may close it."""
    row = publish_post(session, held_post(session, vacancy_id, to_write=True), today)
    response.headers.update(etag(row))
    return once.keep(post_public(session, present, row), status=200)


@router.post("/{vacancy_id}/refresh", operation_id="employer_refresh_vacancy")
def refresh_vacancy(
    vacancy_id: RowId,
    body: PostRefresh,
    session: SessionDep,
    _: Poster,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> OwnPostPublic:
    """Say that the post is still open, whoever entered it; of one that has expired until when."""
    row = refresh_post(session, held_post(session, vacancy_id), today, body.valid_until)
    response.headers.update(etag(row))
    return once.keep(post_public(session, present, row), status=200)


@router.post("/{vacancy_id}/close", operation_id="employer_close_vacancy")
def close_vacancy(
    vacancy_id: RowId,
    session: SessionDep,
    _: Poster,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> OwnPostPublic:
    """Take on nobody more. It stays so."""
    row = close_post(session, held_post(session, vacancy_id))
    response.headers.update(etag(row))
    return once.keep(post_public(session, present, row), status=200)
