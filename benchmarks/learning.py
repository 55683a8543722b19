"""Simulated: what it costs to learn from a million rows, and how well what is learned foretells what came later, beside peers.

    python -m benchmarks.learning [--past 320000] [--world mixed] [--seed 21]

A past is written by `./wengang simulate` and learned from as it was known a year before its end; rows are stays times the intervals
that they reached, and applications. The peers are fitted to the rows of staying on the very same columns: scikit-learn's logistic
regression on the standardised features, and its histogram gradient boosting on the raw ones (rounded to 64 values each: of weighted
rows it takes minutes to find the places to split by itself). What came later are the stays begun within the
half-year after. Seconds of the processor, one thread.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from api.folder.market import read_market
from matching.judging.known import as_known, market_known
from matching.learning import staying
from matching.learning.chance import Chance, _coarse
from matching.learning.hiring import learn_to_hire
from matching.learning.history import History, answers_known, stays_known
from matching.learning.rows import at_risk, counties_of, whole_market
from matching.learning.splitting import HALF_LIVES
from matching.usual_pay import UsualPay

_LATER_DAYS = 182
_SEED = 0


def main() -> None:
    """Simulate, learn, fit the peers, print the table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--past", type=int, default=320_000)
    arguments.add_argument("--world", default="mixed")
    arguments.add_argument("--seed", type=int, default=21)
    told = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch, threadpool_limits(1):
        folder = Path(scratch) / "market"
        command = [
            "simulate",
            "--world",
            told.world,
            "--out",
            folder,
            "--seed",
            told.seed,
            "--past",
            told.past,
        ]
        subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "api.cli", *map(str, command), "--json"], check=True, capture_output=True
        )
        read = read_market(folder, lambda *_: None)
    end = np.datetime64(read.history.stretches.observed.max(), "D")
    day = end - np.timedelta64(365, "D")
    market = market_known(read.market(_date(end)), day)
    _measure(*whole_market(market, as_known(read.history, day)), read.history, day, end)


def _measure(
    market: Any, history: History, everything: History, day: np.datetime64, end: np.datetime64
) -> None:
    usual = UsualPay.learn(market.vacancies)
    known = stays_known(history.stretches, day)
    stay_rows = len(at_risk(known).stay)
    # As they were written down: not by posts made up for work that names none.
    answered = answers_known(everything, market.vacancies.employer, day)
    answers = len(answered.of)
    print(
        f"simulated; {stay_rows:,} rows of staying and {answers:,} applications: {stay_rows + answers:,} rows"
    )
    stay, to_stay = _seconds(lambda: staying.learn_to_stay(market, usual, history, day, _SEED))
    _, to_hire = _seconds(lambda: learn_to_hire(market, usual, history, answered, day, _SEED))
    print(f"learning both: {to_stay + to_hire:.1f} s ({to_stay:.1f} staying, {to_hire:.1f} being hired)")

    whole, later_history = whole_market(market, everything)
    homes = counties_of(market, known.of.worker)
    seen = staying._seen_stays(market, usual, history, known, homes, day)
    told = staying._Told(known, seen, homes)
    past = staying._Past.of(told, day, HALF_LIVES[0], _SEED)
    rows = staying._rows(told.with_firms(past), known)
    begun = later_history.stretches.take(
        (later_history.stretches.started > day) & (later_history.stretches.started <= day + _LATER_DAYS)
    )
    after = stays_known(begun, end)
    later_homes = counties_of(whole, begun.worker)
    later = staying._Told(
        after, staying._seen_stays(whole, usual, later_history, after, later_homes, day), later_homes
    )
    month = np.full(len(begun), staying.month_of(np.array([day]))[0] + 1)
    asked = staying._rows(later.with_firms(past, month), after)
    used = Chance("stay").used & ~np.isnan(rows.asked.raw).all(axis=0)

    def columns(of: Any, z: bool) -> Any:
        return np.column_stack([(of.asked.z if z else of.asked.raw)[:, used], of.asked.extra])

    line, to_line = _seconds(
        lambda: LogisticRegression(max_iter=500).fit(columns(rows, True), rows.left, sample_weight=rows.share)
    )
    trees, to_trees = _seconds(
        lambda: HistGradientBoostingClassifier(random_state=_SEED, early_stopping=False).fit(
            _coarse(columns(rows, False)), rows.left, sample_weight=rows.share
        )
    )
    print("| | s | log loss of leaving, later | said − seen, later |")
    print("|---|---|---|---|")
    for name, seconds, chance in (
        ("ours, staying alone", to_stay, 1 / (1 + np.exp(-stay.chance.log_odds(asked.asked)))),
        (
            "logistic regression, firms already counted",
            to_line,
            line.predict_proba(columns(asked, True))[:, 1],
        ),
        ("boosted trees, firms already counted", to_trees, trees.predict_proba(columns(asked, False))[:, 1]),
        ("the same chance for all", 0.0, np.full(len(asked.left), np.average(rows.left, weights=rows.share))),
    ):
        loss = -np.where(asked.left > 0, np.log(chance), np.log1p(-chance))
        gap = np.average(chance - asked.left, weights=asked.share)
        print(f"| {name} | {seconds:.1f} | {np.average(loss, weights=asked.share):.4f} | {gap:+.4f} |")


def _seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def _date(day: np.datetime64) -> date:
    told: date = day.astype("datetime64[D]").item()
    return told


if __name__ == "__main__":
    main()
