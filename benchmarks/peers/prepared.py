"""What the peers are given: one row a post that is open, with everything worked out beforehand that hangs on the post alone.

The rules are columns to compare. The peers order by one sum, the model's own line drawn through the logarithm of the score: what a post
adds for people of each home is a column a home, what hangs on few kinds of posts is an array handed over with the question, and of pay over
the floor the line itself is written into the question. So a question is one comparison a rule, and a sum of about ten numbers, a row.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Pairs
from matching.compiled.tables import summed
from matching.compiled.terms import grouped, seen
from matching.eligibility import RULES, ages
from matching.features import NAMES
from matching.offers import pay
from matching.prior import CENTRE, MOST_WITHOUT_FLOOR, SURPLUS, WEIGHTS
from matching.serving.folded import Table, folded
from matching.serving.guess import Sides
from matching.serving.known import Known
from matching.serving.links import LINES
from matching.usual_pay import UsualPay

LOOKED_AT = 300
"""Of the best by the line so many are scored in full."""
_FEW = 64
_NEVER = 99_999
_PAY = NAMES.index("pay_over_floor")
_WEIGHT = next(row for row in WEIGHTS if row.feature == "pay_over_floor")
_YUAN = next(row for row in SURPLUS if row.feature == "pay_over_floor")
_CODES = [rule.code for rule in RULES]


@dataclass
class Question:
    """One who asks: what the rules compare, which home's column counts, and an array for each kind of posts."""

    row: int
    age: int
    education: int
    available: int
    places: list[int]
    skills: list[int]
    home: int
    floor: float | None
    arrays: list[NDArray[np.float32]]


