"""Guesses of all pairs of some workers: sums of a few lines from tables of classes."""

import numpy as np
from numpy.typing import NDArray

from matching.compiled.bundles import Bundles, added_up
from matching.compiled.machine import compiled
from matching.compiled.tables import Rows, Tables
from matching.regions import IntArray

Floats = NDArray[np.float32]


@compiled
def sums(
    tables: Tables, bundles: Bundles, lines: Floats, effects: Floats, rows: IntArray, begin: IntArray, column: Rows
) -> tuple[Floats, IntArray]:  # fmt: skip
    """What each line comes to for pairs, shape (lines, pairs), and of each row the likeliest pair by the last line.

    Likeliest is one pair with a vacancy of even and one with a vacancy of odd number, -1 none: shape (rows, 2).

    Parameters
    ----------
    lines : (cells, lines) what each cell adds; effects : (vacancies, lines) what each vacancy adds.
    begin, column : the pairs of row number i are those from `begin[i]` to `begin[i + 1]`, and of which vacancies.
    """
    many = lines.shape[1]
    found = np.empty((many, len(column)), np.float32)
    likeliest = np.full((len(rows), 2), -1, np.int64)
    joint = np.empty((bundles.begin[-1], many), np.float32)
    for at in range(len(rows)):
        added_up(bundles, tables, rows[at], lines, joint)
        for line in range(many):
            for pair in range(begin[at], begin[at + 1]):
                vacancy = column[pair]
                total = effects[vacancy, line]
                for bundle in range(len(bundles.of)):
                    total += joint[bundles.of[bundle, vacancy], line]
                found[line, pair] = total
        for pair in range(begin[at], begin[at + 1]):
            best = likeliest[at, column[pair] % 2]
            if best < 0 or found[many - 1, pair] > found[many - 1, best]:
                likeliest[at, column[pair] % 2] = pair
    return found, likeliest


@compiled
def best_of(begin: IntArray, value: Floats, many: int) -> IntArray:
    """The pairs of the `many` highest values of each row, shape (rows, many), in no order, -1 none."""
    best = np.full((len(begin) - 1, many), -1, np.int64)
    for at in range(len(best)):
        first, size = begin[at], begin[at + 1] - begin[at]
        if size <= many:
            for nth in range(size):
                best[at, nth] = first + nth
            continue
        own = value[first : first + size]
        least = np.partition(own, size - many)[size - many]
        taken = 0
        for above in (True, False):
            # First what lies above the least of them, then as many that are equal to it as are wanted.
            for nth in range(size):
                if taken < many and (own[nth] > least if above else own[nth] == least):
                    best[at, taken] = first + nth
                    taken += 1
    return best
