"""Guesses of all pairs of some workers: sums of a few lines from tables of classes."""

import numpy as np
from numpy.typing import NDArray

from matching.columns import BoolArray
from matching.compiled.machine import compiled
from matching.compiled.tables import Tables, cell
from matching.regions import IntArray

Floats = NDArray[np.float32]

_LARGE = np.float32(30.0)
"""log(1 + exp(x)) is x itself from here on, as far as such numbers tell."""


@compiled
def sums(
    tables: Tables, lines: Floats, effects: Floats, rows: IntArray, allowed: BoolArray
) -> tuple[Floats, IntArray]:
    """What each line comes to for every pair that is allowed, shape (lines, rows, vacancies), and the likeliest pairs.

    Likeliest by the last line, one of the vacancies of even and one of those of odd number, -1 none: shape (rows, 2).

    Parameters
    ----------
    lines : (cells, lines) what each cell adds; effects : (vacancies, lines) what each vacancy adds.
    """
    many = lines.shape[1]
    found = np.zeros((many, len(rows), len(effects)), np.float32)
    likeliest = np.full((len(rows), 2), -1, np.int64)
    total = np.empty(many, np.float32)
    for at in range(len(rows)):
        for vacancy in range(len(effects)):
            if not allowed[at, vacancy]:
                continue
            for line in range(many):
                total[line] = effects[vacancy, line]
            for table in range(len(tables.wide)):
                here = cell(tables, table, rows[at], vacancy)
                for line in range(many):
                    total[line] += lines[here, line]
            for line in range(many):
                found[line, at, vacancy] = total[line]
            best = likeliest[at, vacancy % 2]
            if best < 0 or total[many - 1] > found[many - 1, at, best]:
                likeliest[at, vacancy % 2] = vacancy
    return found, likeliest


@compiled
def guesses(found: Floats, levels: Floats, beyond: Floats, sigma: float, allowed: BoolArray) -> Floats:
    """What `sums` found as guesses of the score, shape (rows, vacancies), -inf where not allowed.

    Parameters
    ----------
    levels : (lines, rows) what each row adds to each line; beyond : what each vacancy adds to the first.
    """
    values = np.full(allowed.shape, -np.inf, np.float32)
    for at in range(len(values)):
        for vacancy in range(len(beyond)):
            if not allowed[at, vacancy]:
                continue
            guess = np.exp(found[0, at, vacancy] + levels[0, at] + beyond[vacancy])
            if len(found) > 1:
                surplus = min(found[1, at, vacancy] + levels[1, at], _LARGE)
                guess *= np.float32(sigma) * np.log1p(np.exp(surplus))
            values[at, vacancy] = guess
    return values
