"""帮扶车间 and 社区工厂: recognition, its end, the yearly rating; and the answers that tell of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.errors import conflict, invalid, not_found
from api.presenting import Presenter
from api.schemas.workshop import (
    HeadcountPublic,
    Rated,
    RatingPublic,
    Recognised,
    RecognitionPublic,
    Revoked,
    WorkshopDetail,
    WorkshopPublic,
)
from models.employer import Employer
from models.workshop import WorkshopRating, WorkshopRecognition
from outcomes.ladder.counts import WORKSHOPS
from outcomes.ladder.workshops import Headcount, headcounts, workshop_rule


def recognise(
    session: Session, employer: Employer, body: Recognised, *, today: date, account_id: int
) -> None:
    """Recognise a workshop.

    Raises
    ------
    Problem
        409 where it is recognised already, or too few 脱贫劳动力 worked there on the day; 422 for a day ahead.
    """
    on = _not_ahead("recognised_on", body.recognised_on or today, today)
    _hold(session, employer)
    if _in_force(session, employer) is not None:
        raise conflict(
            "already-recognised", "这个车间已经认定", "认定还有效。要重新认定，请先撤销原来的认定。"
        )
    found, rule = _counted(session, employer, on), workshop_rule(employer.region, on)
    if found.relieved < rule.min_relieved:
        raise conflict(
            "workshop-short",
            "还不够认定条件",
            f"{on:%Y-%m-%d}在岗脱贫劳动力{found.relieved}人，认定要求{rule.min_relieved}人。"
            "请先登记在岗人员的务工记录，或等人数够了再认定。",
        )
    session.add(
        WorkshopRecognition(
            employer_id=employer.identity,
            form=body.form,
            recognised_on=on,
            workers=found.workers,
            relieved=found.relieved,
            basis=body.basis,
            account_id=account_id,
        )
    )
    session.flush()


def revoke(session: Session, employer: Employer, body: Revoked, *, today: date) -> None:
    """End the recognition in force.

    Raises
    ------
    Problem
        409 where there is none; 422 for a day ahead, or before the recognition.
    """
    on = _not_ahead("revoked_on", body.revoked_on or today, today)
    _hold(session, employer)
    row = _in_force(session, employer)
    if row is None:
        raise conflict("not-recognised", "这个车间没有有效的认定", "请刷新页面后核对。")
    if on < row.recognised_on:
        raise invalid("revoked_on", "before_start", "撤销日期不能早于认定日期")
    row.revoked_on, row.revoked_because = on, body.reason
    session.add(row)
    session.flush()


def rate(session: Session, employer: Employer, body: Rated, *, today: date, account_id: int) -> None:
    """Keep how a workshop did in a year.

    Raises
    ------
    Problem
        409 where it was not recognised in that year; 422 for a year ahead.
    """
    if body.year > today.year:
        raise invalid("year", "in_the_future", "评价年度不能晚于今年")
    _hold(session, employer)
    recognised = [
        row
        for row in _recognitions(session, [employer.identity])
        if row.recognised_on.year <= body.year
        and (row.revoked_on is None or row.revoked_on.year >= body.year)
    ]
    if not recognised:
        raise conflict(
            "not-recognised", "这个车间当年没有认定", f"{body.year}年没有有效的认定，请先认定再评价。"
        )
    found = _counted(session, employer, min(today, date(body.year, 12, 31)))
    row = session.exec(
        select(WorkshopRating).where(
            WorkshopRating.employer_id == employer.identity, WorkshopRating.year == body.year
        )
    ).first()
    told: dict[str, Any] = {
        "grade": body.grade,
        "rated_on": today,
        "note": body.note,
        "account_id": account_id,
    }
    told |= {"workers": found.workers, "relieved": found.relieved}
    if row is None:
        row = WorkshopRating(employer_id=employer.identity, year=body.year, **told)
    for name, value in told.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def workshop_or_404(session: Session, employer_id: int) -> Employer:
    """The employer, if it is a workshop or a community factory.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Employer, employer_id)
    if row is None or row.kind not in WORKSHOPS:
        raise not_found("这个车间")
    return row