class Prepared:
    """The table (`columns`), and the questions asked of it."""

    def __init__(self, known: Known, usual: UsualPay, seed: int = 0) -> None:
        self.known = known
        scorer, terms = known.scorer, known.terms
        assert scorer is not None and terms is not None  # noqa: S101
        lines = scorer.asked.lines * np.array([1.0, -1.0, 1.0])
        self._steep = _drawn_through(known, lines, seed)
        pay_line = np.array([terms.hire.weights[_PAY], -terms.leave.weights[_PAY], 0.0]) @ self._steep
        self.pay_z, self.pay_yuan = float(pay_line), float(self._steep[2])
        sides = Sides(known, False)
        tables = folded(sides, self._without_floor(lines), np.zeros((sides.listed, LINES)))
        self.open = np.flatnonzero(np.isfinite(tables.effect[:, 0]))
        self.columns = self._compared(usual)
        self._kinds: list[Table] = []
        homes, self._home = (
            tables.effect[self.open][None] @ self._steep,
            np.zeros(len(known.workers), np.int64),
        )
        for table in tables.tables:
            if np.isinf(table.value).any():
                continue
            if table.value.shape[1] <= _FEW and not self._of_home(table):
                self.columns[f"kind_{len(self._kinds)}"] = table.listed[self.open].astype(np.int16)
                self._kinds.append(table)
                continue
            both, self._home = np.unique(self._home * len(table.value) + table.asking, return_inverse=True)
            mine, theirs = both // len(table.value), both % len(table.value)
            homes = homes[mine] + (table.value[theirs] @ self._steep)[:, table.listed[self.open]]
        for home, line in enumerate(homes):
            self.columns[f"line_{home}"] = line.astype(np.float32)

    def _compared(self, usual: UsualPay) -> dict[str, NDArray[Any]]:
        known, vacancies = self.known, self.known.market.vacancies
        posts, classes = known.vacancies[self.open], known.rules.tables.vacancy[self.open]
        pairs = usual.attach(Pairs.of_worker(known.market, 0, posts))
        paid, until = pay(pairs), vacancies.valid_until[posts]
        unasked = CENTRE[_PAY] + np.clip(paid - pairs.usual_pay, -MOST_WITHOUT_FLOOR, MOST_WITHOUT_FLOOR)
        return {
            "id": self.open.astype(np.int32),
            "place": classes[:, _CODES.index("accepted_regions")].astype(np.int16),
            "skill": classes[:, _CODES.index("required_skills")].astype(np.int16),
            "min_age": np.nan_to_num(vacancies.min_age[posts], nan=0).astype(np.int16),
            "max_age": np.nan_to_num(vacancies.max_age[posts], nan=999).astype(np.int16),
            "min_education": vacancies.min_education[posts].astype(np.int16),
            "until": np.where(np.isnat(until), _NEVER, until.astype(np.int64)).astype(np.int32),
            "pay": paid.astype(np.float32),
            "over_unasked": unasked.astype(np.float32),
        }

    def _of_home(self, table: Table) -> bool:
        region = np.unique(self.known.market.workers.region[self.known.workers], return_inverse=True)[1]
        joint = np.unique(region * len(table.value) + table.asking)
        return len(joint) == int(region.max()) + 1

    def _without_floor(self, lines: NDArray[np.float64]) -> NDArray[np.float64]:
        """The lines without what pay over the floor adds: that is told by a formula."""
        laid, own, known = self.known.features, lines.copy(), self.known
        table = next(at for at, (reads, _) in enumerate(grouped()) if "pay_floor" in reads[0])
        terms = known.terms
        assert terms is not None  # noqa: S101

        def over(pairs: Pairs) -> NDArray[np.float64]:
            _, z, yuan = seen(known.ranker.placed(pairs), [_PAY])
            return np.column_stack(
                [z[:, 0] * terms.hire.weights[_PAY], -z[:, 0] * terms.leave.weights[_PAY], yuan]
            )

        cells = slice(laid.tables.begin[table], laid.tables.begin[table + 1])
        # Rounded, so that what is left of it is the same for every floor.
        own[cells] = np.round(own[cells] - laid.computed(table, over), 6)
        return own

    def question(self, row: int) -> Question:
        """What one worker asks; a blank is what every rule lets pass."""
        known, workers = self.known, self.known.market.workers
        person = int(known.workers[row])
        age = float(ages(Pairs.of_worker(known.market, person, np.zeros(1, np.int64)))[0])
        available, floor = workers.available_from[person], float(workers.pay_floor[person])
        education = int(workers.education[person])
        return Question(
            row=row,
            age=-1 if np.isnan(age) else int(age),
            education=99 if education < 0 else education,
            available=0 if np.isnat(available) else int(available.astype(np.int64)),
            places=self._free("accepted_regions", row),
            skills=self._free("required_skills", row),
            home=int(self._home[row]),
            floor=None if np.isnan(floor) else floor,
            arrays=[
                np.ascontiguousarray(table.value[table.asking[row]] @ self._steep).astype(np.float32)
                for table in self._kinds
            ],
        )

    def _free(self, code: str, row: int) -> list[int]:
        """The kinds of posts that a rule leaves to a worker."""
        of, table = self.known.rules.tables, _CODES.index(code)
        begin = of.begin[table] + of.worker[row, table] * of.wide[table]
        found: list[int] = np.flatnonzero(~self.known.out[begin : begin + of.wide[table]]).tolist()
        return found

    def pay_sql(self, question: Question, floor: str) -> str:
        """What pay adds to the sum, as SQL; `floor` is how the floor is written, twice."""
        over = "over_unasked" if question.floor is None else f"(pay - {floor})"
        z = f"(greatest(least({over}, {_WEIGHT.high}), {_WEIGHT.low}) - {_WEIGHT.centre}) / {_WEIGHT.scale}"
        yuan = f"greatest(least({over}, {_YUAN.high}), {_YUAN.low})"
        return f"{self.pay_z:.9e} * ({z}) + {self.pay_yuan:.9e} * {yuan}"

    def pay(self, over: Any) -> Any:
        """The same of whatever can be clipped: an array, or an expression."""
        z = (over.clip(_WEIGHT.low, _WEIGHT.high) - _WEIGHT.centre) / _WEIGHT.scale
        return z * self.pay_z + over.clip(_YUAN.low, _YUAN.high) * self.pay_yuan


def _drawn_through(known: Known, lines: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """What a unit of each sum adds to the logarithm of the score, among the better pairs of some people."""
    dice = np.random.default_rng(seed)
    sums, wanted = [], []
    for row in dice.permutation(len(known.workers))[:300]:
        columns = dice.integers(0, len(known.vacancies), 3_000)
        rows = np.full(len(columns), row)
        free = known.allowed(rows, columns)
        if free.sum() < 20:
            continue
        logs = np.log(known.score(rows[free], columns[free]))
        best = np.argsort(-logs)[: max(20, len(logs) // 10)]
        own = summed(known.features.tables, lines, rows[free][best], columns[free][best])
        sums.append(own - own.mean(axis=0))
        wanted.append(logs[best] - logs[best].mean())
    found: NDArray[np.float64] = np.linalg.lstsq(np.concatenate(sums), np.concatenate(wanted), rcond=None)[0]
    return found
