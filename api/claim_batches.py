"""A batch of claims: who may stand in it, and how it is answered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.deps import Caller
from api.errors import conflict, invalid, not_found
from api.presenting import Presenter
from api.schemas.base import Labelled
from api.schemas.benefit import BatchPublic, ClaimsCreate
from models.benefit import BenefitClaim, ClaimBatch, ClaimState
from models.employer import Employer
from models.worker import Worker
from outcomes.benefits.benefit import Benefit, Party
from outcomes.benefits.claiming import Claimant
from outcomes.benefits.employers import judge_firm
from outcomes.benefits.judging import judge_all
from outcomes.benefits.people import firms_of, people_of
from outcomes.benefits.standing import Payment, State


def claimants_of(
    session: Session,
    caller: Caller,
    benefits: Mapping[str, Benefit],
    benefit: Benefit,
    body: ClaimsCreate,
    as_of: date,
) -> list[Claimant]:
    """Who claims, each with what the benefit brings.

    Raises
    ------
    Problem
        422 for nobody, for people where employers are wanted, for who is not there or not entitled; 409 for who has
        claimed it for the year already.
    """
    of_workers = benefit.party is Party.WORKER
    if (body.employer_ids and of_workers) or (body.worker_ids and not of_workers):
        raise invalid(
            "benefit", "other-party", f"这项补贴发给{benefit.party.label}，请只选{benefit.party.label}"
        )
    if body.costs is not None and benefit.tiers[0].share is None:
        raise invalid("costs", "not-asked", "这项补贴不按费用的比例发放，不用填费用")
    if of_workers:
        return _workers(session, benefits, benefit, body, as_of)
    return _employers(session, caller, benefits, benefit, body, as_of)


def _workers(
    session: Session, benefits: Mapping[str, Benefit], benefit: Benefit, body: ClaimsCreate, as_of: date
) -> list[Claimant]:
    wanted = sorted(set(body.worker_ids))
    people = people_of(session, benefits, as_of, worker_ids=wanted)
    _require_all("worker_ids", wanted, len(people))
    _require_first(sum(_claimed(person.payments, benefit, body.year) for person in people.values()))
    standings = dict(
        zip(people, judge_all(benefit, list(people.values()), year=body.year, as_of=as_of), strict=True)
    )
    _require_entitled("worker_ids", [each.state for each in standings.values()])
    demo = dict(session.exec(select(Worker.id, Worker.is_demo).where(col(Worker.id).in_(wanted))).all())
    return [
        Claimant(person.region, standings[number].amount, worker_id=number, is_demo=demo[number])
        for number, person in people.items()
    ]


def _employers(
    session: Session,
    caller: Caller,
    benefits: Mapping[str, Benefit],
    benefit: Benefit,
    body: ClaimsCreate,
    as_of: date,
) -> list[Claimant]:
    wanted = sorted(set(body.employer_ids))
    rows = [
        row
        for row in session.exec(
            select(Employer).where(col(Employer.id).in_(wanted)).order_by(col(Employer.id))
        )
        if caller.governs(row.kept_by)
    ]
    _require_all("employer_ids", wanted, len(rows))
    if body.costs is not None and len(rows) != 1:
        raise invalid("costs", "several", "费用一个单位一份，请一次只选一个单位")
    firms = firms_of(session, benefits, as_of, rows)
    _require_first(sum(_claimed(firm.payments, benefit, body.year) for firm in firms.values()))
    standings = {
        number: judge_firm(benefit, firm, year=body.year, as_of=as_of, costs=body.costs)
        for number, firm in firms.items()
    }
    _require_entitled("employer_ids", [each.state for each in standings.values()])
    return [
        Claimant(
            row.kept_by,
            standings[row.identity].amount,
            employer_id=row.identity,
            heads=len(standings[row.identity].heads) or None,
            costs=body.costs,
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def _claimed(payments: Sequence[Payment], benefit: Benefit, year: int) -> bool:
    return any(each.benefit.code == benefit.code and each.year == year for each in payments)


def _require_all(field: str, wanted: Sequence[int], found: int) -> None:
    if not wanted:
        raise invalid(field, "missing", "请选择要申领的人或单位")
    if found < len(wanted):
        words = f"有{len(wanted) - found}个没有找到：不在本辖区，已合并，或信息只保存不使用。没有新增任何一条"
        raise invalid(field, "unknown", words)


def _require_first(claimed: int) -> None:
    if claimed:
        words = f"有{claimed}个已经申领过这一年的这项补贴，一年只能申领一次。没有新增任何一条。"
        raise conflict("already-claimed", "已经申领过", words)


def _require_entitled(field: str, states: Sequence[State]) -> None:
    if lacking := sum(state is not State.ENTITLED for state in states):
        raise invalid(
            field, "not-entitled", f"有{lacking}个还不能享受这项补贴。没有新增任何一条，请看本人页上还差什么"
        )


def batch_or_404(session: Session, batch_id: int) -> ClaimBatch:
    """The batch, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(ClaimBatch, batch_id)
    if row is None:
        raise not_found("这一批申领")
    return row


def batches_public(
    session: Session, present: Presenter, benefits: Mapping[str, Benefit], rows: Sequence[ClaimBatch]
) -> list[BatchPublic]:
    """Batches with how many claims stand where, and what they come to."""
    counted = session.execute(
        columns(
            col(BenefitClaim.batch_id),
            col(BenefitClaim.state),
            func.count(),
            func.coalesce(func.sum(BenefitClaim.amount), 0),
            func.count().filter(col(BenefitClaim.amount).is_(None)),
        )
        .where(col(BenefitClaim.batch_id).in_([row.identity for row in rows]))
        .group_by(col(BenefitClaim.batch_id), col(BenefitClaim.state))
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for batch, state, count, fen, unknown in counted:
        counts[batch][state.value] = count
        if state is not ClaimState.REFUSED:
            before = sums[batch]
            sums[batch] = (before[0] + int(fen), before[1] + unknown)
    names = account_names(session, [row.account_id for row in rows])
    return [
        BatchPublic(
            id=row.identity,
            benefit=Labelled(
                code=row.benefit,
                label=benefits[row.benefit].name if row.benefit in benefits else row.benefit,
            ),
            year=row.year,
            region=present.known_place(row.region),
            opened_on=row.opened_on,
            opened_by=names.get(row.account_id, ""),
            is_demo=row.is_demo,
            counts=counts[row.identity],
            claims=sum(counts[row.identity].values()),
            fen=sums[row.identity][0],
            unknown=sums[row.identity][1],
        )
        for row in rows
    ]
