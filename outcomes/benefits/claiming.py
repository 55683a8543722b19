"""申领 from the opening to the payment: 村级核查, 公示, 审批, 发放; or refused with a reason. All or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.benefit import UNDER_WAY, BenefitClaim, ClaimBatch, ClaimEvent, ClaimState
from outcomes.benefits.benefit import Amount, Benefit
from outcomes.benefits.judged_again import judged_again
from outcomes.benefits.people import Benefits
from outcomes.benefits.standing import State

NEXT = {
    ClaimState.PUBLIC_NOTICE: ClaimState.VILLAGE_CHECK,
    ClaimState.APPROVED: ClaimState.PUBLIC_NOTICE,
    ClaimState.PAID: ClaimState.APPROVED,
}
"""For each step of the way the state from which it is taken."""


class ClaimError(ValueError):
    """A step that can't be taken; `code` says why, `count` of how many claims or claimants it is true, `on` since when."""

    def __init__(self, code: str, count: int = 1, on: date | None = None) -> None:
        super().__init__(f"{code}: {count}")
        self.code = code
        self.count = count
        self.on = on


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims: a worker or an employer, of which region; what the benefit brings, and an employer's heads, costs."""

    region: str
    amount: Amount
    worker_id: int | None = None
    employer_id: int | None = None
    heads: int | None = None
    costs: int | None = None
    is_demo: bool = False


def amount_to_claim(amount: Amount, told: int | None) -> int | None:
    """The fen to claim: what the benefit says, or what was told where it does not.

    Raises
    ------
    ClaimError
        `amount_fixed` when another amount was told than the benefit's, `amount_too_high` above its most.
    """
    if amount.fen is not None:
        if told not in (None, amount.fen):
            raise ClaimError("amount_fixed")
        return amount.fen
    if told is not None and amount.most is not None and told > amount.most:
        raise ClaimError("amount_too_high")
    return told


