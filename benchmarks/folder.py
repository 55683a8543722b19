"""An exchange folder as a market: seconds of one core to read it, to choose the pairs of a plan by prices, and to plan.

    python -m benchmarks.folder --workers 100000 --vacancies 5000 --applications 300000 --spells 100000

The folder is drawn from a fixed seed. Of a sample of the workers every eligible pair is scored too, to say by how much a plan
over all pairs could be better at most.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from api.folder.market import read_market
from api.folder.ranker import ranker_for
from matching.allocation.plan import allocate
from matching.planning import problem_of
from models import reference

AS_OF = date(2026, 4, 20)
SAMPLE = 300
SKILLS = ("缝纫工", "电工", "焊工", "叉车", "厨师", "保洁", "电子装配", "钳工", "车工", "护理")
TITLES = (
    "缝纫工",
    "普工",
    "操作工",
    "焊工",
    "厨师",
    "保安",
    "保洁员",
    "叉车司机",
    "质检员",
    "包装工",
    "装配工",
)
PLACES = ("32", "44", "33", "61", "3206", "3205", "4403", "4401")
LEVELS = ("illiterate", "primary", "junior_high", "senior_high", "college", "")
ANSWERS = ("offered", "refused_by_employer", "refused_by_worker", "no_answer", "")


def main() -> None:
    """Draw, read, find, compare, print."""
    arguments = argparse.ArgumentParser()
    for name, many in (
        ("workers", 100_000),
        ("vacancies", 5_000),
        ("applications", 300_000),
        ("spells", 100_000),
    ):
        arguments.add_argument(f"--{name}", type=int, default=many)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder), asked)
        begun = time.process_time()
        market = read_market(Path(folder), lambda *_: None)
    print(
        f"read: {time.process_time() - begun:.1f} s of processor, at most {_memory()} MB; {dict(market.read)}"
    )
    at, ranker = market.market(AS_OF), ranker_for(market, AS_OF, 0)
    offered, everybody = np.flatnonzero(market.on_offer(AS_OF)), np.arange(len(market.workers))
    begun = time.process_time()
    planned = problem_of(at, ranker, everybody, offered, market.groups)
    print(
        f"{len(planned.problem.edges)} pairs of {len(everybody)} workers and {len(offered)} vacancies:"
        f" {time.process_time() - begun:.1f} s, at most {_memory()} MB"
    )
    begun = time.process_time()
    made = allocate(planned.problem)
    print(
        f"{(made.vacancy >= 0).sum()} of {planned.problem.seats.sum()} seats: {time.process_time() - begun:.1f} s,"
        f" total {made.total:.0f}, gap {made.gap:.4%}"
    )
    begun = time.process_time()
    missed = planned.chosen.missed(made.price, made.bound, most=SAMPLE)
    print(
        f"over all eligible pairs at most {missed / made.bound:.2%} more (of {SAMPLE} people):"
        f" {time.process_time() - begun:.1f} s"
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def draw(folder: Path, asked: argparse.Namespace) -> None:
    """Write the six files."""
    dice = np.random.default_rng(20260420)
    counties = [row.code for row in reference.regions() if row.level == "county"]
    west = [code for code in counties if code[:2] in ("61", "52", "53")][:60]
    east = [code for code in counties if code[:2] in ("32", "44", "33", "61")]
    firms = max(1, asked.vacancies // 4)

    def one(many: Any) -> Any:
        return many[int(dice.integers(0, len(many)))]

    def number(low: int, high: int) -> int:
        return int(dice.integers(low, high))

    def day(low: int, high: int) -> date:
        return date(2023, 1, 1) + timedelta(days=number(low, high))

    def some(many: Any, most: int) -> list[str]:
        return sorted(dice.choice(many, number(0, most + 1), replace=False).tolist())

    def maybe(value: object, chance: float) -> object:
        return value if dice.random() < chance else ""

    def workers() -> Iterable[tuple[object, ...]]:
        for at in range(asked.workers):
            skills = ";".join(f"{skill}:{number(1, 6)}" for skill in some(SKILLS, 2))
            yield (
                f"w{at}", one(west), date(1960, 1, 1) + timedelta(days=number(0, 365 * 45)), one("FM"), one(LEVELS),
                skills, number(0, 200), maybe(one(TITLES), 0.5), maybe(number(20, 60) * 100, 0.8),
                ";".join(some(PLACES, 3)), number(0, 2), 1, maybe(f"w{number(0, asked.workers)}", 0.05),
            )  # fmt: skip

    def vacancies() -> Iterable[tuple[object, ...]]:
        for at in range(asked.vacancies):
            pay = number(25, 70) * 100
            yield (
                f"v{at}", f"e{number(0, firms)}", one(east), one(TITLES), number(1, 40), pay, pay + 1000, number(40, 70),
                18, number(40, 61), maybe("junior_high", 0.3), maybe(one(SKILLS), 0.2), maybe(one(SKILLS), 0.2), 1,
                number(0, 2), number(0, 2), one(("day", "two", "three")), day(600, 1000), day(1200, 1290),
            )  # fmt: skip

    def spells() -> Iterable[tuple[object, ...]]:
        for _ in range(asked.spells):
            begins = number(0, 1000)
            ends = date(2023, 1, 1) + timedelta(days=begins + number(5, 400))
            yield (
                f"w{number(0, asked.workers)}", f"e{number(0, firms)}", day(begins, begins + 1),
                maybe(f"v{number(0, asked.vacancies)}", 0.5), one(east), maybe(ends, 0.7), ends, number(20, 90) * 100,
            )  # fmt: skip

    _write(folder / "workers.csv",
           "worker_id,county,birth_date,sex,education,skills,experience_months,last_occupation,pay_floor,accepted_regions,"
           "needs_lodging,speaks_mandarin,companion_id", workers())  # fmt: skip
    _write(folder / "employers.csv", "employer_id,region", ((f"e{at}", one(east)) for at in range(firms)))
    _write(folder / "vacancies.csv",
           "vacancy_id,employer_id,region,title,seats,pay_min,pay_max,hours_per_week,min_age,max_age,min_education,"
           "required_skills,preferred_skills,lodging,meals,social_insurance,shift,valid_from,valid_until", vacancies())  # fmt: skip
    _write(folder / "applications.csv", "worker_id,vacancy_id,applied_on,outcome",
           ((f"w{number(0, asked.workers)}", f"v{number(0, asked.vacancies)}", day(600, 1100), one(ANSWERS))
            for _ in range(asked.applications)))  # fmt: skip
    _write(folder / "spells.csv",
           "worker_id,employer_id,started_on,vacancy_id,region,ended_on,observed_until,monthly_income", spells())  # fmt: skip
    _write(folder / "open_workers.csv", "worker_id", ((f"w{at}",) for at in range(asked.workers)))


def _write(path: Path, heading: str, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heading.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
