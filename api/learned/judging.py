"""Whether what was learned may serve: past months, looked at as the backtest of a folder looks at them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from api.judged import told_month, told_verdict
from api.judged_words import group_words, month_words, summary
from api.learned.serving import Serving
from api.rounding import rounded
from matching.groups import Groups, belonging
from matching.judging.fairness import fairness
from matching.judging.foresight import past_market
from matching.judging.judge import judge_of
from matching.judging.known import as_known, market_known
from matching.judging.measures import judge_tells, measures, plain
from matching.judging.month import STABLE_DAYS, Past, look_at
from matching.judging.rows import Evidence
from matching.judging.verdict import CHAMPION, PRIOR, verdict_on
from matching.learning.history import SUCCESS_WITHIN_DAYS
from matching.learning.training import Learned, learn
from matching.past import PastMarket

MONTHS = 6
"""So many of the last months of which everything is known are looked at."""
SEED = 0
OBJECTIVE = "surplus"
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a challenger `may` serve, why in Chinese, and all that was measured, as it is kept."""

    may: bool
    reasons: tuple[str, ...]
    metrics: dict[str, Any]


def judge(past: PastMarket, groups: Groups, as_of: date, champion: Serving, tell: Tell) -> Judged:
    """What learns, month by month on what was known before each, beside what serves (see `_serving`)."""
    end = np.datetime64(as_of, "D")
    firsts = months_known(past.begins, as_of)
    if not firsts:
        return _untold(past.begins)
    market, history = past_market(past.market), past.history
    serving = None if champion.learned is None else _serving(past, as_of, champion)
    whole_past = Past(
        market,
        history,
        end,
        lambda _: history,
        lambda then: belonging(groups, then),
        SEED,
        OBJECTIVE,
        serving,
    )
    tell(1, len(firsts) + 2, "学习全部记录，供评判安排方案用")
    judging = judge_of(market, history, end, SEED)
    months = []
    for number, first in enumerate(firsts):
        tell(number + 2, len(firsts) + 2, f"回测{month_words(str(first.astype('datetime64[M]')))}")
        months.append(look_at(whole_past, first, judging))
    whole = Evidence.joined([month.evidence for month in months])
    pooled = measures(whole, STABLE_DAYS, SEED)
    tells = judge_tells(pooled)
    verdict = verdict_on(
        whole,
        group_words,
        judged=tells,
        champion=PRIOR if serving is None else CHAMPION,
        called=champion.words,
    )
    result: dict[str, Any] = {
        "folder": "",
        "known_until": str(as_of),
        "judge": judging is not None,
        "judge_tells": tells,
        "months": [told_month(month, measures(month.evidence, STABLE_DAYS, SEED)) for month in months],
        "measures": [plain(measure, rounded) for measure in (*pooled, *fairness(whole, STABLE_DAYS))],
        "unknown_groups": {},
        "employers": len(np.unique(history.stretches.employer)),
        "may_replace": told_verdict(verdict),
    }
    said = summary(result)
    # The first line names a folder, the last is the verdict, which stands by itself.
    result |= {"summary": [line.strip() for line in said["summary"][1:-1]], "warnings": said["warnings"]}
    return Judged(verdict.may, verdict.reasons, result)


def months_known(begins: date | None, as_of: date) -> list[np.datetime64]:
    """First days of the last months whose every start can be known for `STABLE_DAYS`, and before which something was known."""
    if begins is None:
        return []
    last = np.datetime64(as_of, "D") - SUCCESS_WITHIN_DAYS - STABLE_DAYS
    after = last.astype("datetime64[M]")
    first = np.datetime64(begins, "M") + 1
    return [
        month.astype("datetime64[D]") for month in np.arange(max(first, after - MONTHS), max(first, after))
    ]


def _untold(begins: date | None) -> Judged:
    days = SUCCESS_WITHIN_DAYS + STABLE_DAYS
    words = "还没有记录" if begins is None else f"记录从{begins.year}年{begins.month}月开始"
    reason = f"{words}，没有一个月的结果已经全部知道（一个月过去{days}天后才知道谁干满了半年），不能比较"
    return Judged(False, (reason,), {"months": [], "measures": [], "summary": [], "warnings": []})


def _serving(past: PastMarket, as_of: date, champion: Serving) -> Callable[[np.datetime64], Learned]:
    """What would have served in a month. A model that was trained before the month is that model. One that was trained later
    knows what came; for it stands what was to be learned as long before the month as it is old today, so that old and new
    are compared and neither knows the answers.
    """
    learned, made = champion.learned, champion.as_of
    if learned is None or made is None:
        raise ValueError("the prior needs no stand-in")
    trained = np.datetime64(made, "D")
    age = np.datetime64(as_of, "D") - trained
    market = past_market(past.market)

    def serving(first: np.datetime64) -> Learned:
        if trained < first:
            return learned
        day = first - np.timedelta64(1, "D") - age
        return learn(market_known(market, day), as_known(past.history, day), day, seed=SEED)

    return serving


def short_of(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What a model's file carries of its own judgement: the measures of all months together, and the verdict."""
    pooled: Sequence[Mapping[str, Any]] = metrics.get("measures", ())
    return {
        "measures": [{name: value for name, value in each.items() if name != "bins"} for each in pooled],
        "may_replace": metrics.get("may_replace"),
    }
