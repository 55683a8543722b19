"""What a seat costs those for whom a plan has it, for ranking a single person: early visitors leave it to them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlmodel import Session, col, select

from matching import regions
from matching.columns import FloatArray
from matching.regions import IntArray
from models.match_plan import MatchPlan, MatchPlanPost, PlanState
from models.worker import Worker

_IN_FORCE = (PlanState.DRAFT, PlanState.APPROVING, PlanState.APPROVED)


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of a plan's seats, in the unit of the scores of its objective."""

    plan_id: int
    objective: str
    price: dict[int, float]

    def of(self, vacancies: IntArray) -> FloatArray:
        """One price a post, by number; 0 for a post that the plan does not have."""
        return np.array([self.price.get(number, 0.0) for number in vacancies.tolist()], np.float64)


def prices_for(session: Session, worker: Worker, as_of: date) -> Prices | None:
    """Of the newest plan around the person whose people have not left yet; None without one."""
    around = regions.around(worker.region)
    plan = session.exec(
        select(MatchPlan)
        .where(
            col(MatchPlan.region).in_(around),
            col(MatchPlan.state).in_(_IN_FORCE),
            MatchPlan.departs_on >= as_of,
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
