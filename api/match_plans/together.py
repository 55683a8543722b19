"""同行: people of a plan who go together are approved together, or not at all."""

from collections.abc import Sequence

from sqlmodel import Session, select

from api.errors import conflict
from models.bulk import among
from models.match_plan import LineState, MatchPlan, MatchPlanPerson


def with_companions(
    session: Session, plan: MatchPlan, lines: Sequence[MatchPlanPerson]
) -> list[MatchPlanPerson]:
    """These lines, and those of their parties who wait for approval as well."""
    have = {line.identity for line in lines}
    parties = {line.together for line in lines if line.together is not None}
    others = session.exec(
        select(MatchPlanPerson).where(
            MatchPlanPerson.plan_id == plan.identity,
            MatchPlanPerson.state == LineState.PROPOSED,
            among(MatchPlanPerson.together, parties),
        )
    ).all()
    return [*lines, *(line for line in others if line.identity not in have)]


def companions_of(session: Session, plan: MatchPlan, worker_ids: Sequence[int]) -> list[int]:
    """Who waits for approval, is not among these people, and goes with one of them."""
    lines = session.exec(
        select(MatchPlanPerson).where(
            MatchPlanPerson.plan_id == plan.identity, among(MatchPlanPerson.worker_id, worker_ids)
        )
    ).all()
    found = {line.worker_id for line in with_companions(session, plan, lines)}
    return sorted(found - set(worker_ids))


def require_whole(session: Session, plan: MatchPlan, lines: Sequence[MatchPlanPerson]) -> None:
    """Nobody of a party is approved while another of it is left waiting.

    Raises
    ------
    Problem
        409 where somebody is missing.
    """
    if len(with_companions(session, plan, lines)) > len(lines):
        raise conflict(
            "party-split",
            "同行的人要一起批准",
            "所选的人里有人要和别人一起走，同行的人没有选上。请把同行的人一起选上再批准，或用“全部批准”。",
        )


def parties_of(lines: Sequence[MatchPlanPerson]) -> list[list[MatchPlanPerson]]:
    """The lines by party, whoever goes alone by themselves, in the order of each party's first."""
    found: dict[tuple[str, int], list[MatchPlanPerson]] = {}
    for line in sorted(lines, key=lambda each: each.identity):
        key = ("alone", line.identity) if line.together is None else ("party", line.together)
        found.setdefault(key, []).append(line)
    return list(found.values())
