"""Who and which posts a plan is made of: looked up, counted, and refused where there is nothing to plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.errors import invalid
from api.monitored import groups_of
from api.schemas.match_plan import ChosenPublic, MatchPlanChoice
from matching import regions
from matching.allocation.words import GROUPS
from matching.columns import BoolArray, Market
from matching.groups import QUOTA_GROUPS, Groups
from matching.market import load_market
from matching.regions import IntArray
from models.application import OPEN_STATES, Application, ApplicationState
from models.bulk import among
from models.dispatch import Dispatch, DispatchMember
from models.match_plan import LineState, MatchPlanPerson
from models.pairing import Pairing
from models.region import Region
from models.vacancy import Vacancy, VacancyState
from models.worker import Wants, Worker

MOST_PEOPLE = 20_000
_COUNTY_DIGITS = 6
SPOKEN_FOR = (ApplicationState.OFFERED, ApplicationState.ACCEPTED)
"""Who stands so is hired, and only has to say yes or to begin."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The market, the rows of it that are planned, and the groups of all its workers."""

    market: Market
    workers: IntArray
    vacancies: IntArray
    groups: Groups
    left_out: tuple[str, ...]


def choose(
    session: Session, choice: MatchPlanChoice, region: str, as_of: date, refreshed_within_days: int
) -> Chosen:
    """What the choice means on `as_of`.

    Raises
    ------
    Problem
        422 for a person or a post that is not there, and for people who don't want to work.
    """
    _require_there(session, choice)
    market = load_market(
        session,
        as_of,
        worker_ids=choice.worker_ids or None,
        within=choice.within or [region],
        without_work=True,
        refreshed_within_days=refreshed_within_days,
    )
    ids = market.workers.id.tolist()
    groups = groups_of(session, ids, as_of)
    promised = promised_seats(session)
    taken = market.vacancies.taken + np.array(
        [promised.get(number, 0) for number in market.vacancies.id.tolist()], np.int32
    )
    market = replace(market, vacancies=replace(market.vacancies, taken=taken))
    spoken = np.isin(market.workers.id, [*spoken_for(session), *on_a_list(session, as_of)])
    asked = _asked(market, choice, region, groups) & ~market.workers.restricted
    people = asked & _wanting(market, choice) & ~market.workers.unranked
    posts = _posts(session, market, choice, region, as_of)
    open_seats = (market.vacancies.seats < 0) | (market.vacancies.taken < market.vacancies.seats)
    told = (
        (
            int((people & spoken).sum()),
            "人已经录用、已接受岗位、在别的方案里已批准，或在输送批次的名单上，不再安排",
        ),
        (int((asked & (market.workers.wants == Wants.NONE.value)).sum()), "人登记为暂不就业，不安排"),
        (
            int((asked & _wanting(market, choice) & market.workers.unranked).sum()),
            "人不要推荐排序，模型不打分、不安排，请工作人员直接推荐",
        ),
        (int((posts & ~open_seats).sum()), "个岗位没有空余名额"),
    )
    return Chosen(
        market,
        np.flatnonzero(people & ~spoken),
        np.flatnonzero(posts & open_seats),
        groups,
        tuple(f"有{count}{words}" for count, words in told if count),
    )


def require_some(chosen: Chosen) -> None:
    """There must be somebody to plan and somewhere to go.

    Raises
    ------
    Problem
        422 that says which condition to widen.
    """
    if not len(chosen.workers):
        raise invalid(
            "wants",
            "nobody",
            "没有符合条件、还没有工作的人。请放宽意愿、乡镇或类别，或先登记本人的就业意愿",
        )
    if not len(chosen.vacancies):
        raise invalid(
            "vacancy_ids",
            "no_posts",
            "没有正在招人、有空余名额、出发那天还有效的岗位。请放宽单位或地区，或请发布岗位的地方刷新有效期",
        )
    if len(chosen.workers) > MOST_PEOPLE:
        raise invalid("within", "too_many", f"一个方案最多{MOST_PEOPLE}人，请按乡镇分成几个方案")


def chosen_public(chosen: Chosen) -> ChosenPublic:
    """How many that is."""
    seats = chosen.market.vacancies.seats[chosen.vacancies].clip(1)
    free = np.maximum(seats - chosen.market.vacancies.taken[chosen.vacancies], 0)
    return ChosenPublic(
        people=len(chosen.workers),
        groups={
            name: int(chosen.groups.members(name)[chosen.workers].sum())
            for name in QUOTA_GROUPS
            if name in GROUPS
        },
        with_companion=int((chosen.market.workers.companion[chosen.workers] != -1).sum()),
        posts=len(chosen.vacancies),
        employers=len(np.unique(chosen.market.vacancies.employer[chosen.vacancies])),
        seats=int(free.sum()),
        left_out=list(chosen.left_out),
    )


def promised_seats(session: Session, vacancy_ids: Sequence[int] | None = None) -> dict[int, int]:
    """By post how many people of approved plans, as far as the session sees them, have not begun there yet."""
    line = MatchPlanPerson
    query = (
        columns(col(line.vacancy_id), func.count())
        .join(Application, col(Application.id) == col(line.application_id))
        .where(col(line.state) == LineState.APPROVED, col(Application.state).in_(OPEN_STATES))
        .group_by(col(line.vacancy_id))
    )
    if vacancy_ids is not None:
        query = query.where(among(line.vacancy_id, vacancy_ids))
    return {number: count for number, count in session.execute(query) if number is not None}


