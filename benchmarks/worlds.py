"""Simulated: what the learned plan is worth in made-up markets whose truth is known, beside the best plan and first come first served.

    python -m benchmarks.worlds --seeds 31 32 33 [--worlds mixed distance …] [--plenty]

Each market is written by `./wengang simulate`, planned by `./wengang plan --objective stable`, which sees the six files and nothing
else, and judged by `./wengang judge-plan`. `--plenty` has 1,000 people for 3,000 seats instead of 3,000 for 900. The interval is that
of the mean over seeds (Student's t).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from matching.simulator.worlds import WORLDS

_T_95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 8: 2.36, 10: 2.26}
"""Student's t for 95 % by number of values."""


def main() -> None:
    """Simulate, plan, judge, print a line a world."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--worlds", nargs="+", default=list(WORLDS), choices=list(WORLDS))
    arguments.add_argument("--seeds", nargs="+", type=int, default=[31, 32, 33])
    arguments.add_argument("--plenty", action="store_true")
    told = arguments.parse_args()
    print(f"simulated, seeds {' '.join(map(str, told.seeds))}")
    print(
        "| world | share of the best plan | share of its gain kept | expected stable / true | first come | best |"
    )
    print("|---|---|---|---|---|---|")
    for world in told.worlds:
        found = [_judged(world, seed, plenty=told.plenty) for seed in told.seeds]
        shares = [each["share_of_oracle"] for each in found]
        gains = [each["share_of_gain"] for each in found]
        expected, true, first, best = (
            mean(each[name] for each in found) for name in ("expected", "true", "first", "best")
        )
        print(
            f"| `{world}` | {_percent(shares)} | {_percent(gains)} | {expected:.0f} / {true:.0f} | {first:.0f} | {best:.0f} |",
            flush=True,
        )


def _judged(world: str, seed: int, *, plenty: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        folder, plan = Path(scratch) / "market", Path(scratch) / "plan.csv"
        sizes = ["--workers", "1000", "--seats", "3000"] if plenty else []
        made = _wengang("simulate", "--world", world, "--out", folder, "--seed", seed, *sizes)
        planned = _wengang("plan", folder, "--as-of", made["as_of"], "--objective", "stable", "--out", plan)
        verdict = _wengang("judge-plan", folder, plan, "--draws", 2)
    return verdict | {
        "expected": planned["expected_stable_180"],
        "true": verdict["plan"]["stable"],
        "first": verdict["first_come"]["stable"],
        "best": verdict["oracle"]["stable"],
    }


def _wengang(*command: object) -> dict[str, Any]:
    told = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "api.cli", *map(str, command), "--json"], check=True, capture_output=True
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer


def _percent(values: list[float]) -> str:
    if len(values) < 2:
        return f"{values[0]:.1%}"
    half = _T_95.get(len(values), 2.0) * stdev(values) / len(values) ** 0.5
    return f"{mean(values):.1%} ± {100 * half:.1f}"


if __name__ == "__main__":
    main()
