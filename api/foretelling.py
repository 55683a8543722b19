"""The hazards of those at work by the model in force, as the order of calls asks for them.

Only a model that has learned tells any. The documented prior is no measurement of this county's people: by it all would be as
likely to leave as its tables assume, while the estimate from the region's own stays knows how many did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlmodel import Session

from api.ranker import in_force
from matching import regions
from matching.columns import FloatArray, Market
from matching.learning.history import Applications, History, Stretches
from matching.learning.ranker import LearnedRanker
from matching.learning.rows import whole_market
from matching.learning.tenure import between, risks
from matching.market import load_named_vacancies, load_pairings, load_townspeople, load_workers
from matching.regions import IntArray
from models.bulk import among
from models.spell import EmploymentSpell
from outcomes.foretold import Foretelling

_NO_APPLICATIONS = Applications(*(np.empty(0, kind) for kind in ("i8", "i8", "M8[D]", "M8[D]", "i1")))


@dataclass(frozen=True, slots=True)
class _Learned:
    """Fulfils `outcomes.foretold.Hazards`."""

    risk: FloatArray

    def between(self, first: IntArray, last: IntArray) -> FloatArray:
        # A tenure of t days is t days without leaving, whose last has not ended.
        return between(self.risk, first, last)


def foretelling(session: Session, as_of: date) -> Foretelling:
    """What the model in force foretells of spells as of a day; None of any while it has learned nothing."""

    def tell(spell_ids: Sequence[int]) -> _Learned | None:
        ranker = in_force(session)
        if not isinstance(ranker, LearnedRanker) or ranker.learned.stay.line is None:
            return None
        market, history = _placed(session, spell_ids, as_of)
        of = history.stretches
        return _Learned(risks(ranker.learned, market, of.worker, of.vacancy, of.started))

    return tell


def _placed(session: Session, spell_ids: Sequence[int], as_of: date) -> tuple[Market, History]:
    """The spells in the order asked for, in a market of their people and posts; where none is named, of employer and place."""
    spell = EmploymentSpell
    columns: tuple[Any, ...] = (
        spell.id, spell.worker_id, spell.vacancy_id, spell.employer_id, spell.region, spell.started_on, spell.ended_on,
        spell.monthly_income,
    )  # fmt: skip
    found = {row[0]: row for row in session.execute(select(*columns).where(among(spell.id, spell_ids)))}
    rows = [found[number] for number in spell_ids]
    workers = load_workers(session, as_of, worker_ids=sorted({row.worker_id for row in rows}))
    posts = load_named_vacancies(session, sorted({row.vacancy_id for row in rows if row.vacancy_id}))
    person = {number: at for at, number in enumerate(workers.id.tolist())}
    post = {number: at for at, number in enumerate(posts.id.tolist())}
    never = np.datetime64("NaT", "D")
    stretches = Stretches(
        worker=np.array([person[row.worker_id] for row in rows], np.int64),
        vacancy=np.array([post.get(row.vacancy_id, -1) for row in rows], np.int64),
        employer=np.array([row.employer_id or 0 for row in rows], np.int64),
        region=np.array([regions.padded(row.region) if row.region else 0 for row in rows], np.int64),
        started=np.array([row.started_on for row in rows], "datetime64[D]"),
        ended=np.array([row.ended_on or never for row in rows], "datetime64[D]"),
        observed=np.full(len(rows), never),
        income=np.array(
            [row.monthly_income if row.monthly_income is not None else np.nan for row in rows], float
        ),
    )
    market = Market(workers, posts, as_of, load_townspeople(session, as_of), load_pairings(session, as_of))
    return whole_market(market, History(stretches, _NO_APPLICATIONS))