def spoken_for(session: Session, worker_ids: Sequence[int] | None = None) -> list[int]:
    """Who has a post in sight: hired, or approved in a plan, and not begun yet."""
    hired = select(Application.worker_id).where(col(Application.state).in_(SPOKEN_FOR))
    planned = (
        select(Application.worker_id)
        .join(MatchPlanPerson, col(MatchPlanPerson.application_id) == col(Application.id))
        .where(MatchPlanPerson.state == LineState.APPROVED, col(Application.state).in_(OPEN_STATES))
    )
    if worker_ids is not None:
        hired = hired.where(among(Application.worker_id, worker_ids))
        planned = planned.where(among(Application.worker_id, worker_ids))
    return sorted({*session.exec(hired), *session.exec(planned)})


def on_a_list(
    session: Session, today: date, worker_ids: Sequence[int] | None = None, *, but: int | None = None
) -> list[int]:
    """Who stands by themselves on the list of a batch that is still to leave, another than `but`. Who is listed with a post
    is told by the application for it."""
    listed = (
        select(DispatchMember.worker_id)
        .join(Dispatch, col(Dispatch.id) == col(DispatchMember.dispatch_id))
        .where(
            Dispatch.departs_on >= today,
            col(DispatchMember.vacancy_id).is_(None),
            col(DispatchMember.departed).is_not(False),
        )
    )
    if worker_ids is not None:
        listed = listed.where(among(DispatchMember.worker_id, worker_ids))
    if but is not None:
        listed = listed.where(DispatchMember.dispatch_id != but)
    return sorted(set(session.exec(listed)))


def _asked(market: Market, choice: MatchPlanChoice, region: str, groups: Groups) -> BoolArray:
    inside = _inside(market.workers.region, [region])
    if choice.groups:
        of_one = np.zeros(len(inside), np.bool_)
        for group in choice.groups:
            of_one |= groups.members(group.value)
        inside &= of_one
    return inside


def _wanting(market: Market, choice: MatchPlanChoice) -> BoolArray:
    wants = market.workers.wants
    chosen: BoolArray = np.isin(wants, [each.value for each in choice.wants])
    if choice.unasked:
        chosen |= wants == ""
    return chosen


def _posts(session: Session, market: Market, choice: MatchPlanChoice, region: str, as_of: date) -> BoolArray:
    posts = market.vacancies
    leaves = np.datetime64(choice.departs_on, "D")
    # Nobody is sent to a post that is over on the day of leaving, or not begun; a blank is no condition.
    chosen: BoolArray = ~(posts.valid_until < leaves) & ~(posts.valid_from > leaves)
    if choice.vacancy_ids:
        chosen &= np.isin(posts.id, choice.vacancy_ids)
    if choice.employer_ids:
        chosen &= np.isin(posts.employer, choice.employer_ids)
    if choice.places:
        chosen &= _inside(posts.region, choice.places)
    if choice.paired:
        chosen &= _inside(posts.region, _paired_with(session, region, as_of))
    return chosen


def _paired_with(session: Session, region: str, as_of: date) -> list[str]:
    rows = session.exec(select(Pairing).where(Pairing.valid_from <= as_of)).all()
    return [
        row.destination_region
        for row in rows
        if (row.valid_until is None or row.valid_until >= as_of)
        and (region.startswith(row.origin_region) or row.origin_region.startswith(region))
    ]


def _inside(codes: IntArray, places: Sequence[str]) -> BoolArray:
    inside = np.zeros(len(codes), np.bool_)
    for first, last in regions.spans(places):
        inside |= (codes >= first) & (codes <= last)
    return inside


def _require_there(session: Session, choice: MatchPlanChoice) -> None:
    if Wants.NONE in choice.wants:
        raise invalid(
            "wants",
            "wants_none",
            "登记为暂不就业的人不安排岗位，请去掉“暂不就业”。本人愿意就业了，请先更新就业意愿",
        )
    _require_places(session, choice)
    people = set(choice.worker_ids)
    known = select(func.count()).where(among(Worker.id, people), col(Worker.merged_into).is_(None))
    if people and (missing := len(people) - session.exec(known).one()):
        raise invalid("worker_ids", "unknown", f"有{missing}个人不存在，或不在您的管辖范围内，请去掉后再试")
    for field, given, query in (
        (
            "vacancy_ids",
            set(choice.vacancy_ids),
            select(func.count()).where(
                among(Vacancy.id, choice.vacancy_ids), col(Vacancy.state) == VacancyState.PUBLISHED
            ),
        ),
        (
            "employer_ids",
            set(choice.employer_ids),
            select(func.count(func.distinct(col(Vacancy.employer_id)))).where(
                among(Vacancy.employer_id, choice.employer_ids), col(Vacancy.state) == VacancyState.PUBLISHED
            ),
        ),
    ):
        if given and (missing := len(given) - session.exec(query).one()):
            what = "个岗位没有发布或不存在" if field == "vacancy_ids" else "个单位没有已发布的岗位"
            raise invalid(field, "unknown", f"有{missing}{what}，请去掉后再试")


def _require_places(session: Session, choice: MatchPlanChoice) -> None:
    buses = [bus.place for bus in choice.buses]
    there = set(session.exec(select(Region.code).where(col(Region.code).in_([*choice.places, *buses]))))
    for field, words, codes in (("places", "去哪里", choice.places), ("buses", "包车", buses)):
        for at, code in enumerate(codes):
            if code not in there or (field == "buses" and len(code) > _COUNTY_DIGITS):
                raise invalid(
                    f"{field}.{at}",
                    "unknown",
                    f"{words}：第{at + 1}个代码不在行政区划表里。请填省、市或县（市、区）的代码，如320612是江苏省南通市通州区",
                )
    if len(set(buses)) < len(buses):
        raise invalid("buses", "twice", "包车：同一个地方只写一次")