def workshops_public(session: Session, present: Presenter, rows: Sequence[Employer]) -> list[WorkshopPublic]:
    """Workshops with who works there today."""
    numbers = [row.identity for row in rows]
    counts = headcounts(session, numbers, present.today)
    recognised = {row.employer_id: row for row in _recognitions(session, numbers) if row.revoked_on is None}
    rated = {row.employer_id: row for row in reversed(_ratings(session, numbers))}
    made = []
    for row in rows:
        found, rating = counts.get(row.identity, Headcount()), rated.get(row.identity)
        recognition = recognised.get(row.identity)
        made.append(
            WorkshopPublic(
                id=row.identity,
                name=row.name,
                kind=row.kind,
                region=present.known_place(row.region),
                headcount=_headcount(found),
                recognition=_recognition(recognition) if recognition else None,
                rating=_rating(rating) if rating else None,
                short=found.relieved < workshop_rule(row.region, present.today).min_relieved,
                is_demo=row.is_demo,
            )
        )
    return made


def workshop_detail(session: Session, present: Presenter, row: Employer) -> WorkshopDetail:
    """One workshop, with all that was."""
    [summary] = workshops_public(session, present, [row])
    rule = workshop_rule(row.region, present.today)
    return WorkshopDetail(
        **summary.model_dump(),
        asked=rule.min_relieved,
        rule=rule.name,
        unconfirmed=list(rule.unconfirmed),
        recognitions=[_recognition(each) for each in _recognitions(session, [row.identity])],
        ratings=[_rating(each) for each in _ratings(session, [row.identity])],
    )


def _recognitions(session: Session, employer_ids: Sequence[int]) -> list[WorkshopRecognition]:
    """The latest first."""
    return list(
        session.exec(
            select(WorkshopRecognition)
            .where(col(WorkshopRecognition.employer_id).in_(employer_ids))
            .order_by(col(WorkshopRecognition.recognised_on).desc(), col(WorkshopRecognition.id).desc())
        )
    )


def _ratings(session: Session, employer_ids: Sequence[int]) -> list[WorkshopRating]:
    """The latest year first."""
    return list(
        session.exec(
            select(WorkshopRating)
            .where(col(WorkshopRating.employer_id).in_(employer_ids))
            .order_by(col(WorkshopRating.year).desc())
        )
    )


def _in_force(session: Session, employer: Employer) -> WorkshopRecognition | None:
    return next((row for row in _recognitions(session, [employer.identity]) if row.revoked_on is None), None)


def _counted(session: Session, employer: Employer, on: date) -> Headcount:
    return headcounts(session, [employer.identity], on).get(employer.identity, Headcount())


def _hold(session: Session, employer: Employer) -> None:
    session.refresh(employer, with_for_update=True)


def _not_ahead(field: str, day: date, today: date) -> date:
    if day > today:
        raise invalid(field, "in_the_future", "日期不能晚于今天")
    return day


def _headcount(found: Headcount) -> HeadcountPublic:
    return HeadcountPublic(workers=found.workers, relieved=found.relieved)


def _recognition(row: WorkshopRecognition) -> RecognitionPublic:
    return RecognitionPublic(
        **row.model_dump(include={"form", "recognised_on", "basis", "revoked_on", "revoked_because"}),
        id=row.identity,
        headcount=HeadcountPublic(workers=row.workers, relieved=row.relieved),
    )


def _rating(row: WorkshopRating) -> RatingPublic:
    return RatingPublic(
        **row.model_dump(include={"year", "grade", "rated_on", "note"}),
        headcount=HeadcountPublic(workers=row.workers, relieved=row.relieved),
    )
