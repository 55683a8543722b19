"""Which ranker serves: the one place where the service decides that."""

from sqlmodel import Session

from api.learned.serving import what_serves
from matching.rankers import PriorRanker


def in_force(session: Session, objective: str = "surplus") -> PriorRanker:
    """The ranker that serves, not yet fitted to a market: the model that has learned and may serve, else the documented prior."""
    return what_serves(session).ranker(objective)
