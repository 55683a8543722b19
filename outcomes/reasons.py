"""Why a rule is fulfilled or not, in one Chinese sentence for a county clerk."""

from collections.abc import Collection, Sequence
from datetime import date

from outcomes.counted import Piece, Refusal
from outcomes.pay import income_days, total_pay
from outcomes.rules import Counting, EmployerScope, StabilityRule


def why_fulfilled(rule: StabilityRule, run: Sequence[Piece], on: date) -> str:
    """From when on, and when full."""
    return f"自{chinese(run[0].first)}起{_how(rule)}，到{chinese(on)}{_time(rule)}{_pay(rule, run, on)}。"


def why_not(
    rule: StabilityRule,
    run: Sequence[Piece],
    refusals: Collection[Refusal],
    *,
    days: int,
    time_full: bool,
    as_of: date,
    possible_on: date | None,
) -> str:
    """What is missing; `run` is the run that got furthest, empty when no day counts, `days` what passes as worked."""
    if not run:
        return f"截至{chinese(as_of)}没有可计入的务工记录{_refused(refusals)}。{_outlook(rule, as_of, possible_on)}"
    from_to = f"自{chinese(run[0].first)}起{_how(rule)}，截至{chinese(run[-1].last)}"
    lacking = f"工资未达到要求或不清楚{_pay(rule, run, run[-1].last)}" if time_full else f"不{_time(rule)}"
    return f"{from_to}共{days}天，{lacking}。{_outlook(rule, as_of, possible_on)}"


def chinese(day: date) -> str:
    """A date as people write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _how(rule: StabilityRule) -> str:
    same = "在同一单位" if rule.employer is EmployerScope.SAME else ""
    return f"{same}连续务工" if rule.counting is Counting.CONTINUOUS else f"{same}累计务工"


def _time(rule: StabilityRule) -> str:
    if rule.min_months is not None:
        return f"满{rule.min_months}个月"
    return f"满{rule.min_days or 1}天"


def _pay(rule: StabilityRule, run: Sequence[Piece], until: date) -> str:
    said = ""
    if rule.min_average_pay is not None:
        weighted, days = income_days(run, until)
        said += f"，月均工资{weighted // days}元（要求{rule.min_average_pay}元）"
    if rule.min_total_pay is not None:
        said += f"，累计工资{total_pay(run, until)}元（要求{rule.min_total_pay}元）"
    return said


def _refused(refusals: Collection[Refusal]) -> str:
    why = [word.label for word in Refusal if word in refusals]
    return f"（{'、'.join(why)}）" if why else ""


def _outlook(rule: StabilityRule, as_of: date, possible_on: date | None) -> str:
    if possible_on is None:
        return ""
    if possible_on > as_of:
        return f"继续在岗到{chinese(possible_on)}可以达到。"
    proof = "和佐证" if rule.min_evidence is not None else ""
    return f"补上在岗核实{proof}后，{chinese(possible_on)}即可达到。"
