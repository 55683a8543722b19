"""Benefits as they are answered: which there are, how somebody stands to them, and refusals in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends
from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.deps import Caller, SettingsDep
from api.errors import Problem, conflict, invalid, not_found
from api.presenting import Presenter
from api.schemas.base import Labelled
from api.schemas.benefit import (
    AmountPublic,
    BenefitPublic,
    ClaimPublic,
    StandingPublic,
    TotalPublic,
)
from api.settings import Settings
from models.benefit import BenefitClaim, ClaimState
from models.employer import Employer
from models.worker import Worker
from outcomes.benefits.benefit import Amount, Benefit, Party
from outcomes.benefits.catalogue import known_benefits, read_benefits
from outcomes.benefits.claiming import ClaimError
from outcomes.benefits.judging import judge
from outcomes.benefits.people import people_of
from outcomes.benefits.recovering import recoveries
from outcomes.benefits.standing import Standing
from outcomes.benefits.unclaimed import Total

Answer = TypeVar("Answer")


def benefits_of(settings: Settings) -> Mapping[str, Benefit]:
    """The benefits that this service knows: the examples, and those of the settings' own file."""
    found = dict(known_benefits(demonstration=settings.demonstration))
    if settings.benefits_file is not None:
        found |= read_benefits(settings.benefits_file.read_text(encoding="utf-8"))
    return found


def get_benefits(settings: SettingsDep) -> Mapping[str, Benefit]:
    """`benefits_of` as a dependency."""
    return benefits_of(settings)


BenefitsDep = Annotated[Mapping[str, Benefit], Depends(get_benefits)]


def benefit_or_404(benefits: Mapping[str, Benefit], code: str) -> Benefit:
    """The benefit of that code.

    Raises
    ------
    Problem
        404 when there is none.
    """
    if code not in benefits:
        raise not_found("这项补贴")
    return benefits[code]


def in_region(benefit: Benefit, region: str) -> bool:
    """Whether any of the people of `region` ("" for everywhere) may have it: it lies within the benefit's region, or
    around it."""
    return region.startswith(benefit.region) or benefit.region.startswith(region)


def region_asked(caller: Caller, region: str | None) -> str:
    """The region that is asked for, one of the caller's; the first of them unless told.

    Raises
    ------
    Problem
        403 for another's.
    """
    region = region or (caller.regions[0] if caller.regions else "")
    if not caller.governs(region):
        raise Problem(403, "outside-scope", "不在您的管辖范围内", "只能查看本辖区的补贴名单。")
    return region


def region_listed(caller: Caller, region: str | None) -> str:
    """The region whose people are listed: the one that is asked for, else all of the caller's ("" where several).

    Raises
    ------
    Problem
        403 for another's.
    """
    return "" if region is None and len(caller.regions) > 1 else region_asked(caller, region)


def benefit_public(benefit: Benefit, present: Presenter) -> BenefitPublic:
    """What a benefit is."""
    rules = [tier.rule for tier in benefit.tiers if tier.rule is not None]
    first, last = benefit.years
    return BenefitPublic(
        code=benefit.code,
        name=benefit.name,
        region=present.known_place(benefit.region),
        from_year=first,
        to_year=last,
        party=benefit.party,
        amounts=benefit.amount_words,
        amount_known=all(tier.amount.fen is not None for tier in benefit.tiers),
        rules=[Labelled(code=rule.rule.id, label=rule.name) for rule in rules],
        rule_is_ours=benefit.rule_is_ours,
        evidence=list(benefit.evidence),
        note=benefit.note,
        notice_days=benefit.notice_days,
    )


def amount_public(amount: Amount) -> AmountPublic:
    """An amount: exact, at most, or not known."""
    return AmountPublic(fen=amount.fen, most=amount.most if amount.fen is None else None, words=amount.words)


def total_public(total: Total) -> TotalPublic:
    """A sum, with what it does not hold."""
    return TotalPublic(count=total.count, fen=total.fen, most=total.most, unknown=total.unknown)


def standings_of(
    session: Session, benefits: Mapping[str, Benefit], worker: Worker, *, year: int, as_of: date
) -> list[tuple[Benefit, Standing]]:
    """How one person stands to each benefit of the region where she is registered, of that year; a restricted one to none."""
    people = people_of(session, benefits, as_of, worker_ids=[worker.identity])
    return [
        (benefit, judge(benefit, person, year=year, as_of=as_of))
        for person in people.values()
        for benefit in benefits.values()
        if benefit.party is Party.WORKER and benefit.of_region(person.region) and benefit.of_year(year)
    ]


