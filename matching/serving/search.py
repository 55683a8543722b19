"""One list: what each block can bring at most, the rows of those that can matter, and the full scores of the best of these."""

from typing import Any, NamedTuple

import numpy as np

from matching.columns import FloatArray
from matching.compiled.machine import compiled
from matching.compiled.scoring import Parts, each_told
from matching.regions import IntArray
from matching.serving.blocks import Blocks, Flags
from matching.serving.links import LINES, Floats, linked

FIRST, _NEXT = 32, 16
"""Candidates scored in full at first, and so many more at a time."""
_BUCKETS, _RANGE = 512, 4.0
"""Blocks are taken in the order of their bounds, about: by so many steps of the logarithm of the score below the highest."""


class Worth(NamedTuple):
    """What a surplus is worth in a score: as a soft positive part of width `sigma`, or nothing, where only stable work counts."""

    sigma: float
    counts: bool


@compiled
def valued(blocks: Blocks, start: Any, staying: Any, worth: Any) -> Any:
    """The logarithm of the score that three sums bring."""
    value = linked(blocks.curves, 0, start) + linked(blocks.curves, 1, staying)
    return value + linked(blocks.curves, 2, worth)


@compiled
def bounds(blocks: Blocks, asking: int) -> Floats:
    """The most that each block brings to one who asks, as a logarithm of a score; minus infinity where no row of it may be."""
    many = len(blocks.start) - 1
    total = np.empty((LINES, many), np.float32)
    for line in range(LINES):
        own = blocks.own[asking, line]
        for block in range(many):
            total[line, block] = blocks.effect_bound[line, block] + own
    for table in range(len(blocks.begin)):
        mine = blocks.asking[asking, table]
        for line in range(LINES):
            if not blocks.adds[table, line]:
                continue
            if blocks.kept[table] < 0:
                at = blocks.bound_begin[table] + (mine * LINES + line) * many
                for block in range(many):
                    total[line, block] += blocks.bound[at + block]
            else:
                at = blocks.begin[table] + mine * blocks.wide[table]
                for block in range(many):
                    total[line, block] += _most(blocks, blocks.kept[table], at, line, block)
    upper = np.full(many, -np.inf, np.float32)
    for block in range(many):
        if total[0, block] > -np.inf:
            upper[block] = valued(blocks, total[0, block], total[1, block], total[2, block])
    return upper


@compiled
def _most(blocks: Blocks, kept: int, at: int, line: int, block: int) -> Any:
    """The most that a block's classes of a table add, whose cells of who asks are from `at`."""
    first, end = blocks.kind_at[kept, block], blocks.kind_at[kept, block + 1]
    most = blocks.value[at + blocks.kind[first], line]
    for nth in range(first + 1, end):
        most = max(most, blocks.value[at + blocks.kind[nth], line])
    return most


@compiled
def _in_order(upper: Floats) -> IntArray:
    """The blocks that may be, the highest bounds first, as far as buckets tell them apart."""
    highest = -np.inf
    for block in range(len(upper)):
        highest = max(highest, upper[block])
    size = np.zeros(_BUCKETS + 1, np.int64)
    bucket = np.full(len(upper), -1, np.int16)
    for block in range(len(upper)):
        if upper[block] > -np.inf:
            down = (highest - upper[block]) * (_BUCKETS / _RANGE)
            bucket[block] = min(down, _BUCKETS - 1)
            size[bucket[block] + 1] += 1
    for at in range(1, _BUCKETS + 1):
        size[at] += size[at - 1]
    order = np.empty(size[_BUCKETS], np.int64)
    for block in range(len(upper)):
        if bucket[block] >= 0:
            order[size[bucket[block]]] = block
            size[bucket[block]] += 1
    return order


@compiled
def _opened(blocks: Blocks, asking: int, block: int, sums: Floats) -> int:
    """The three sums of a block's rows, into `sums` of shape (lines, rows); how many they are."""
    first = int(blocks.start[block])
    size = int(blocks.start[block + 1]) - first
    common = blocks.own[asking].copy()
    for table in range(len(blocks.begin)):
        if not blocks.mixed[table, block]:
            # All its rows are of one class.
            at = blocks.begin[table] + blocks.asking[asking, table] * blocks.wide[table]
            for line in range(LINES):
                common[line] += blocks.value[at + blocks.listed[table, first], line]
    for line in range(LINES):
        for nth in range(size):
            sums[line, nth] = blocks.effect[first + nth, line] + common[line]
    for table in range(len(blocks.begin)):
        if blocks.mixed[table, block]:
            at = blocks.begin[table] + blocks.asking[asking, table] * blocks.wide[table]
            for nth in range(size):
                cell = at + blocks.listed[table, first + nth]
                for line in range(LINES):
                    sums[line, nth] += blocks.value[cell, line]
    return size


