"""What is listed, laid in blocks of rows that are much alike, the likeliest first; and what each block can bring at most."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import FloatArray
from matching.compiled.machine import compiled
from matching.compiled.tables import Rows
from matching.regions import IntArray
from matching.serving.folded import Folded, Table
from matching.serving.links import LINES, Floats, Links

BLOCK = 64
"""Rows of a block at most."""
_RULED_OUT = -2.0
"""What being ruled out counts where rows are laid beside their like, in units of the logarithm of the score."""
_MOST_BOUNDS = 30_000_000
"""Bounds kept of one table; where they were more, a block's kinds are looked at for each who asks."""

Flags = NDArray[np.uint8]


class Blocks(NamedTuple):
    """All that the loops read. What is listed stands in the order of the blocks: place `i` is row `row[i]`.

    `value` holds all tables one after the other, each from its `begin`; a cell is a class of who asks times `wide` plus a class of
    the listed. `bound` holds of each table, from `bound_begin`, for each class of who asks and line, one value a block; of a table with too
    many classes of who ask `kind` holds instead which classes of the listed are in each block, from `kind_at[kept]`, its row in `kept`.
    """

    asking: Rows
    """Shape (who ask, tables)."""
    own: Floats
    value: Floats
    begin: IntArray
    wide: IntArray
    listed: Rows
    """Shape (tables, places)."""
    effect: Floats
    row: IntArray
    start: IntArray
    """Where each block begins, and the end."""
    bound: Floats
    bound_begin: IntArray
    kept: IntArray
    """Of each table the row of `kind_at`, -1 where there are bounds."""
    kind_at: IntArray
    kind: Rows
    effect_bound: Floats
    """Shape (lines, blocks)."""
    adds: Flags
    """Which lines each table adds to, shape (tables, lines)."""
    mixed: Flags
    """Whether a block holds several classes of a table, shape (tables, blocks)."""
    rules: IntArray
    """The tables that rule out."""
    curves: Links


def blocks(all_of: Folded, curves: Links) -> Blocks:
    """Lay what may come into question at all in blocks."""
    tables = all_of.tables
    steep = _steepness(all_of, curves)
    row, start = _laid(all_of, steep)
    many = len(start) - 1
    effect = all_of.effect[row]
    listed = np.array([table.listed[row] for table in tables], np.int32).reshape(len(tables), len(row))
    bounds, kept = [], np.full(len(tables), -1)
    kind_at, kinds = [np.zeros((0, many + 1), np.int64)], [np.empty(0, np.int32)]
    mixed = np.zeros((len(tables), many), np.uint8)
    for number, table in enumerate(tables):
        mixed[number], at, kind = _kinds(listed[number], start, table.value.shape[1])
        if len(table.value) * many * LINES <= _MOST_BOUNDS:
            bounds.append(_bounds(table.value, listed[number], start))
        else:
            bounds.append(np.empty(0, np.float32))
            kept[number] = len(kind_at) - 1
            kind_at.append(at[None] + sum(map(len, kinds)))
            kinds.append(kind)
    sizes = [each.size for each in bounds]
    cells = [len(table.value) * table.value.shape[1] for table in tables]
    return Blocks(
        asking=np.ascontiguousarray(
            np.array([table.asking for table in tables], np.int32).reshape(len(tables), len(all_of.own)).T
        ),
        own=all_of.own,
        value=np.concatenate([np.empty((0, LINES), np.float32), *(each.value.reshape(-1, LINES) for each in tables)]),
        begin=np.cumsum([0, *cells])[:-1].astype(np.int64),
        wide=np.array([table.value.shape[1] for table in tables], np.int64),
        listed=listed,
        effect=effect,
        row=row,
        start=start,
        bound=np.concatenate([np.empty(0, np.float32), *(each.ravel() for each in bounds)]),
        bound_begin=np.cumsum([0, *sizes])[:-1].astype(np.int64),
        kept=kept,
        kind_at=np.concatenate(kind_at),
        kind=np.concatenate(kinds),
        effect_bound=np.ascontiguousarray(
            np.maximum.reduceat(effect, start[:-1]).T if many else np.empty((LINES, 0), np.float32)
        ),
        adds=np.array([(table.value != 0).any(axis=(0, 1)) for table in tables], np.uint8).reshape(-1, LINES),
        mixed=mixed,
        rules=np.array([at for at, table in enumerate(tables) if np.isinf(table.value).any()], np.int64),
        curves=curves,
    )  # fmt: skip


