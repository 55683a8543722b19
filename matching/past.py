"""What happened before, read from the database: the people, every post that ever was on offer, and
applications and stretches of work as columns.

Only what is held true today is read (`superseded_at` null), and nothing that began after `as_of`. What an earlier day knew is cut
out of it by dates (`matching.judging.known`), not by when a row was written: a bureau brings years of its past in on one day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from matching import regions
from matching.columns import Market, Vacancies
from matching.learning.history import Applications, History, Outcome, Stretches
from matching.market import (
    load_pairings,
    load_places,
    load_townspeople,
    load_vacancies_ever,
    load_workers,
)
from matching.regions import IntArray
from models.application import Application, ApplicationState, Side
from models.spell import TRANSFER, EmploymentSpell
from models.worker import Worker

_SAID_YES = (ApplicationState.OFFERED, ApplicationState.ACCEPTED, ApplicationState.STARTED)
NEVER_MADE = ("duplicate", "mistaken")
"""Reasons of refusal that say there was no application: 重复推荐, 登记有误."""


@dataclass(frozen=True, slots=True)
class PastMarket:
    """People with a past and all posts; a ranker is fitted on posts on offer, not on these."""

    market: Market
    history: History

    @property
    def begins(self) -> date | None:
        """The first day that anything is known of."""
        days = np.concatenate([self.history.stretches.started, self.history.applications.applied])
        first: date | None = days.min().item() if len(days) else None
        return first


def load_past(session: Session, as_of: date, within: Sequence[str]) -> PastMarket:
    """The past of the people of these regions, as far as the session may see it.

    Restricted people have none; who was merged is the person that was kept. Stretches are those of transfer employment, and
    others where they name a post: a village's public posts, relief work and one's own business are no market to be matched in.
    """
    kept = _kept(session, within)
    applied, worked = _applications(session, as_of, kept), _stretches(session, as_of, kept)
    people = load_workers(session, as_of, worker_ids=sorted({row[0] for row in (*applied, *worked)}))
    posts = load_vacancies_ever(
        session, sorted({row[1] for row in (*applied, *worked) if row[1] is not None})
    )
    market = Market(
        workers=people,
        vacancies=posts,
        as_of=as_of,
        townspeople=load_townspeople(session, as_of),
        pairings=load_pairings(session, as_of),
        places=load_places(session, posts),
    )
    person, post = _rows(people.id), _rows(posts.id)
    return PastMarket(
        market,
        History(_told_stretches(worked, person, post), _told_applications(applied, person, post, posts)),
    )


def _kept(session: Session, within: Sequence[str]) -> dict[int, int]:
    """Of each person of the regions, also of who was merged, the record that is kept; restricted people not."""
    here = or_(*(col(Worker.region).startswith(code, autoescape=True) for code in within))
    asked: tuple[Any, ...] = (Worker.id, Worker.merged_into, Worker.restricted)
    rows = session.execute(select(*asked).where(here)).all()
    standing = {number for number, into, restricted in rows if into is None and not restricted}
    kept: dict[int, int] = {number: number if into is None else into for number, into, _ in rows}
    return {number: into for number, into in kept.items() if into in standing}


def _applications(session: Session, as_of: date, kept: Mapping[int, int]) -> list[tuple[Any, ...]]:
    table = Application
    query = (
        select(
            col(table.worker_id), col(table.vacancy_id), col(table.applied_on), col(table.answered_on),
            col(table.state), col(table.side),
        )
        .where(col(table.applied_on) <= as_of)
        .where(or_(col(table.reason).is_(None), col(table.reason).not_in(NEVER_MADE)))
        .order_by(col(table.applied_on), col(table.id))
    )  # fmt: skip
    return [(kept[row[0]], *row[1:]) for row in session.execute(query) if row[0] in kept]


def _stretches(session: Session, as_of: date, kept: Mapping[int, int]) -> list[tuple[Any, ...]]:
    table = EmploymentSpell
    query = (
        select(
            col(table.worker_id), col(table.vacancy_id), col(table.employer_id), col(table.region),
            col(table.started_on), col(table.ended_on), col(table.observed_until), col(table.monthly_income),
        )
        .where(col(table.superseded_at).is_(None), col(table.started_on) <= as_of)
        .where(or_(col(table.kind).in_(TRANSFER), col(table.vacancy_id).is_not(None)))
        .order_by(col(table.started_on), col(table.id))
    )  # fmt: skip
    return [(kept[row[0]], *row[1:]) for row in session.execute(query) if row[0] in kept]


def _rows(ids: IntArray) -> dict[int, int]:
    return {number: row for row, number in enumerate(ids.tolist())}


def _told_applications(
    rows: Sequence[tuple[Any, ...]], person: Mapping[int, int], post: Mapping[int, int], posts: Vacancies
) -> Applications:
    # What nobody may see of a post, nobody can learn from.
    rows = [row for row in rows if row[1] in post and posts.employer[post[row[1]]] > 0]
    return Applications(
        worker=np.array([person[row[0]] for row in rows], np.int64),
        vacancy=np.array([post[row[1]] for row in rows], np.int64),
        applied=_days([row[2] for row in rows]),
        decided=_days([row[3] for row in rows]),
        outcome=np.array([_outcome(*row[3:]) for row in rows], np.int8),
    )


def _outcome(answered: date | None, state: ApplicationState, side: Side | None) -> Outcome:
    """What the employer said, whoever ended it afterwards; that a person withdraws is no answer of an employer's."""
    if answered is not None or state in _SAID_YES:
        no = state is ApplicationState.REFUSED and side is Side.EMPLOYER
        return Outcome.REFUSED_BY_EMPLOYER if no else Outcome.OFFERED
    return Outcome.NO_ANSWER if state is ApplicationState.EXPIRED else Outcome.OPEN


def _told_stretches(
    rows: Sequence[tuple[Any, ...]], person: Mapping[int, int], post: Mapping[int, int]
) -> Stretches:
    return Stretches(
        worker=np.array([person[row[0]] for row in rows], np.int64),
        vacancy=np.array([-1 if row[1] is None else post.get(row[1], -2) for row in rows], np.int64),
        employer=np.array([row[2] or 0 for row in rows], np.int64),
        region=np.array([regions.padded(row[3]) for row in rows], np.int64),
        started=_days([row[4] for row in rows]),
        ended=_days([row[5] for row in rows]),
        observed=_days([row[6] for row in rows]),
        income=np.array([np.nan if row[7] is None else row[7] for row in rows], np.float64),
    )


def _days(values: Sequence[date | None]) -> Any:
    return np.array(values, "datetime64[D]") if values else np.empty(0, "datetime64[D]")
