"""Tables that are looked up together: of one worker a few of them are first added up over the few joint classes of the vacancies.

A dozen look-ups a pair become four or five.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.compiled.machine import compiled
from matching.compiled.tables import Rows, Tables
from matching.regions import IntArray

_FEW = 16
"""Joint classes are worth adding up where the vacancies are so many times more."""


class Bundles(NamedTuple):
    """`of` is the joint class of each vacancy, shape (bundles, vacancies), counted from each bundle's `begin` (the last is the end).

    `member` says of which bundle each table is, -1 of none; `at` which of the table's vacancy classes a joint class is of, all
    tables one after the other, each from its `first`.
    """

    of: Rows
    begin: IntArray
    member: IntArray
    at: Rows
    first: IntArray


def bundled(tables: Tables, left_out: NDArray[np.bool_]) -> Bundles:
    """The tables in bundles, but for those left out."""
    many = len(tables.vacancy)
    member = np.full(len(tables.wide), -1, np.int64)
    joint: list[IntArray] = []
    for table in np.argsort(tables.wide, kind="stable").tolist():
        if left_out[table]:
            continue
        own = tables.vacancy[:, table].astype(np.int64)
        for bundle, others in enumerate(joint):
            both = np.unique(others * tables.wide[table] + own, return_inverse=True)[1]
            if tables.wide[table] == 1 or int(both.max(initial=0)) < many // _FEW:
                joint[bundle], member[table] = both, bundle
                break
        else:
            member[table] = len(joint)
            joint.append(own)
    sizes = [int(each.max(initial=-1)) + 1 for each in joint]
    at, first = [np.empty(0, np.int32)], []
    for table, bundle in enumerate(member.tolist()):
        first.append(sum(map(len, at)))
        if bundle >= 0:
            classes = np.zeros(sizes[bundle], np.int32)
            classes[joint[bundle]] = tables.vacancy[:, table]
            at.append(classes)
    begin = np.cumsum([0, *sizes])
    of = np.array([each + start for each, start in zip(joint, begin.tolist(), strict=False)], np.int32)
    return Bundles(of.reshape(len(joint), many), begin, member, np.concatenate(at), np.array(first, np.int64))


@compiled
def added_up(bundles: Bundles, tables: Tables, worker: Any, lines: Any, total: Any) -> None:
    """What the tables of each bundle add for one worker, by joint class: `total` (joint classes, lines) is written anew."""
    total[:] = 0
    for table in range(len(bundles.member)):
        bundle = bundles.member[table]
        if bundle < 0:
            continue
        begin, end = bundles.begin[bundle], bundles.begin[bundle + 1]
        here = tables.begin[table] + tables.worker[worker, table] * tables.wide[table]
        for joint in range(end - begin):
            there = here + bundles.at[bundles.first[table] + joint]
            for line in range(lines.shape[1]):
                total[begin + joint, line] += lines[there, line]
