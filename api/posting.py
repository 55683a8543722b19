"""What may be done with a post, whoever's door it comes by: changed, published, said to be open still, closed."""

from datetime import date

from sqlmodel import Session

from api.audit import record
from api.errors import conflict, invalid
from api.schemas.post import PostFacts
from ledger.vacancies import NotPublishable, NotRefreshable, publish, refresh, relint, settle
from models.taxonomy import Occupation
from models.vacancy import Vacancy, VacancyState


def change_post(
    session: Session, row: Vacancy, body: PostFacts, *, confirmed_removed: bool = False
) -> Vacancy:
    """Change what a post that is held says. What is changed is read for unlawful demands again.

    Raises
    ------
    Problem
        409 for fewer seats than are taken, 422 without a name.
    """
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
        for gone in relint(row, occupation=occupation, confirmed_removed=confirmed_removed):
            change = {"field": gone["field"], "phrase": gone["phrase"]}
            record(session, "confirm_removed", "vacancy", row.id, region=row.kept_by, change=change)
    return saved(session, settle(row))


def publish_post(session: Session, row: Vacancy, today: date) -> Vacancy:
    """Offer a post that is held.

    Raises
    ------
    Problem
        409 with every reason while anything stands against it.
    """
    try:
        publish(row, today=today)
    except NotPublishable as error:
        raise conflict("not-publishable", "岗位还不能发布", "；".join(error.reasons)) from error
    return saved(session, row)


def refresh_post(session: Session, row: Vacancy, today: date, valid_until: date | None = None) -> Vacancy:
    """Say of a post that is held that it is still open; `valid_until` is the new end of one that has expired.

    Raises
    ------
    Problem
        409 for one that is not published, or has expired and no later end is told.
    """
    if row.state is not VacancyState.PUBLISHED:
        raise conflict("not-published", "岗位没有发布", "只有已发布的岗位可以刷新，请先发布。")
    try:
        refresh(row, today=today, valid_until=valid_until)
    except NotRefreshable as error:
        raise conflict("vacancy-expired", "岗位已过有效期", f"{error.reason}。") from error
    return saved(session, row)


def close_post(session: Session, row: Vacancy) -> Vacancy:
    """Stop offering a post that is held."""
    row.state = VacancyState.CLOSED
    return saved(session, row)


def saved(session: Session, row: Vacancy) -> Vacancy:
    """The post as the database has it now."""
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def occupation_name(session: Session, row: Vacancy) -> str:
    """The name of the post's occupation, by which posts that law closes to women are told; empty where none is known."""
    occupation = session.get(Occupation, row.occupation) if row.occupation else None
    return occupation.name if occupation else ""
