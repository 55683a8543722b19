"""还差什么: what stands between a person and a rule, one condition at a time, what a clerk can mend first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from outcomes.benefits.standing import Person
from outcomes.rules import StabilityRule
from outcomes.stability import Outlook, StabilityResult, evaluate

_CONDITIONS = (
    "min_evidence",
    "min_contract_months",
    "arrangement",
    "min_average_pay",
    "min_total_pay",
    "kinds",
    "destination",
    "regions",
    "min_age",
)
"""Conditions besides time: those that a paper or a call may mend stand in front."""

_ORDER = list(Outlook)


@dataclass(frozen=True, slots=True)
class Gap:
    """What one rule lacks: how near it is, and each lack in words."""

    outlook: Outlook
    lacking: tuple[str, ...]


def gap_of(rule: StabilityRule, person: Person, as_of: date) -> Gap:
    """What `rule` lacks: time alone, and each condition beside time alone.

    Every question is one to `outcomes.stability`, with conditions left out.
    """
    whole = _asked(person, rule, as_of)
    if not person.spells:
        return Gap(whole.outlook, ("还没有务工记录",))
    nothing: dict[str, Any] = dict.fromkeys(_CONDITIONS)
    bare = replace(rule, **nothing)
    time = _asked(person, bare, as_of)
    if not time.stable:
        counted = _with_place(rule, bare, person, as_of)
        return Gap(whole.outlook, (*counted, whole.reason.rstrip("。")))
    lacking = _lacking(rule, bare, person, as_of)
    # Each is fulfilled alone, by different work: the sentence about the whole says how far the best of it got.
    return Gap(whole.outlook, lacking or (whole.reason.rstrip("。"),))


def closest(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """The lacks of the rule that is nearest: fewest to mend, then the better outlook."""
    nearest = min(gaps, key=lambda gap: (len(gap.lacking), _ORDER.index(gap.outlook)), default=None)
    return nearest.lacking if nearest else ("这项补贴没有写明按务工情况判断的条件",)


def _with_place(rule: StabilityRule, bare: StabilityRule, person: Person, as_of: date) -> tuple[str, ...]:
    """While time is short too: the conditions that no day of the person's fulfils, so that she stays for nothing."""
    day = replace(bare, min_months=None, min_days=None)
    return _lacking(rule, day, person, as_of, skip={"min_average_pay", "min_total_pay"})


def _lacking(
    rule: StabilityRule, bare: StabilityRule, person: Person, as_of: date, skip: Iterable[str] = ()
) -> tuple[str, ...]:
    said = []
    for name in _CONDITIONS:
        wanted = getattr(rule, name)
        if wanted is None or name in skip:
            continue
        if not _asked(person, replace(bare, **{name: wanted}), as_of).stable:
            said.append(_words(name, rule))
    return tuple(said)


def _asked(person: Person, rule: StabilityRule, as_of: date) -> StabilityResult:
    return evaluate(person.spells, rule, as_of=as_of, birth_date=person.birth_date)[0]


def _words(name: str, rule: StabilityRule) -> str:
    if name == "min_evidence" and rule.min_evidence is not None:
        return f"缺佐证：这段务工要全部有{rule.min_evidence.label}，或更高等级的佐证"
    if name == "min_contract_months":
        return f"没有{rule.min_contract_months}个月以上的合同，或合同期限没有登记"
    if name == "arrangement" and rule.arrangement is not None:
        return f"组织方式不是“{rule.arrangement.label}”，或没有登记"
    if name == "min_average_pay":
        return f"月均工资不到{rule.min_average_pay}元，或没有登记工资"
    if name == "min_total_pay":
        return f"累计工资不到{rule.min_total_pay}元，或没有登记工资"
    if name == "destination":
        wanted = "、".join(place.label for place in sorted(rule.destination or ()))
        return f"务工地点不属于“{wanted}”，或没有登记"
    if name == "regions":
        return "务工地点不在这项补贴列出的省份，或没有登记"
    if name == "kinds":
        return f"就业类型不是“{'、'.join(kind.label for kind in sorted(rule.kinds or ()))}”"
    return f"未满{rule.min_age}周岁"
