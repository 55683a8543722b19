"""Who is entitled, who not yet, who was paid: a benefit over many people at once, or one.

Pure. Whether a stability rule is fulfilled is asked of `outcomes.stability` alone, under the rule's own name; here
stands what a benefit adds to it: for which year, in which region, beside which other payments, how much.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from outcomes.benefits.benefit import Amount, Benefit, Tier
from outcomes.benefits.missing import Gap, closest, gap_of
from outcomes.benefits.standing import Payment, Person, Standing, State
from outcomes.columns import columns_of
from outcomes.rules import RuleError, StabilityRule
from outcomes.stability import StabilityResult, evaluate_all


def judge(benefit: Benefit, person: Person, *, year: int, as_of: date) -> Standing:
    """What a benefit says of one person in `year`, as of 24:00 of `as_of`, with all that is missing."""
    standing = judge_all(benefit, [person], year=year, as_of=as_of)[0]
    if standing.state is not State.NOT_YET or standing.missing:
        return standing
    if benefit.claim_to is not None and as_of > benefit.claim_to:
        return replace(standing, missing=(f"申领期已于{_day(benefit.claim_to)}截止",))
    gaps: list[Gap] = [
        gap_of(rule, person, as_of)
        for tier in benefit.tiers
        if tier.rule is not None and (rule := rule_of_year(tier.rule.rule, year)) is not None
    ]
    said = list(closest(gaps))
    if benefit.population is not None and benefit.population not in person.populations:
        said.append(f"只发给{benefit.population.label}")
    return replace(standing, missing=tuple(said))


def judge_all(benefit: Benefit, people: Sequence[Person], *, year: int, as_of: date) -> list[Standing]:
    """The same for many, in their order. Of those not yet entitled only what other payments forbid is told.

    For somebody whose rule was fulfilled in an earlier year already, its time is asked of `year` by itself.
    """
    barred = [_barred(benefit, person, year) for person in people]
    found: list[Standing] = [Standing(State.NOT_YET) if each is None else each for each in barred]
    asked = [at for at, each in enumerate(barred) if each is None and _may(benefit, people[at])]
    if benefit.claim_to is not None and as_of > benefit.claim_to:
        return found
    for tier in benefit.tiers:
        if tier.rule is None:
            continue
        for at, result in _fulfilled(tier.rule.rule, [people[at] for at in asked], year, as_of).items():
            standing = Standing(
                State.ENTITLED,
                _brought(tier, result),
                since=result.stable_on,
                tier=tier,
                spells=result.spells,
            )
            place = asked[at]
            if found[place].state is State.NOT_YET or _dearer(standing, found[place]):
                found[place] = standing
    return found


def rule_of_year(rule: StabilityRule, year: int) -> StabilityRule | None:
    """The rule asked of one year by itself; None where it is another year's, or no year has room for its time."""
    if rule.calendar_year not in (None, True, year):
        return None
    try:
        return replace(rule, calendar_year=year)
    except RuleError:
        return None


def _fulfilled(
    rule: StabilityRule, people: Sequence[Person], year: int, as_of: date
) -> dict[int, StabilityResult]:
    """By position whoever fulfilled the rule in `year`: by its own mark, or in that year by itself."""
    found: dict[int, StabilityResult] = {}
    asked = list(range(len(people)))
    for each in dict.fromkeys((rule, rule_of_year(rule, year))):
        if each is None:
            continue
        columns = columns_of([(people[at].spells, people[at].birth_date) for at in asked])
        for at, result in evaluate_all(columns, each, as_of=as_of).of_year(year).results():
            found.setdefault(asked[at], result)
        asked = [at for at in asked if at not in found]
    return found


def _may(benefit: Benefit, person: Person) -> bool:
    return benefit.population is None or benefit.population in person.populations


def _barred(benefit: Benefit, person: Person, year: int) -> Standing | None:
    """What payments, place and year say before any work is looked at; None where they leave it open."""
    if paid := _paid(person.payments, benefit, year):
        return Standing(State.PAID, Amount(paid.fen), since=paid.paid_on)
    said: list[str] = []
    if not benefit.of_year(year):
        said.append(f"{year}年没有这项补贴")
    if not benefit.of_region(person.region):
        said.append("户籍不在发放这项补贴的地区")
    said += [
        f"{year}年{_claimed(other)}“{other.benefit.name}”，两项不能同时享受"
        for other in person.payments
        if other.year == year and _excluded(benefit, other.benefit)
    ]
    if benefit.not_if_paid_last_year and (before := _paid(person.payments, benefit, year - 1)):
        said.append(f"{year - 1}年已领过{Amount(before.fen).words}，今年不再发放")
    return Standing(State.NOT_YET, missing=tuple(said)) if said else None


def _paid(payments: Sequence[Payment], benefit: Benefit, year: int) -> Payment | None:
    mine = (each for each in payments if each.benefit.code == benefit.code and each.year == year)
    return next((each for each in mine if each.paid_on is not None), None)


def _claimed(payment: Payment) -> str:
    return "正在申领" if payment.paid_on is None else f"已领{Amount(payment.fen).words}的"


def _excluded(one: Benefit, other: Benefit) -> bool:
    """Either names the other; or one is for who was organised, the other for who went by herself."""
    if one.code == other.code:
        return False
    apart = None not in (one.arrangement, other.arrangement) and one.arrangement is not other.arrangement
    return apart or other.code in one.excludes or one.code in other.excludes


def _brought(tier: Tier, result: StabilityResult) -> Amount:
    if tier.most_months is None or tier.amount.fen is None:
        return tier.amount
    return Amount(tier.amount.fen * min(result.months, tier.most_months))


def _dearer(one: Standing, other: Standing) -> bool:
    return (one.amount.fen or one.amount.most or 0) > (other.amount.fen or other.amount.most or 0)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
