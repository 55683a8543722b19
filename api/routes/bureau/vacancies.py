"""/v1/vacancies: posts, and who fits them."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy import false, or_
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import AsOfDep, Caller, CallerDep, RowId, SessionDep, TodayDep, allowed, get_caller
from api.errors import PROBLEMS, Problem, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.list_tables import VACANCIES
from api.matches import worker_matches
from api.miniprogram.wechat import POSTER_PAGE, get_wechat, refusal
from api.offering import on_offer, wants_refreshing
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.recommending import workers_for
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RegionCode, RowNumber, Sought
from api.schemas.placement import WorkerMatches
from api.schemas.post import (
    NotRefreshed,
    Refreshed,
    RefreshMany,
    VacancyCreate,
    VacancyPublic,
    VacancySummary,
    VacancyUpdate,
)
from api.tables import offered_as_table
from api.versions import IfMatchDep, etag, hold
from api.wechat.codes import WeChatError
from ledger.vacancies import NotPublishable, NotRefreshable, lint, publish, refresh, relint, settle
from models.taxonomy import Occupation
from models.vacancy import Vacancy, VacancyState

router = bureau_router("/vacancies", tag="vacancy", responses=PROBLEMS)
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_POSTS))]
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]


@offered_as_table(router, VACANCIES, operation_id="list_vacancies")
def list_vacancies(
    session: SessionDep,
    caller: CallerDep,
    paging: PagingDep,
    present: PresenterDep,
    today: TodayDep,
    q: Annotated[Sought | None, Query(description="岗位名称")] = None,
    region: Annotated[RegionCode | None, Query()] = None,
    state: Annotated[VacancyState | None, Query()] = None,
    offered: Annotated[bool, Query(description="只列当天正在招人的：已发布、在有效期内、有空余名额")] = False,
    wants_refresh: Annotated[
        bool, Query(description="只列久未刷新、已过有效期或就快这样的：要问单位还招不招人")
    ] = False,
    employer_id: Annotated[RowNumber | None, Query()] = None,
    kept_by_me: Annotated[bool, Query(description="只列由本账号所在地区维护的")] = False,
) -> Page[VacancySummary]:
    """Posts, newest first."""
    query = select(Vacancy)
    if q:
        query = query.where(col(Vacancy.title).contains(q, autoescape=True))
    if region:
        query = query.where(col(Vacancy.region).startswith(region))
    if state:
        query = query.where(Vacancy.state == state)
    if offered:
        query = query.where(on_offer(today, present.refresh_days))
    if wants_refresh:
        query = query.where(wants_refreshing(today, present.refresh_days))
    if employer_id:
        query = query.where(Vacancy.employer_id == employer_id)
    if kept_by_me:
        query = query.where(or_(*(col(Vacancy.kept_by).startswith(own) for own in caller.regions), false()))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Vacancy.id),
        sorts={"pay_min": col(Vacancy.pay_min), "valid_until": col(Vacancy.valid_until)},
    )
    return Page(items=present.vacancies(rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_vacancy")
def create_vacancy(
    body: VacancyCreate,
    session: SessionDep,
    caller: Writer,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> VacancyPublic:
    """Enter a post: a draft, held back where it makes an unlawful demand."""
    kept_by = keeping_region(caller, body.kept_by)
    require_scope(session, caller, kept_by, "kept_by")
    row = Vacancy(**body.model_dump(exclude={"kept_by"}), kept_by=kept_by)
    row.unlawful_demands = lint(row.title, row.text, occupation_name(session, row))
    session.add(settle(row))
    session.flush()
    response.headers.update(etag(row))
    return once.keep(present.vacancy(row))


@router.get("/{vacancy_id}", operation_id="read_vacancy")
def read_vacancy(
    vacancy_id: RowId, session: SessionDep, _: CallerDep, present: PresenterDep, response: Response
) -> VacancyPublic:
    """One post."""
    row = vacancy_or_404(session, vacancy_id)
    response.headers.update(etag(row))
    return present.vacancy(row)


def get_poster(vacancy_id: RowId, request: Request) -> bytes:
    """The picture, made by WeChat before a turn at the database is taken for the answer."""
    with request.app.state.sessions() as session, session.begin():
        get_caller(request, session, request.app.state.settings)
        if vacancy_or_404(session, vacancy_id).state is not VacancyState.PUBLISHED:
            raise conflict("not-published", "岗位没有发布", "先发布岗位，再做海报上的小程序码。")
    try:
        return get_wechat(request).code_image(f"v={vacancy_id}", POSTER_PAGE)
    except WeChatError as error:
        raise refusal(error) from None


@router.get(
    "/{vacancy_id}/poster-code.png",
    operation_id="read_poster_code",
    response_class=Response,
    responses={200: {"description": "the picture", "content": {"image/png": {}, "image/jpeg": {}}}},
)
def read_poster_code(picture: Annotated[bytes, Depends(get_poster)], _: CallerDep) -> Response:
    """A mini-program code for a poster: who scans it with WeChat sees this post."""
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return Response(picture, media_type=kind, headers={"Cache-Control": "private, max-age=86400"})


@router.patch("/{vacancy_id}", operation_id="update_vacancy")
def update_vacancy(
    vacancy_id: RowId,
    body: VacancyUpdate,
    session: SessionDep,
    caller: Writer,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> VacancyPublic:
    """Change what a post says (JSON merge patch). What is changed is read for unlawful demands again."""
    row = vacancy_or_404(session, vacancy_id)
    require_keeper(caller, row)
    hold(session, row, version)
    told = body.model_dump(exclude_unset=True, exclude={"confirmed_removed"})
    if "title" in told and told["title"] is None:
        raise invalid("title", "missing", "不能为空")
    if (seats := told.get("seats")) is not None and seats < row.seats_taken:
        raise conflict(
            "seats-taken",
            "招聘人数少于已上岗人数",
            f"这个岗位已有{row.seats_taken}人上岗，招聘人数不能少于{row.seats_taken}人。不再招人的，请关闭岗位。",
        )
    for field, value in told.items():
        setattr(row, field, value)
    if {"title", "text", "occupation", "confirmed_removed"} & body.model_fields_set:
        occupation = occupation_name(session, row)
        for gone in relint(row, occupation=occupation, confirmed_removed=body.confirmed_removed):
            change = {"field": gone["field"], "phrase": gone["phrase"]}
            record(session, "confirm_removed", "vacancy", row.id, region=row.kept_by, change=change)
    session.add(settle(row))
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return present.vacancy(row)


@router.post("/{vacancy_id}/publish", operation_id="publish_vacancy")
def publish_vacancy(
    vacancy_id: RowId,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> VacancyPublic:
    """Offer the post; refused with every reason while anything stands against it."""
    row = _held(session, caller, vacancy_id)
    try:
        publish(row, today=today)
    except NotPublishable as error:
        raise conflict("not-publishable", "岗位还不能发布", "；".join(error.reasons)) from error
    return once.keep(_saved(session, row, present, response), status=200)


@router.post("/{vacancy_id}/refresh", operation_id="refresh_vacancy")
def refresh_vacancy(
    vacancy_id: RowId,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> VacancyPublic:
    """Say that the post is still open."""
    row = _held(session, caller, vacancy_id)
    if row.state is not VacancyState.PUBLISHED:
        raise conflict("not-published", "岗位没有发布", "只有已发布的岗位可以刷新，请先发布。")
    try:
        refresh(row, today=today)
    except NotRefreshable as error:
        raise conflict("vacancy-expired", "岗位已过有效期", f"{error.reason}。") from error
    return once.keep(_saved(session, row, present, response), status=200)


@router.post("/refresh", operation_id="refresh_vacancies")
def refresh_vacancies(
    body: RefreshMany, session: SessionDep, caller: Writer, today: TodayDep, once: OnceDep
) -> Refreshed:
    """Say of many posts that they are still open; one that is not, or not mine, stays as it is and is named."""
    query = select(Vacancy).where(col(Vacancy.id).in_(body.ids)).order_by(col(Vacancy.id)).with_for_update()
    # Only rows that the account keeps can be locked for a change: the others are not found here.
    mine = {row.identity: row for row in session.exec(query) if caller.governs(row.kept_by)}
    done: list[int] = []
    refused: list[NotRefreshed] = []
    for number in dict.fromkeys(body.ids):
        try:
            if number not in mine:
                raise NotRefreshable("没有这个岗位，或由其他地区维护")
            session.add(refresh(mine[number], today=today, valid_until=body.valid_until))
            done.append(number)
        except NotRefreshable as error:
            refused.append(NotRefreshed(id=number, reason=error.reason))
    session.flush()
    return once.keep(Refreshed(refreshed=done, refused=refused), status=200)


@router.post("/{vacancy_id}/close", operation_id="close_vacancy")
def close_vacancy(
    vacancy_id: RowId,
    session: SessionDep,
    caller: Writer,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> VacancyPublic:
    """Stop offering the post."""
    row = _held(session, caller, vacancy_id)
    row.state = VacancyState.CLOSED
    return once.keep(_saved(session, row, present, response), status=200)


@router.get("/{vacancy_id}/matches", operation_id="list_vacancy_matches")
def list_vacancy_matches(
    vacancy_id: RowId,
    session: SessionDep,
    caller: Reader,
    as_of: AsOfDep,
    present: PresenterDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ranked: bool = True,
    explain: Annotated[str | None, Query(pattern="^excluded$")] = None,
) -> WorkerMatches:
    """The best of my workers for this post, with reasons; the list is logged."""
    found = workers_for(
        session,
        vacancy_or_404(session, vacancy_id),
        account_id=caller.account_id,
        as_of=as_of,
        limit=limit,
        ranked=ranked,
        with_excluded=explain == "excluded",
        refreshed_within_days=present.refresh_days,
        explore=present.explore_share,
    )
    return worker_matches(session, found, present)


def vacancy_or_404(session: Session, vacancy_id: int) -> Vacancy:
    """The post.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(Vacancy, vacancy_id)
    if row is None:
        raise not_found("这个岗位")
    return row


def occupation_name(session: Session, row: Vacancy) -> str:
    """The name of the post's occupation, by which posts that law closes to women are told; empty where none is known."""
    occupation = session.get(Occupation, row.occupation) if row.occupation else None
    return occupation.name if occupation else ""


def require_keeper(caller: Caller, row: Vacancy) -> None:
    """Only the bureau that keeps a post changes it.

    Raises
    ------
    Problem
        403 otherwise.
    """
    if not caller.governs(row.kept_by):
        raise Problem(
            403, "kept-elsewhere", "岗位由其他地区维护", "这个岗位由登记它的地区维护，请联系对方修改。"
        )


def _held(session: Session, caller: Caller, vacancy_id: int) -> Vacancy:
    row = vacancy_or_404(session, vacancy_id)
    require_keeper(caller, row)
    session.refresh(row, with_for_update=True)
    return row


def _saved(session: Session, row: Vacancy, present: PresenterDep, response: Response) -> VacancyPublic:
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return present.vacancy(row)
