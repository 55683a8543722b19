"""Stability rules over many spells: seconds of one core, beside the one-person definition and beside pandas.

    python -m benchmarks.stability --spells 1000000

Spells are generated from a fixed seed: three a person, half of the last ones still open, gaps of 0 to 200 days, pay,
kinds, places and evidence drawn. The definition (`tests/outcomes/piece_by_piece.py`) is run over a sample of the people
and its time scaled; what it says of them must be the same to the last word. With pandas on `PYTHONPATH` the first rule,
which needs no pay and no evidence, is also written the way an analyst would, and must mark the same days.
"""

import argparse
import resource
import time
from datetime import date
from importlib.util import find_spec
from typing import Any

import numpy as np

from models.spell import Arrangement, Destination, EvidenceGrade, SpellKind
from outcomes.columns import UNKNOWN, ProofColumns, SpellColumns
from outcomes.days import BEFORE_ALL, NEVER, day_of, number
from outcomes.known_rules import known_rules
from outcomes.rules import StabilityRule
from outcomes.spells import Proof, Spell
from outcomes.stability import Outcomes, StabilityResult, evaluate_all
from tests.outcomes import piece_by_piece

AS_OF = date(2025, 9, 20)
REGIONS = ("320612", "610728", "441900", "640100")
GAPS = {"id": "six_months_gap_30", "min_months": 6, "counting": "continuous", "max_gap_days": 30}
SAMPLE = 3_000