def _steepness(all_of: Folded, curves: Links) -> FloatArray:
    """How much a unit of each line moves the logarithm of a score, about the middle."""
    middle = np.zeros(LINES)
    for part in (all_of.own, all_of.effect, *(table.value.reshape(-1, LINES) for table in all_of.tables)):
        known = part[np.isfinite(part[:, 0])]
        middle += known.mean(axis=0) if len(known) else 0.0
    last = curves.value.shape[1] - 1
    at = np.clip(((middle - curves.low) * curves.each).astype(np.int64), 1, last - 1)
    line = np.arange(LINES)
    steep: FloatArray = (curves.value[line, at + 1] - curves.value[line, at - 1]) / 2 * curves.each
    return steep


def _laid(all_of: Folded, steep: FloatArray) -> tuple[IntArray, IntArray]:
    """The rows in the order of the blocks, and where these begin: first by the tables in which rows differ most, as far as these make no
    more groups than blocks are wanted, within a group by what is likely to come of a row."""
    row = np.flatnonzero(np.isfinite(all_of.effect[:, 0]))
    if not len(row):
        return row, np.zeros(1, np.int64)
    weighed = [_weighed(table, row, steep) for table in all_of.tables]
    key, likely = np.zeros(len(row), np.int64), all_of.effect[row] @ steep
    for number in sorted(range(len(weighed)), key=lambda at: -weighed[at][1]):
        table = all_of.tables[number]
        both = key * table.value.shape[1] + table.listed[row]
        kinds, joint = np.unique(both, return_inverse=True)
        if len(kinds) <= max(1, len(row) // BLOCK):
            key = joint
        else:
            likely = likely + weighed[number][0][table.listed[row]]
    order = np.lexsort((-likely, key))
    size = np.bincount(key)
    first = np.cumsum(size) - size
    # A group is cut in blocks of the same size.
    pieces = -(-size // BLOCK)
    group = np.repeat(np.arange(len(size)), pieces)
    nth = np.arange(len(group)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start = first[group] + nth * size[group] // pieces[group]
    return row[order], np.r_[start, len(row)].astype(np.int64)


def _weighed(table: Table, row: IntArray, steep: FloatArray) -> tuple[FloatArray, float]:
    """What each class of the listed brings on average, and how much rows differ for one who asks."""
    free = np.isfinite(table.value[..., 0])
    value = np.where(free, np.where(free[..., None], table.value, 0.0) @ steep, _RULED_OUT)
    asking = np.bincount(table.asking, minlength=len(value)) / len(table.asking)
    listed = np.bincount(table.listed[row], minlength=value.shape[1]) / len(row)
    spread = (value**2) @ listed - (value @ listed) ** 2
    return asking @ value, float(asking @ spread)


def _kinds(listed: Rows, start: IntArray, wide: int) -> tuple[Flags, IntArray, Rows]:
    """Of each block whether its rows are of several classes, where its classes begin, and they."""
    block = np.repeat(np.arange(len(start) - 1), np.diff(start))
    both = np.unique(block * wide + listed)
    at = np.searchsorted(both, np.arange(len(start)) * wide)
    return (np.diff(at) > 1).astype(np.uint8), at, (both % wide).astype(np.int32)


@compiled
def _bounds(value: Floats, listed: Rows, start: IntArray) -> Floats:
    """The most that each block's rows add for each class of who asks, shape (asking, lines, blocks)."""
    found = np.empty((value.shape[0], value.shape[2], len(start) - 1), np.float32)
    for asking in range(value.shape[0]):
        for block in range(len(start) - 1):
            for line in range(value.shape[2]):
                most = value[asking, listed[start[block]], line]
                for place in range(start[block] + 1, start[block + 1]):
                    most = max(most, value[asking, listed[place], line])
                found[asking, line, block] = most
    return found
