"""A table of people in which some have changed: those are put in anew, and the others stay as they were read."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from matching.columns import Workers
from matching.regions import IntArray

_NONE, _ELSEWHERE = -1, -2


def mended(
    table: Workers, fresh: Workers, changed: Collection[int], companions: Mapping[int, int | None]
) -> Workers:
    """`table` as it would be read now: of the people `changed` those of `fresh` are in it, in the order of numbers.

    `companions` says with whom each of `fresh` goes, by number; a companion stands in a table by her place in it.
    """
    stays = ~np.isin(table.id, np.fromiter(changed, np.int64, len(changed)))
    ids = np.concatenate([table.id[stays], fresh.id])
    order = np.argsort(ids, kind="stable")
    kept, places = np.flatnonzero(stays).tolist(), order.tolist()
    columns: dict[str, Any] = {"id": ids[order]}
    for column in fields(Workers):
        old, new = getattr(table, column.name), getattr(fresh, column.name)
        if isinstance(old, tuple):
            both = [old[at] for at in kept]
            both.extend(new)
            columns[column.name] = tuple([both[at] for at in places])
        elif column.name == "companion":
            with_whom = np.where(old >= 0, table.id[np.maximum(old, 0)], old) if len(old) else old
            told = [_NONE if who is None else who for who in map(companions.get, fresh.id.tolist())]
            named = np.concatenate([with_whom[stays], np.array(told, np.int64)])[order]
            columns[column.name] = _placed(named, columns["id"])
        elif column.name != "id":
            columns[column.name] = np.concatenate([old[stays], new])[order]
    return Workers(**columns)


def _placed(named: IntArray, ids: IntArray) -> IntArray:
    """The place of each person named among `ids`; who is not there is elsewhere."""
    if not len(ids):
        return named
    at = np.minimum(np.searchsorted(ids, named), len(ids) - 1)
    found: IntArray = np.where(named < 0, named, np.where(ids[at] == named, at, _ELSEWHERE))
    return found
