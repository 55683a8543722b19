"""Does the 80 % interval cover 80 % of the outcomes? Generated counties, asked on three days of the third year.

    python -m benchmarks.forecast --counties 300

Prints for each day asked the share of counties whose outcome lies in the interval (with a 95 % interval of that share), how
wide it is, how far the middle is off, and the same for two naive ways: last year's share of the year, and the same
Kaplan–Meier without what employers and months add.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.counties import HORIZON, County, county
from outcomes.forecast import Forecast, Starts, forecast
from outcomes.leaving import KaplanMeier, Stays, Waits, fitted

NEEDED = 91
"""Days of unbroken work that make somebody stable here."""
YEAR = 365
ASKED_YEAR = 2 * YEAR
EPOCH = 17_897
"""1 January 2019 in days since 1970-01-01: the first day of the generated time."""
ASKED = {"30 June": ASKED_YEAR + 180, "31 August": ASKED_YEAR + 242, "20 September": ASKED_YEAR + 262}


def outcome(made: County, *, until: int) -> int:
    """People who fulfilled the rule in the third year, by `until` included."""
    mark = made.begun + NEEDED - 1
    stable = (made.begun >= ASKED_YEAR) & (made.ended >= mark) & (mark <= until)
    return len(np.unique(made.person[stable]))


def told(made: County, asked: int) -> tuple[int, Waits, Starts, Stays]:
    """What the ledger knows on the day `asked`."""
    known = made.begun <= asked
    begun, ended, firm, person, group, late = (
        getattr(made, name)[known] for name in ("begun", "ended", "firm", "person", "group", "late")
    )
    looked = np.maximum(asked - late, begun)
    left = ended < looked
    seen = np.minimum(ended, looked)
    days = seen - begun + 1
    stays = Stays(EPOCH + begun, np.ones_like(begun), days, left, group, firm)
    this_year = begun >= ASKED_YEAR
    stable = this_year & (days >= NEEDED)
    sure = set(person[stable].tolist())
    waiting = this_year & ~left & (days < NEEDED) & (begun + NEEDED - 1 < HORIZON)
    waiting &= ~np.isin(person, list(sure))
    waits = Waits(
        EPOCH + begun[waiting], days[waiting], np.full(waiting.sum(), NEEDED), group[waiting], firm[waiting]
    )
    latest = HORIZON - NEEDED
    new = ~_stable_before(begun, days, person)
    lately = this_year & (begun > asked - 56) & new
    weekly = np.bincount((asked - begun[lately]) // 7, minlength=8)[::-1]
    before = (begun > asked - YEAR - 56) & (begun <= asked - YEAR) & new
    ahead = (begun > asked - YEAR) & (begun <= latest - YEAR) & new
    starts = Starts(
        weekly,
        max(latest - asked, 0),
        NEEDED,
        group[lately],
        firm[lately],
        (int(before.sum()), int(ahead.sum())),
    )
    return len(sure), waits, starts, stays


def _stable_before(
    begun: NDArray[np.int64], days: NDArray[np.int64], person: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Starts of people who had fulfilled the rule in that year already."""
    stable_on = np.where(days >= NEEDED, begun + NEEDED - 1, HORIZON * 9)
    first = np.full((int(person.max(initial=0)) + 1, HORIZON // YEAR), HORIZON * 9)
    np.minimum.at(first, (person, begun // YEAR), stable_on)
    return begun > first[person, begun // YEAR]


def asked_of(made: County, asked: int, *, plain: bool = False) -> Forecast:
    """The forecast of that day; `plain` leaves out how employers and months differ."""
    sure, waits, starts, stays = told(made, asked)
    leaving: KaplanMeier = fitted(
        stays, groups=3, employers=int(made.firm.max()) + 1, ahead=(EPOCH + asked, EPOCH + HORIZON - 1)
    )
    if plain:
        leaving = replace(
            leaving,
            **{of: replace(getattr(leaving, of), variance=0.0) for of in ("employers", "months", "season")},
        )
    return forecast(sure, waits, starts, leaving, today=EPOCH + asked, end=EPOCH + HORIZON - 1, draws=400)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--counties", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    made = [county(options.seed + number) for number in range(options.counties)]
    truth = np.array([outcome(each, until=HORIZON - 1) for each in made])
    print(f"{len(made)} generated counties, {truth.min()}–{truth.max()} stable people at the year's end")
    for name, asked in ASKED.items():
        for way, plain in (("employers and months vary", False), ("Kaplan–Meier alone", True)):
            begun = time.process_time()
            found = [asked_of(each, asked, plain=plain) for each in made]
            spent = (time.process_time() - begun) / len(made)
            low, mid, high = (np.array([getattr(f, end) for f in found]) for end in ("low", "mid", "high"))
            inside = (low <= truth) & (truth <= high)
            share = inside.mean()
            error = 1.96 * np.sqrt(share * (1 - share) / len(made))
            print(
                f"{name:13} {way:27} covers {100 * share:.1f} % ± {100 * error:.1f}, "
                f"below {100 * (truth < low).mean():.0f} above {100 * (truth > high).mean():.0f}, "
                f"width {np.mean((high - low) / truth) * 100:.0f} %, middle off {np.mean((mid - truth) / truth) * 100:+.1f} %, "
                f"{1000 * spent:.0f} ms each"
            )


if __name__ == "__main__":
    main()
