"""随访分工: who calls whom, given on to a colleague who may call there, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.deps import Caller
from api.errors import Problem, invalid, not_found
from api.rights import ALLOWED, Action
from models.care import CallerAssignment
from models.worker import Worker

_WITHIN = text(
    "SELECT account_id, display_name, region FROM accounts_within(CAST(:roles AS text[])) ORDER BY region, account_id"
)
_ROLES = [role.value for role, actions in ALLOWED.items() if Action.FOLLOW_UP in actions]


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account of the bureau or of one below it that may follow people up, and where."""

    account_id: int
    name: str
    regions: tuple[str, ...]


def colleagues(session: Session) -> list[Colleague]:
    """Everybody to whom people may be given, the bureau's own first."""
    found: dict[int, Colleague] = {}
    for row in session.connection().execute(_WITHIN, {"roles": _ROLES}):
        before = found.get(row.account_id)
        regions = (*(before.regions if before else ()), row.region)
        found[row.account_id] = Colleague(row.account_id, row.display_name, regions)
    return list(found.values())


def take(session: Session, caller: Caller, worker_ids: Sequence[int]) -> int:
    """The caller calls these people from now on, whoever did before."""
    people = _seen(session, worker_ids)
    standing = _assignments(session, people)
    for worker_id in people:
        row = standing.get(worker_id) or CallerAssignment(worker_id=worker_id, account_id=0, assigned_by=0)
        row.account_id = row.assigned_by = caller.account_id
        row.previous_id = None
        session.add(row)
    session.flush()
    return len(people)


def release(session: Session, caller: Caller, worker_ids: Sequence[int]) -> int:
    """Nobody in particular calls these people; how many somebody did.

    Raises
    ------
    Problem
        403 where one of them is called by another and was not given by the caller; who manages may let go of all.
    """
    standing = _assignments(session, _seen(session, worker_ids))
    others = sum(caller.account_id not in (row.account_id, row.assigned_by) for row in standing.values())
    if others and not caller.may(Action.MANAGE):
        raise Problem(
            403,
            "not-allowed",
            "由别人随访的不能放下",
            f"选中的人里有{others}个由别人随访。只有随访人本人、交给他的人或县里的管理人员可以放下，请去掉他们。没有改动任何人。",
        )
    for row in standing.values():
        session.delete(row)
    session.flush()
    return len(standing)


def give(session: Session, caller: Caller, worker_ids: Sequence[int], account_id: int) -> int:
    """Another account calls these people from now on; of whom it calls already nothing changes. How many were given.

    Raises
    ------
    Problem
        422 for an account that may not call in the bureau, or not where one of these people is registered.
    """
    people = _seen(session, worker_ids)
    colleague = next((each for each in colleagues(session) if each.account_id == account_id), None)
    if colleague is None:
        raise invalid("account_id", "unknown", "没有这个可以随访的账号，请从本单位的随访人员中选择")
    homes = session.exec(select(Worker.region).where(col(Worker.id).in_(people))).all()
    outside = sum(not any(home.startswith(own) for own in colleague.regions) for home in homes)
    if outside:
        raise invalid(
            "worker_ids",
            "outside",
            f"选中的人里有{outside}个不在“{colleague.name}”管的地方，请去掉他们，或换一个随访人。没有移交任何人",
        )
    standing, given = _assignments(session, people), 0
    for worker_id in people:
        row = standing.get(worker_id)
        if row is None:
            row = CallerAssignment(worker_id=worker_id, account_id=account_id, assigned_by=caller.account_id)
        elif row.account_id == account_id:
            continue
        else:
            row.previous_id = row.account_id
            row.account_id, row.assigned_by = account_id, caller.account_id
        session.add(row)
        given += 1
    session.flush()
    return given


def take_back(session: Session, caller: Caller, worker_ids: Sequence[int]) -> int:
    """Whom the caller gave on is called by who did before, or by nobody in particular; how many. Whom somebody has taken
    or given on since stays where they are."""
    standing = _assignments(session, _seen(session, worker_ids))
    back = [
        row
        for row in standing.values()
        if row.assigned_by == caller.account_id and row.account_id != caller.account_id
    ]
    for row in back:
        if row.previous_id is None:
            session.delete(row)
            continue
        row.account_id, row.previous_id = row.previous_id, None
        # Who calls again is nobody's to take back a second time.
        row.assigned_by = row.account_id
        session.add(row)
    session.flush()
    return len(back)


def _assignments(session: Session, people: Sequence[int]) -> dict[int, CallerAssignment]:
    wanted = col(CallerAssignment.worker_id).in_(people)
    rows = session.exec(
        select(CallerAssignment).where(wanted).order_by(col(CallerAssignment.worker_id)).with_for_update()
    )
    return {row.worker_id: row for row in rows}


def _seen(session: Session, worker_ids: Sequence[int]) -> list[int]:
    """Those people.

    Raises
    ------
    Problem
        404 where one of them is none of the caller's.
    """
    wanted = sorted(set(worker_ids))
    known = session.exec(
        select(Worker.id).where(col(Worker.id).in_(wanted), col(Worker.merged_into).is_(None))
    )
    if len(known.all()) < len(wanted):
        raise not_found("名单中的人")
    return wanted
