"""The tables of rules and features as a list asks them: one number a pair and line, of those who ask and what is listed.

A rule that rules out adds minus infinity to the first line. Classes that no rule and no feature tells apart become one; a table of one class of
those who ask is an effect of what is listed, and the other way round.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import FloatArray
from matching.compiled.tables import Laid, Rows
from matching.regions import IntArray
from matching.serving.guess import Sides
from matching.serving.links import LINES, Floats


@dataclass(frozen=True, slots=True)
class Table:
    """What each class of those who ask adds with each class of what is listed: `value` of shape (asking, listed, lines)."""

    asking: Rows
    listed: Rows
    value: Floats


@dataclass(frozen=True, slots=True)
class Folded:
    """The tables that tell pairs apart; what else is added to all pairs of one who asks (`own`) and of one row listed (`effect`)."""

    tables: list[Table]
    own: Floats
    effect: Floats


def folded(sides: Sides, lines: FloatArray, effects: FloatArray) -> Folded:
    """All tables: the rules', and what the features add to the lines."""
    known = sides.known
    own, effect = np.zeros((sides.asking, LINES), np.float32), effects.astype(np.float32)
    ruled_out = np.zeros((len(known.out), LINES), np.float32)
    ruled_out[known.out, 0] = -np.inf
    tables = []
    for laid, values in ((known.rules, ruled_out), (known.features, lines)):
        for number in range(len(laid)):
            table = _alike(_table(sides, laid, number, values))
            if table.value.shape[0] == 1:
                effect += table.value[0, table.listed]
            elif table.value.shape[1] == 1:
                own += table.value[table.asking, 0]
            else:
                tables.append(table)
    return Folded(tables, own, effect)


def _table(sides: Sides, laid: Laid, number: int, values: FloatArray | Floats) -> Table:
    of = laid.tables
    cells = values[of.begin[number] : of.begin[number + 1]].astype(np.float32)
    value = cells.reshape(-1, int(of.wide[number]), LINES)
    workers, vacancies = of.worker[:, number], of.vacancy[:, number]
    if sides.people_listed:
        return Table(vacancies, workers, value.transpose(1, 0, 2))
    return Table(workers, vacancies, value)


def _alike(table: Table) -> Table:
    value = table.value
    first, asking = _same(value.reshape(len(value), -1))
    value = value[first]
    first, listed = _same(value.transpose(1, 0, 2).reshape(value.shape[1], -1))
    return Table(asking[table.asking], listed[table.listed], np.ascontiguousarray(value[:, first]))


def _same(rows: Floats) -> tuple[IntArray, Rows]:
    """The first row of each kind, and of which kind each row is; told by their bits."""
    plain = np.ascontiguousarray(rows) + np.float32(0.0)
    data, size = plain.tobytes(), plain.shape[1] * plain.itemsize
    kinds: dict[bytes, int] = {}
    first: list[int] = []
    of = np.empty(len(plain), np.int32)
    for row in range(len(plain)):
        kind = kinds.setdefault(data[row * size : (row + 1) * size], len(kinds))
        if kind == len(first):
            first.append(row)
        of[row] = kind
    return np.array(first, np.int64), of
