"""Why a rule is fulfilled or not, in one Chinese sentence for a county clerk."""

from functools import lru_cache
from typing import NamedTuple

from outcomes.days import NEVER, day_of
from outcomes.pieces import BIT
from outcomes.rules import Counting, EmployerScope, StabilityRule


class Facts(NamedTuple):
    """What a sentence is made of: days as numbers (NEVER where there is none), pay in yuan.

    `start`, `last` and `days` are those of the run that the sentence is about, `start` NEVER where no day counts;
    `average` and `total` its pay through the mark, or to its end.
    """

    mark: int
    start: int
    last: int
    days: int
    time_full: int
    average: int
    total: int
    refused: int
    possible: int
    reachable: bool


def reason(rule: StabilityRule, as_of: int, facts: Facts) -> str:
    """From when on and when full; or what is missing, and what staying brings."""
    how, time = _how(rule), _time(rule)
    if facts.mark < NEVER:
        return f"自{chinese(facts.start)}起{how}，到{chinese(facts.mark)}{time}{_pay(rule, facts)}。"
    outlook = _outlook(rule, as_of, facts)
    if facts.start == NEVER:
        return f"截至{chinese(as_of)}没有可计入的务工记录{_refused(facts.refused)}。{outlook}"
    lacking = f"工资未达到要求或不清楚{_pay(rule, facts)}" if facts.time_full else f"不{time}"
    so_far = f"自{chinese(facts.start)}起{how}，截至{chinese(facts.last)}共{facts.days}天"
    return f"{so_far}，{lacking}。{outlook}"


@lru_cache(maxsize=100_000)
def chinese(day: int) -> str:
    """A day as people write it."""
    found = day_of(day)
    return f"{found.year}年{found.month}月{found.day}日"


def _how(rule: StabilityRule) -> str:
    same = "在同一单位" if rule.employer is EmployerScope.SAME else ""
    return f"{same}连续务工" if rule.counting is Counting.CONTINUOUS else f"{same}累计务工"


def _time(rule: StabilityRule) -> str:
    if rule.min_months is not None:
        return f"满{rule.min_months}个月"
    return f"满{rule.min_days or 1}天"


def _pay(rule: StabilityRule, facts: Facts) -> str:
    said = ""
    if rule.min_average_pay is not None:
        said += f"，月均工资{facts.average}元（要求{rule.min_average_pay}元）"
    if rule.min_total_pay is not None:
        said += f"，累计工资{facts.total}元（要求{rule.min_total_pay}元）"
    return said


@lru_cache
def _refused(refused: int) -> str:
    why = [refusal.label for refusal, bit in BIT.items() if refused & bit]
    return f"（{'、'.join(why)}）" if why else ""


def _outlook(rule: StabilityRule, as_of: int, facts: Facts) -> str:
    possible = facts.possible
    if possible <= as_of:
        proof = "和佐证" if rule.min_evidence is not None else ""
        return f"补上在岗核实{proof}后，{chinese(possible)}即可达到。"
    too_late = "" if facts.reachable else "今年内已来不及。"
    if possible < NEVER:
        return f"{too_late}继续在岗到{chinese(possible)}可以达到。"
    return too_late or "今年内还来得及。"