def standing_public(
    benefit: Benefit, standing: Standing, year: int, claim: ClaimPublic | None, groundless: str = ""
) -> StandingPublic:
    """How a person stands to a benefit, and her claim, if one is in force; why it would not be paid any more."""
    return StandingPublic(
        benefit=Labelled(code=benefit.code, label=benefit.name),
        year=year,
        state=standing.state,
        amount=amount_public(standing.amount),
        missing=list(standing.missing),
        since=standing.since,
        rule=standing.tier.rule.name if standing.tier and standing.tier.rule else None,
        spell_ids=[key for key in standing.spells if isinstance(key, int)],
        claim=claim,
        groundless=groundless,
    )


def claims_public(
    session: Session, present: Presenter, benefits: Mapping[str, Benefit], rows: Sequence[BenefitClaim]
) -> list[ClaimPublic]:
    """Claims with whose they are."""
    workers = _by_number(session, Worker, [row.worker_id for row in rows])
    people = {summary.id: summary for summary in present.workers(list(workers.values()))}
    firms = _by_number(session, Employer, [row.employer_id for row in rows])
    settled = recoveries(session, [row.identity for row in rows])
    made = []
    for row in rows:
        benefit = benefits.get(row.benefit)
        firm = firms.get(row.employer_id or 0)
        told = row.model_dump(include=_AS_THEY_ARE)
        made.append(
            ClaimPublic(
                **told,
                benefit=Labelled(code=row.benefit, label=benefit.name if benefit else row.benefit),
                region=present.known_place(row.region),
                worker=people.get(row.worker_id or 0),
                employer=Labelled(code=str(firm.identity), label=firm.name) if firm else None,
                recovery=settled.get(row.identity),
            )
        )
    return made


_AS_THEY_ARE = {
    "id", "version", "batch_id", "year", "amount", "heads", "costs", "state", "reason", "opened_on", "notice_on",
    "approved_on", "paid_on", "is_demo",
}  # fmt: skip

Kept = TypeVar("Kept", Worker, Employer)


def _by_number(session: Session, table: type[Kept], ids: Sequence[int | None]) -> dict[int, Kept]:
    rows = session.exec(select(table).where(col(table.id).in_([number for number in ids if number])))
    return {row.identity: row for row in rows}


def claims_of_worker(session: Session, worker_id: int, year: int) -> dict[str, BenefitClaim]:
    """The claims in force of one person in a year, by benefit; those of a record that went up in hers too."""
    hers = select(Worker.id).where(or_(col(Worker.id) == worker_id, col(Worker.merged_into) == worker_id))
    rows = session.exec(
        select(BenefitClaim).where(
            col(BenefitClaim.worker_id).in_(hers),
            BenefitClaim.year == year,
            col(BenefitClaim.state) != ClaimState.REFUSED,
        )
    )
    return {row.benefit: row for row in rows}


def claiming(command: Callable[[], Answer]) -> Answer:
    """Carry out a step of claims or of an audit.

    Raises
    ------
    Problem
        409 when they do not stand where the step begins, 422 for an amount that can't be.
    """
    try:
        return command()
    except ClaimError as error:
        words = _WORDS[error.code].format(
            count=error.count, on=f"{error.on:%Y年%-m月%-d日}" if error.on else ""
        )
        if error.code in ("amount_fixed", "amount_too_high"):
            raise invalid("amount", error.code.replace("_", "-"), words) from error
        if error.code == "unknown":
            raise invalid("claim_ids", "unknown", words) from error
        raise conflict("claim-step", "这一步现在不能办", words) from error


_WORDS = {
    "amount_fixed": "这项补贴的金额是规定好的，不能另填",
    "amount_too_high": "金额超过了这项补贴的上限",
    "amount_unknown": "有{count}条申领还没有金额，请先填写金额。没有办理任何一条。",
    "paid": "有{count}条已经登记过发放（最近一次是{on}），不用再办。没有办理任何一条，请刷新后再选。",
    "grounded": "有{count}条不用追回：按现在的记录符合条件，或者已经登记过追回的结果。没有办理任何一条，请刷新后再选。",
    "changed": "有{count}条申领的条件已经变化：务工记录更正过，或者本人的资料已限制使用。请先核对，不再符合的登记不予发放。没有办理任何一条。",
    "notice_runs": "有{count}条申领公示期还没有满。没有办理任何一条。",
    "state": "有{count}条不在这一步。没有办理任何一条，请刷新后再试。",
    "too_early": "有{count}条的日期早于上一步。没有办理任何一条。",
    "unknown": "有{count}条申领没有找到，或不在本辖区。没有办理任何一条",
    "nothing_approved": "这个人在这一批里没有审批过申领，没有可抽查的。",
    "drawn": "这一批已经抽过了，同一人的审批只抽一次。",
    "own_finding": "抽查意见由被抽查的一方答复，提意见的账号不能自己答复。",
    "own": "自己审批的申领由别人抽查，请换一个账号。",
}