@compiled
def _kept(values: Floats, places: IntArray, found: int, many: int) -> float:
    """Move the `many` highest of the values found to the front; the least of them."""
    least = np.partition(values[:found], found - many)[found - many]
    equal = many
    for nth in range(found):
        equal -= values[nth] > least
    kept = 0
    for nth in range(found):
        if values[nth] > least or (values[nth] == least and equal > 0):
            equal -= values[nth] == least
            values[kept], places[kept] = values[nth], places[nth]
            kept += 1
    return float(least)


@compiled
def candidates(blocks: Blocks, live: Flags, asking: int, many: int) -> tuple[IntArray, Floats]:
    """The places of the `many` best guesses among the live, best first, and these."""
    room, widest = 2 * many, 1
    values, places = np.empty(room, np.float32), np.empty(room, np.int64)
    if len(blocks.row) == 0 or blocks.own[asking, 0] == -np.inf:
        return places[:0], values[:0]
    upper = bounds(blocks, asking)
    order = _in_order(upper)
    for block in range(len(blocks.start) - 1):
        widest = max(widest, blocks.start[block + 1] - blocks.start[block])
    sums = np.empty((LINES, widest), np.float32)
    found, least = 0, -np.inf
    for block in order:
        if upper[block] <= least:
            continue
        first = blocks.start[block]
        for nth in range(_opened(blocks, asking, block, sums)):
            if live[first + nth] and sums[0, nth] > -np.inf:
                value = valued(blocks, sums[0, nth], sums[1, nth], sums[2, nth])
                if value > least:
                    if found == room:
                        least = _kept(values, places, found, many)
                        found = many
                    values[found], places[found] = value, first + nth
                    found += 1
    if found > many:
        _kept(values, places, found, many)
        found = many
    best = np.argsort(-values[:found])
    return places[:found][best], values[:found][best]


@compiled
def allowed(blocks: Blocks, live: Flags, asking: int) -> IntArray:
    """The places of all the live that no rule rules out."""
    places, found = np.empty(len(blocks.row), np.int64), 0
    if len(blocks.row) == 0 or blocks.own[asking, 0] == -np.inf:
        return places[:0]
    for block in range(len(blocks.start) - 1):
        first = found
        for place in range(blocks.start[block], blocks.start[block + 1]):
            places[found] = place
            found += live[place]
        for table in blocks.rules:
            at = blocks.begin[table] + blocks.asking[asking, table] * blocks.wide[table]
            if blocks.mixed[table, block]:
                left = first
                for nth in range(first, found):
                    places[left] = places[nth]
                    left += blocks.value[at + blocks.listed[table, places[nth]], 0] > -np.inf
                found = left
            elif blocks.value[at + blocks.listed[table, blocks.start[block]], 0] == -np.inf:
                found = first
                break
    return places[:found]


@compiled
def _log_score(told: FloatArray, worth: Worth) -> float:
    """The logarithm of the score, of what is told of a pair."""
    total = told[0] + told[1]
    if worth.counts:
        yuan = told[2] / worth.sigma
        if yuan < -30.0:
            total += yuan
        else:
            total += np.log(max(yuan, 0.0) + np.log1p(np.exp(-abs(yuan))))
        total += np.log(worth.sigma)
    return float(total)


@compiled
def served(
    blocks: Blocks,
    live: Flags,
    ids: IntArray,
    asked: Parts,
    worth: Worth,
    people_listed: bool,
    asking: IntArray,
    limit: int,
    many: int,
    margin: float,
) -> tuple[IntArray, FloatArray, IntArray]:
    """For each who asks the places of the best, -1 none, the logarithms of their scores, and how many were scored in full.

    Parameters
    ----------
    ids : of each place, what comes first among equals.
    many, margin : at most so many of the best guesses are scored; no more where the next guess, moved by how far the first scores lie
        above theirs, and by the margin, does not reach the last of the list.
    """
    best, value = np.full((len(asking), limit), -1, np.int64), np.full((len(asking), limit), -np.inf)
    looked = np.zeros(len(asking), np.int64)
    for at in range(len(asking)):
        places, guesses = candidates(blocks, live, asking[at], many)
        done, above = 0, 0.0
        while done < len(places):
            some = places[done : done + (_NEXT if done else FIRST)]
            theirs, own = blocks.row[some], np.full(len(some), asking[at])
            told = each_told(asked, theirs, own) if people_listed else each_told(asked, own, theirs)
            for nth in range(len(some)):
                score = _log_score(told[nth], worth)
                above += score - guesses[done + nth] if done == 0 else 0.0
                _put(best[at], value[at], ids, some[nth], score)
            done += len(some)
            if done < len(places) and guesses[done] + above / FIRST + margin < value[at, limit - 1]:
                break
        looked[at] = done
    return best, value, looked


@compiled
def _put(best: IntArray, value: FloatArray, ids: IntArray, place: int, score: float) -> None:
    """Put a place where it belongs among the best; the lower id first among equals."""
    at = len(best)
    while at > 0 and (
        best[at - 1] < 0
        or score > value[at - 1]
        or (score == value[at - 1] and ids[place] < ids[best[at - 1]])
    ):
        if at < len(best):
            best[at], value[at] = best[at - 1], value[at - 1]
        at -= 1
    if at < len(best):
        best[at], value[at] = place, score
