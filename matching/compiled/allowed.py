"""Which pairs no rule rules out, for all vacancies of some workers at once."""

from typing import Any

import numpy as np

from matching.classes import READS, Alike
from matching.columns import BoolArray
from matching.compiled.bundles import Bundles, added_up, bundled
from matching.compiled.machine import compiled
from matching.compiled.tables import Laid, Rows, Tables
from matching.eligibility import RULES
from matching.regions import IntArray


class Eligible:
    """Which of `vacancies` each of `workers` (indices of the market) may be put forward for: `eligible` over all their pairs."""

    def __init__(self, alike: Alike, workers: IntArray, vacancies: IntArray) -> None:
        laid = Laid(alike, workers, vacancies, [READS[rule.code] for rule in RULES])
        # Some of them may be of one side alone: a table of one column or one row like any other.
        self._tables, self._many = laid.tables, len(vacancies)
        self._out = np.concatenate([laid.computed(table, rule.rules_out) for table, rule in enumerate(RULES)])
        self._bundles = bundled(laid.tables, np.zeros(len(RULES), np.bool_))

    def block(self, rows: IntArray) -> BoolArray:
        """The mask, shape (rows, vacancies)."""
        begin, column = self.pairs(rows)
        mask = np.zeros((len(rows), self._many), np.bool_)
        mask[np.repeat(np.arange(len(rows)), np.diff(begin)), column] = True
        return mask

    def pairs(self, rows: IntArray) -> tuple[IntArray, Rows]:
        """The pairs that may be: those of row number i from `begin[i]` to `begin[i + 1]`, with their vacancies ascending."""
        return _allowed(
            self._tables, self._bundles, self._out.view(np.uint8)[:, None], np.asarray(rows, np.int64), self._many
        )  # fmt: skip


@compiled
def _allowed(tables: Tables, bundles: Bundles, out: Any, rows: IntArray, many: int) -> tuple[IntArray, Rows]:
    begin, column = np.zeros(len(rows) + 1, np.int64), np.empty((len(rows) + 1) * many, np.int32)
    joint = np.empty((bundles.begin[-1], 1), np.uint8)
    for at in range(len(rows)):
        added_up(bundles, tables, rows[at], out, joint)
        first = begin[at]
        for vacancy in range(many):
            column[first + vacancy] = vacancy
        left = many
        for bundle in range(len(bundles.of)):
            # Every vacancy that is left moves up; the next takes its place where a rule rules it out.
            kept = 0
            for nth in range(left):
                vacancy = column[first + nth]
                column[first + kept] = vacancy
                kept += joint[bundles.of[bundle, vacancy], 0] == 0
            left = kept
        begin[at + 1] = first + left
    return begin, column[: begin[-1]].copy()
