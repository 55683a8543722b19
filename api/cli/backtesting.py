"""`./wengang backtest`: what would have been foreseen, month by month, against what came, over an exchange folder."""

import csv
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

import numpy as np

from api.cli.files import write
from api.cli.folders import market_of, reading, rejected_beside, told_of_reading, what_was_read
from api.cli.speaking import Refused, Telling, answer
from api.collecting import uncollected
from api.folder.happened import APPLICATIONS_FILE
from api.folder.market import FolderMarket, read_market
from api.folder.work import SPELLS_FILE
from api.judged import told_month, told_verdict
from api.judged_words import group_words, month_words, summary
from api.rounding import rounded
from matching.groups import QUOTA_GROUPS, belonging
from matching.judging.fairness import fairness
from matching.judging.foresight import past_market
from matching.judging.judge import judge_of
from matching.judging.known import last_day, on
from matching.judging.measures import Measure, judge_tells, measures, plain
from matching.judging.month import STABLE_DAYS, Month, Past, look_at
from matching.judging.rows import Evidence
from matching.judging.verdict import verdict_on
from matching.learning.history import History

COLUMNS = ("month", "measure", "ranker", "group", "value", "low", "high", "cases", "note")
ALL = "all"


def run(
    folder: Path, *, start: date, to: date, objective: str, seed: int, out: Path | None, as_json: bool
) -> None:
    """Look at each month that begins from `start` to before `to`, and print the sums.

    Raises
    ------
    Refused
        when there is no past to look at, or the table cannot be written.
    """
    rejected = rejected_beside(out, folder) if out else None
    with Telling(quiet=as_json) as tell, uncollected():
        read = market_of(folder, None, tell, rejected)
        end = _end(folder, read.history, start, to)
        # Of months after the last record there is nothing to compare with.
        firsts = [first for first in _months(start, to) if first < end]
        past = Past(
            past_market(read.market(on(end))), read.history, end, _known_on(folder, read.history),
            lambda market: belonging(read.groups, market), seed, objective,
        )  # fmt: skip
        tell(0, 0, "学习全部记录，供评判安排方案用")
        judge = judge_of(past.market, past.history, end, seed)
        months = []
        for number, first in enumerate(firsts):
            tell(number, len(firsts), f"回测{month_words(str(first.astype('datetime64[M]')))}")
            months.append(look_at(past, first, judge))
        tell(0, 0, "汇总")
        whole = Evidence.joined([month.evidence for month in months])
        pooled = measures(whole, STABLE_DAYS, seed)
        fair = fairness(whole, STABLE_DAYS)
        tells = judge_tells(pooled)
        verdict = verdict_on(whole, group_words, judged=tells)
        each = [(month, measures(month.evidence, STABLE_DAYS, seed)) for month in months]
        result = {
            "folder": folder.name,
            "from": start,
            "to": to,
            "known_until": on(end),
            "objective": objective,
            "seed": seed,
            "judge": judge is not None,
            "judge_tells": tells,
            "months": [told_month(month, found) for month, found in each],
            "measures": [plain(measure, rounded) for measure in (*pooled, *fair)],
            "unknown_groups": _unknown(read, whole),
            "employers": len(np.unique(read.history.stretches.employer)),
            "may_replace": told_verdict(verdict),
            **what_was_read(read, rejected),
            "out": str(out) if out else None,
        }
        result |= summary(result)
        if out:
            write(out, lambda stream: _fill(stream, [*each, (None, [*pooled, *fair])]))
    if as_json:
        answer(result)
    else:
        lines = [*result["summary"], *(f"  请注意：{each}" for each in result["warnings"])]
        lines += told_of_reading(result)
        if out:
            lines.append(f"  指标：{out}")
        sys.stdout.write("\n".join(lines) + "\n")


def _end(folder: Path, history: History, start: date, to: date) -> np.datetime64:
    end = last_day(history)
    if end is None:
        raise Refused(
            f"{folder.name} 里没有以往的记录，没有可比对的结果；请补上 {APPLICATIONS_FILE} 和 {SPELLS_FILE}。"
        )
    days = np.concatenate([history.stretches.started, history.applications.applied])
    begin = days.min()
    if not _months(start, to):
        raise Refused(f"{start}到{to}之间没有一个月的1日，请至少包括一个整月，例如 --to 晚一个月。")
    if np.datetime64(start) >= end or np.datetime64(to) <= begin:
        raise Refused(f"记录从{begin}到{end}，--from 和 --to 应在这段时间里。")
    return end


def _months(start: date, to: date) -> list[np.datetime64]:
    """First days of the months that begin from `start` to before `to`."""
    begin, until = np.datetime64(start, "D"), np.datetime64(to, "D")
    firsts = np.arange(begin.astype("datetime64[M]"), until.astype("datetime64[M]") + 1).astype(
        "datetime64[D]"
    )
    return [first for first in firsts if begin <= first < until]


def _known_on(folder: Path, history: History) -> Callable[[np.datetime64], History]:
    """What was on record on a day: the rows of spells.csv may say when they were written down and be corrected later."""
    path = folder / SPELLS_FILE
    if not path.exists():
        return lambda _: history
    with path.open("rb") as stream:
        dated = b"recorded_on" in stream.readline()
    if not dated:
        return lambda _: history

    def then(day: np.datetime64) -> History:
        known = on(day)
        return reading(folder, lambda: read_market(folder, lambda *_: None, known_on=known)).history

    return then


def _unknown(read: FolderMarket, evidence: Evidence) -> dict[str, float]:
    """Of those who applied or started, the share of whom nobody knows whether they belong."""
    people = np.unique(np.concatenate([evidence.applied.worker, evidence.stayed.worker]))
    if not len(people):
        return {}
    known = {
        "sex": read.groups.sex[people] == "",
        "age": np.isnat(read.workers.birth_date[people]),
        **{group: getattr(read.groups, group)[people] < 0 for group in QUOTA_GROUPS},
    }
    return {name: round(float(missing.mean()), 3) for name, missing in known.items()}


def _fill(stream: TextIO, tables: Sequence[tuple[Month | None, Sequence[Measure]]]) -> None:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for month, found in tables:
        name = ALL if month is None else str(month.first.astype("datetime64[M]"))
        for measure in found:
            told = {"month": name, **plain(measure, rounded)}
            writer.writerow(["" if told[column] is None else told[column] for column in COLUMNS])