def main() -> None:
    """Generate, evaluate, compare, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--spells", type=int, default=1_000_000)
    asked = arguments.parse_args()
    rules = _rules()
    columns = _columns(asked.spells)
    print(f"{len(columns.person)} spells of {columns.people} people, as of {AS_OF}")
    found: list[Outcomes] = []
    begun = time.process_time()
    for rule in rules:
        before = time.process_time()
        found.append(evaluate_all(columns, rule, as_of=AS_OF))
        stable = len(set(found[-1].fulfilled))
        print(f"  {rule.id}: {time.process_time() - before:.2f} s, {stable} stable, {len(found[-1])} rows")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"columns, {len(rules)} rules: {time.process_time() - begun:.1f} s of processor, at most {memory} MB"
    )
    begun = time.process_time()
    sentences = sum(len(list(outcomes.reasons())) for outcomes in found)
    print(f"{sentences} Chinese sentences for them: {time.process_time() - begun:.1f} s")
    _definition(columns, rules, found)
    if find_spec("pandas"):
        _pandas(columns, found[0])


def _rules() -> list[StabilityRule]:
    names = ("reference_3_months", "yushe_2025", "shuangbai_2023_travel", "ninety_days_a_year")
    huancheng = {**known_rules()["huancheng_2022"].fields, "calendar_year": True}
    return [
        *(known_rules()[name].rule for name in names),
        StabilityRule.from_dict(huancheng),
        StabilityRule.from_dict(GAPS),
    ]


def _columns(spells: int) -> SpellColumns:
    dice = np.random.default_rng(20250920)
    people = spells // 3
    person = np.repeat(np.arange(people), 3)
    count = len(person)
    gap = dice.choice([0, 1, 5, 30, 60, 200], count)
    length = dice.integers(5, 300, count)
    ends = np.cumsum((gap + length).reshape(-1, 3), axis=1).ravel()
    first = number(date(2022, 1, 1)) + np.repeat(dice.integers(0, 300, people), 3) + ends - length
    last = first + length - 1
    lasts = (np.arange(count) % 3 == 2) & (dice.random(count) < 0.5)
    proved = np.flatnonzero(dice.random(count) < 0.6)
    return SpellColumns(
        births=dice.integers(number(date(1950, 1, 1)), number(date(2009, 12, 31)), people),
        person=person,
        first=first,
        last=np.where(lasts, NEVER, last),
        observed=np.where(lasts, last, BEFORE_ALL),
        kind=dice.integers(0, 3, count),
        destination=dice.integers(UNKNOWN, len(Destination), count),
        arrangement=dice.integers(UNKNOWN, len(Arrangement), count),
        region=dice.integers(UNKNOWN, len(REGIONS), count),
        employer=dice.integers(0, 5_000, count),
        income=dice.integers(800, 9_000, count) * 100,
        contract=dice.choice([UNKNOWN, 3, 12], count),
        proofs=ProofColumns(proved, dice.integers(0, 4, len(proved)), first[proved], first[proved] + 100),
        regions=REGIONS,
        keys=range(count),
    )


def _definition(columns: SpellColumns, rules: list[StabilityRule], found: list[Outcomes]) -> None:
    sample = min(SAMPLE, columns.people)
    people = [_spells(columns, person) for person in range(sample)]
    begun = time.process_time()
    said = [
        [
            piece_by_piece.evaluate(spells, rule, as_of=AS_OF, birth_date=day_of(int(columns.births[person])))
            for person, spells in enumerate(people)
        ]
        for rule in rules
    ]
    seconds = time.process_time() - begun
    for rule, outcomes, expected in zip(rules, found, said, strict=True):
        mine: list[list[StabilityResult]] = [[] for _ in people]
        for person, result in outcomes.results():
            if person >= sample:
                break
            mine[person].append(result)
        if mine != expected:
            raise SystemExit(f"{rule.id}: not what the definition says")
    scaled = seconds * columns.people / sample
    print(
        f"one person at a time: {seconds:.1f} s for {sample} people, {scaled:.0f} s for all; the same results"
    )


def _spells(columns: SpellColumns, person: int) -> list[Spell]:
    proofs = columns.proofs
    spells = []
    for at in range(*np.searchsorted(columns.person, [person, person + 1])):
        pieces = range(*np.searchsorted(proofs.spell, [at, at + 1]))
        spells.append(
            Spell(
                started_on=day_of(columns.first[at]),
                ended_on=None if columns.last[at] == NEVER else day_of(columns.last[at]),
                observed_until=None if columns.observed[at] == BEFORE_ALL else day_of(columns.observed[at]),
                kind=list(SpellKind)[columns.kind[at]],
                employer=int(columns.employer[at]),
                region=[*REGIONS, None][columns.region[at]],
                destination=[*Destination, None][columns.destination[at]],
                arrangement=[*Arrangement, None][columns.arrangement[at]],
                monthly_income=int(columns.income[at]) // 100,
                contract_months=None if columns.contract[at] == UNKNOWN else int(columns.contract[at]),
                evidence=tuple(
                    Proof(
                        list(EvidenceGrade)[proofs.grade[piece]],
                        day_of(proofs.covers_from[piece]),
                        day_of(proofs.covers_to[piece]),
                    )
                    for piece in pieces
                ),
                key=at,
            )
        )
    return spells


def _pandas(columns: SpellColumns, outcomes: Outcomes) -> None:
    """Three months without a day's gap: marks only, no reason and nothing of what staying brings."""
    import pandas as pd

    known = columns.births
    month = known.astype("M8[D]").astype("M8[M]")
    sixteen = (month + 192).astype("M8[D]") + (known.astype("M8[D]") - month.astype("M8[D]"))
    last = np.where(columns.last == NEVER, columns.observed, columns.last)
    spells: Any = pd.DataFrame(
        {
            "person": columns.person,
            "first": columns.first.astype("M8[D]").astype("M8[s]"),
            "last": np.minimum(last, number(AS_OF)).astype("M8[D]").astype("M8[s]"),
            "sixteen": sixteen[columns.person].astype("M8[s]"),
        }
    )
    begun = time.process_time()
    spells["first"] = spells[["first", "sixteen"]].max(axis=1)
    spells = spells[spells["first"] <= spells["last"]].sort_values(["person", "first"])
    gap = spells["first"] - spells.groupby("person")["last"].shift()
    run = (gap != pd.Timedelta(days=1)).cumsum()
    runs = spells.groupby(run).agg(person=("person", "first"), first=("first", "min"), last=("last", "max"))
    full = runs["first"] + pd.DateOffset(months=3)
    full -= pd.to_timedelta((full.dt.day == runs["first"].dt.day).astype(int), unit="D")
    marks = full[full <= runs["last"]].groupby(runs["person"]).min()
    seconds = time.process_time() - begun
    expected = outcomes.mark[outcomes.mark < NEVER]
    if not np.array_equal(marks.to_numpy().astype("M8[D]").astype(np.int64), expected):
        raise SystemExit("pandas marks other days")
    print(f"pandas {pd.__version__}, the first rule's marks alone: {seconds:.2f} s; the same days")


if __name__ == "__main__":
    main()
