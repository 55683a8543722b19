"""Scores of many pairs: what a ranker says of each, summed from tables of classes, its trees walked by compiled code."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.abreast import abreast
from matching.columns import FloatArray, Pairs
from matching.compiled.machine import compiled
from matching.compiled.tables import Laid, Tables, cell
from matching.compiled.terms import Chance, Terms, grouped, seen
from matching.compiled.trees import Bits, Trees, check, lay, questions, stretch, told
from matching.prior import TYPICAL_SURPLUS
from matching.regions import IntArray

_AT_ONCE = 50_000
_NO_TREES = Trees(
    np.empty(0, np.uint16), np.empty((0, 0), np.uint16), np.empty(0), np.zeros(1, np.int64), np.empty((0, 16)), 0.0
)  # fmt: skip


class _Asked(NamedTuple):
    """A chance as the loops read it."""

    begins: FloatArray
    shift: float
    slope: float
    trust: float
    trees: Trees
    common: Bits
    """What each question leaves of the leaves, shape (questions, trees)."""
    many: IntArray
    """Features of each table that the trees are asked about."""
    first: IntArray
    """Where each table's part of `rows` begins."""
    rows: NDArray[np.int16]
    """For each cell of each table so many rows of the trees' `left`."""


class Scorer:
    """What a ranker says of pairs, in the rows of the tables.

    Parameters
    ----------
    laid : the tables of `grouped`.
    terms : what the ranker's score is made of.
    placed : the pairs with all that the ranker has learned of their market.
    """

    def __init__(self, laid: Laid, terms: Terms, placed: Callable[[Pairs], Pairs]) -> None:
        groups = grouped()
        self._tables = laid.tables
        told = [
            laid.computed(table, partial(_told, own=own, terms=terms, placed=placed))
            for table, (_, own) in enumerate(groups)
        ]
        self._lines = np.ascontiguousarray(np.concatenate([each[:, :3] for each in told]))
        raw = [each[:, 3:] for each in told]
        owned = [own for _, own in groups]
        self._hire, self._leave = _asked(terms.hire, owned, raw), _asked(terms.leave, owned, raw)
        self._shares = terms.shares

    def parts(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """The logarithm of the chances and the surplus in yuan a month, shape (pairs, 2)."""

        def some(at: int) -> FloatArray:
            block = slice(at, at + _AT_ONCE)
            return _parts(
                self._tables, self._lines, self._hire, self._leave, self._shares, rows[block], columns[block]
            )  # fmt: skip

        found = list(abreast(some, range(0, len(rows), _AT_ONCE)))
        return np.concatenate(found) if found else np.empty((0, 2))

    def surplus(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """The surplus alone, shape (pairs,)."""
        return _surplus(self._tables, self._lines, rows, columns)


def _told(pairs: Pairs, own: list[int], terms: Terms, placed: Callable[[Pairs], Pairs]) -> FloatArray:
    """What some features add to the two lines and to the surplus, and after these three they themselves."""
    raw, z, yuan = seen(placed(pairs), own)
    return np.column_stack([z @ terms.hire.weights[own], z @ terms.leave.weights[own], yuan, raw])


def _asked(chance: Chance, owned: list[list[int]], raw: list[FloatArray]) -> _Asked:
    trusted = chance.trees is not None and chance.trust > 0
    trees = chance.trees if chance.trees is not None and trusted else _NO_TREES
    number = {feature: at for at, feature in enumerate(chance.grown.tolist())} if trusted else {}
    if trusted:
        check(trees, len(number) + chance.extra.shape[1] + 1)
    many, rows = [], []
    for own, found in zip(owned, raw, strict=True):
        mine = [at for at, feature in enumerate(own) if feature in number]
        numbers = np.array([number[own[at]] for at in mine], np.int64)
        many.append(len(mine))
        rows.append(_rows(trees, numbers, np.ascontiguousarray(found[:, mine])))
    return _Asked(
        begins=chance.begins,
        shift=chance.shift,
        slope=chance.slope,
        trust=chance.trust if trusted else 0.0,
        trees=trees,
        common=questions(trees, chance.extra[:, : chance.extra.shape[1] * trusted], len(number)),
        many=np.array(many, np.int64),
        first=np.cumsum([0, *map(len, rows[:-1])]),
        rows=np.concatenate(rows),
    )


@compiled
def _rows(trees: Trees, features: IntArray, values: FloatArray) -> NDArray[np.int16]:
    rows = np.empty(values.size, np.int16)
    for at in range(len(values)):
        for number in range(len(features)):
            rows[at * len(features) + number] = stretch(trees, features[number], values[at, number])
    return rows


@compiled
def _laid_over(asked: _Asked, tables: Tables, worker: int, vacancy: int, bits: Bits) -> None:
    bits[:] = asked.trees.all
    for table in range(len(tables.wide)):
        many = asked.many[table]
        if many:
            at = cell(tables, table, worker, vacancy) - tables.begin[table]
            first = asked.first[table] + at * many
            for number in range(many):
                lay(bits, asked.trees, asked.rows[first + number])


@compiled
def _log_odds(asked: _Asked, bits: Bits, own: Bits, line: float, question: int) -> float:
    line += asked.begins[question]
    if asked.trust:
        for tree in range(len(bits)):
            own[tree] = bits[tree] & asked.common[question, tree]
        lay(own, asked.trees, stretch(asked.trees, len(asked.trees.cut) - 2, line))
        line = (1.0 - asked.trust) * line + asked.trust * told(own, asked.trees)
    return asked.shift + asked.slope * line


@compiled
def _parts(
    tables: Tables, lines: FloatArray, hire: _Asked, leave: _Asked, shares: FloatArray, workers: IntArray, vacancies: IntArray
) -> FloatArray:  # fmt: skip
    found = np.empty((len(workers), 2))
    hire_bits, hire_own = np.empty_like(hire.trees.all), np.empty_like(hire.trees.all)
    leave_bits, leave_own = np.empty_like(leave.trees.all), np.empty_like(leave.trees.all)
    for pair in range(len(workers)):
        worker, vacancy = workers[pair], vacancies[pair]
        to_start, to_leave, yuan = 0.0, 0.0, TYPICAL_SURPLUS
        for table in range(len(tables.wide)):
            at = cell(tables, table, worker, vacancy)
            to_start += lines[at, 0]
            to_leave += lines[at, 1]
            yuan += lines[at, 2]
        if hire.trust:
            _laid_over(hire, tables, worker, vacancy, hire_bits)
        if leave.trust:
            _laid_over(leave, tables, worker, vacancy, leave_bits)
        chance = -np.log1p(np.exp(-_log_odds(hire, hire_bits, hire_own, to_start, 0)))
        for question in range(len(shares)):
            odds = _log_odds(leave, leave_bits, leave_own, to_leave, question)
            chance -= shares[question] * np.log1p(np.exp(odds))
        found[pair, 0] = chance
        found[pair, 1] = yuan
    return found


@compiled
def _surplus(tables: Tables, lines: FloatArray, workers: IntArray, vacancies: IntArray) -> FloatArray:
    found = np.full(len(workers), TYPICAL_SURPLUS)
    for table in range(len(tables.wide)):
        for pair in range(len(workers)):
            found[pair] += lines[cell(tables, table, workers[pair], vacancies[pair]), 2]
    return found
