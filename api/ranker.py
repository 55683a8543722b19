"""Which ranker serves: the one place where the service decides that."""

from sqlmodel import Session

from matching.rankers import PriorRanker


def in_force(session: Session, objective: str = "surplus") -> PriorRanker:  # noqa: ARG001  # what serves will be on record there
    """The ranker that serves, not yet fitted to a market: the documented prior, until one that has learned is better."""
    return PriorRanker(objective)
