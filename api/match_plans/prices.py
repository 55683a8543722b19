"""What a seat costs those for whom an approved plan has it, for ranking a single person: who comes by leaves it to them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import exists
from sqlmodel import Session, col, select

from matching import regions
from matching.columns import FloatArray
from matching.regions import IntArray
from models.match_plan import LineState, MatchPlan, MatchPlanPerson, MatchPlanPost, PlanState
from models.worker import Worker


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a plan's seats, in the unit of the scores of its objective."""

    plan_id: int
    objective: str
    price: dict[int, float]

    def of(self, vacancies: IntArray) -> FloatArray:
        """One price a post, by number; nan for a post of which the plan says nothing."""
        return np.array([self.price.get(number, np.nan) for number in vacancies.tolist()], np.float64)


def prices_for(session: Session, worker: Worker, as_of: date) -> Prices | None:
    """Of the newest approved plan around the person whose people have not left yet; None without one.

    A draft is nobody's decision yet, and a plan by which nobody goes holds no seat for anybody.
    """
    around = regions.around(worker.region)
    plan = session.exec(
        select(MatchPlan)
        .where(
            col(MatchPlan.region).in_(around),
            MatchPlan.state == PlanState.APPROVED,
            MatchPlan.departs_on >= as_of,
            exists().where(
                col(MatchPlanPerson.plan_id) == col(MatchPlan.id),
                col(MatchPlanPerson.state) == LineState.APPROVED,
            ),
        )
        .order_by(col(MatchPlan.id).desc())
        .limit(1)
    ).first()
    if plan is None:
        return None
    rows = session.exec(
        select(MatchPlanPost.vacancy_id, MatchPlanPost.price).where(MatchPlanPost.plan_id == plan.identity)
    ).all()
    return Prices(plan.identity, plan.objective.value, dict(rows))
