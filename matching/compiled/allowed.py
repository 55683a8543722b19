"""Which pairs no rule rules out, for all vacancies of some workers at once."""

import numpy as np

from matching.classes import READS, Alike
from matching.columns import BoolArray
from matching.compiled.machine import compiled
from matching.compiled.tables import Laid, Tables, cell
from matching.eligibility import RULES
from matching.regions import IntArray


class Eligible:
    """Which of `vacancies` each of `workers` (indices of the market) may be put forward for: `eligible` over all their pairs."""

    def __init__(self, alike: Alike, workers: IntArray, vacancies: IntArray) -> None:
        self._workers, self._vacancies = np.zeros(len(workers), np.bool_), np.zeros(len(vacancies), np.bool_)
        meeting = []
        for rule in RULES:
            reads = READS[rule.code]
            if all(reads):
                meeting.append(rule)
                continue
            laid = Laid(alike, workers, vacancies, [reads])
            out = laid.computed(0, rule.rules_out)
            # One side has one class, so the other's class is the cell.
            if not len(out):
                continue
            if reads[0]:
                self._workers |= out[laid.tables.worker[:, 0]]
            else:
                self._vacancies |= out[laid.tables.vacancy[:, 0]]
        laid = Laid(alike, workers, vacancies, [READS[rule.code] for rule in meeting])
        self._tables = laid.tables
        self._out = np.concatenate(
            [laid.computed(table, rule.rules_out) for table, rule in enumerate(meeting)]
        )

    def block(self, rows: IntArray) -> BoolArray:
        """The mask, shape (rows, vacancies)."""
        return _allowed(self._tables, self._out, self._workers, self._vacancies, np.asarray(rows, np.int64))


@compiled
def _allowed(
    tables: Tables, out: BoolArray, workers: BoolArray, vacancies: BoolArray, rows: IntArray
) -> BoolArray:
    allowed = np.zeros((len(rows), len(vacancies)), np.bool_)
    many = len(tables.wide)
    for at in range(len(rows)):
        worker = rows[at]
        if workers[worker]:
            continue
        for vacancy in range(len(vacancies)):
            may = not vacancies[vacancy]
            table = 0
            while may and table < many:
                may = not out[cell(tables, table, worker, vacancy)]
                table += 1
            allowed[at, vacancy] = may
    return allowed