def open_claims(
    session: Session,
    benefit: Benefit,
    year: int,
    claimants: Sequence[Claimant],
    *,
    region: str,
    account_id: int,
    on: date,
    told: int | None = None,
) -> ClaimBatch:
    """Open a claim for each, as one batch, in the village's check.

    Raises
    ------
    ClaimError
        as `amount_to_claim`; `claimed` when one of them has a claim in force already.
    sqlalchemy.exc.IntegrityError
        when another was faster.
    """
    batch = ClaimBatch(
        region=region, benefit=benefit.code, year=year, opened_on=on, account_id=account_id,
        is_demo=all(each.is_demo for each in claimants),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    rows = [
        BenefitClaim(
            batch_id=batch.identity,
            worker_id=each.worker_id,
            employer_id=each.employer_id,
            region=each.region,
            benefit=benefit.code,
            year=year,
            amount=amount_to_claim(each.amount, told),
            heads=each.heads,
            costs=each.costs,
            opened_on=on,
            is_demo=each.is_demo,
        )
        for each in claimants
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        ClaimEvent(
            claim_id=row.identity, to_state=ClaimState.VILLAGE_CHECK, on_date=on, account_id=account_id
        )
        for row in rows
    )
    session.flush()
    return batch


def held(session: Session, claim_ids: Sequence[int]) -> list[BenefitClaim]:
    """The claims, locked in the order of their numbers until the transaction ends.

    Raises
    ------
    ClaimError
        `unknown` when one of them is not there, or not the caller's.
    """
    wanted = sorted(set(claim_ids))
    rows = list(
        session.exec(
            select(BenefitClaim)
            .where(col(BenefitClaim.id).in_(wanted))
            .order_by(col(BenefitClaim.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    if len(rows) < len(wanted):
        raise ClaimError("unknown", len(wanted) - len(rows))
    return rows


def give_notice(session: Session, claim_ids: Sequence[int], *, account_id: int, on: date) -> int:
    """The village has checked them: on public notice from `on`; how many."""

    def noticed(row: BenefitClaim) -> None:
        row.notice_on = on

    return _step(session, claim_ids, ClaimState.PUBLIC_NOTICE, noticed, account_id, on)


def approve(
    session: Session, claim_ids: Sequence[int], benefits: Benefits, *, account_id: int, on: date
) -> int:
    """Approve them on `on`; how many.

    Raises
    ------
    ClaimError
        `amount_unknown`, `notice_runs` while the days of public notice are not over, or `changed` as `require_entitled`.
    """

    def approved(row: BenefitClaim) -> None:
        row.approved_on, row.approved_by = on, account_id

    rows = held(session, claim_ids)
    if lacking := sum(row.amount is None for row in rows):
        raise ClaimError("amount_unknown", lacking)
    if early := sum(
        row.state is ClaimState.PUBLIC_NOTICE and on < notice_over(row, benefits) for row in rows
    ):
        raise ClaimError("notice_runs", early)
    _require_at(rows, ClaimState.APPROVED)
    require_entitled(session, rows, benefits)
    return _step(session, claim_ids, ClaimState.APPROVED, approved, account_id, on)


def pay(session: Session, claim_ids: Sequence[int], benefits: Benefits, *, account_id: int, on: date) -> int:
    """Note that the money went out on `on`; how many.

    Raises
    ------
    ClaimError
        `paid` when one of them was paid before, `changed` as `require_entitled`.
    """

    def paid(row: BenefitClaim) -> None:
        row.paid_on = on

    rows = held(session, claim_ids)
    if before := [row.paid_on for row in rows if row.paid_on is not None]:
        raise ClaimError("paid", len(before), max(before))
    _require_at(rows, ClaimState.PAID)
    require_entitled(session, rows, benefits)
    return _step(session, claim_ids, ClaimState.PAID, paid, account_id, on)


def refuse(session: Session, claim_ids: Sequence[int], *, account_id: int, on: date, reason: str) -> int:
    """End claims that are not paid yet, for a reason; the claimant may claim again.

    Raises
    ------
    ClaimError
        `state` when one of them is paid or refused.
    """
    rows = held(session, claim_ids)
    if wrong := sum(row.state not in UNDER_WAY for row in rows):
        raise ClaimError("state", wrong)
    for row in rows:
        _moved(session, row, ClaimState.REFUSED, account_id, on, reason)
        row.reason = reason
    session.flush()
    return len(rows)


def require_entitled(session: Session, rows: Sequence[BenefitClaim], benefits: Benefits) -> None:
    """Whoever claims must still have been entitled on the day of the claim, as the record says now.

    Raises
    ------
    ClaimError
        `changed` for so many whose work was corrected or taken back since, or whose data may only be stored by now.
    """
    told = judged_again(session, rows, benefits)
    changed = sum(
        each is None or each.standing.state is not State.ENTITLED
        for row in rows
        if row.benefit in benefits
        for each in [told.get(row.identity)]
    )
    if changed:
        raise ClaimError("changed", changed)


def notice_over(row: BenefitClaim, benefits: Mapping[str, Benefit]) -> date:
    """The first day on which a claim on public notice may be approved: its days, the first one too, are over."""
    days = benefits[row.benefit].notice_days if row.benefit in benefits else 0
    return (row.notice_on or row.opened_on) + timedelta(days=days)


def over_notice(session: Session, benefits: Mapping[str, Benefit], on: date) -> list[int]:
    """The claims, by number, that may be approved on the day: their public notice is over."""
    rows = session.exec(select(BenefitClaim).where(BenefitClaim.state == ClaimState.PUBLIC_NOTICE))
    return [row.identity for row in rows if notice_over(row, benefits) <= on]


def _step(
    session: Session,
    claim_ids: Sequence[int],
    to: ClaimState,
    write: Callable[[BenefitClaim], None],
    account_id: int,
    on: date,
) -> int:
    """Take one step with each.

    Raises
    ------
    ClaimError
        `state` when one of them is not at the step before, `too_early` when that was taken after `on`.
    """
    rows = held(session, claim_ids)
    _require_at(rows, to)
    before = {row.identity: row.approved_on or row.notice_on or row.opened_on for row in rows}
    if early := sum(day > on for day in before.values()):
        raise ClaimError("too_early", early)
    for row in rows:
        write(row)
        _moved(session, row, to, account_id, on, "")
    session.flush()
    return len(rows)


def _require_at(rows: Sequence[BenefitClaim], to: ClaimState) -> None:
    if wrong := sum(row.state is not NEXT[to] for row in rows):
        raise ClaimError("state", wrong)


def _moved(
    session: Session, row: BenefitClaim, to: ClaimState, account_id: int, on: date, reason: str
) -> None:
    session.add(
        ClaimEvent(
            claim_id=row.identity, from_state=row.state, to_state=to, on_date=on, account_id=account_id,
            reason=reason,
        )
    )  # fmt: skip
    row.state = to
    session.add(row)
