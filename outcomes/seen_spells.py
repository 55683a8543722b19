"""Spells as columns: what has been seen of staying and leaving."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Row as Line
from sqlalchemy import Select
from sqlmodel import Session, col

from models.spell import EmploymentSpell, SpellKind
from outcomes.days import Mask, Whole, number

KINDS = {kind: at for at, kind in enumerate(SpellKind)}
READ = ("worker_id", "employer_id", "kind", "started_on", "ended_on", "observed_until")
"""The columns that a query must bring."""


@dataclass(frozen=True, slots=True)
class SeenSpells:
    """Spells as columns; `last` is the last day worked, or the last on which the person was seen there."""

    worker: Whole
    employer: Whole
    kind: Whole
    first: Whole
    last: Whole
    left: Mask


def seen_spells(session: Session, query: Select[Any], as_of: date) -> SeenSpells:
    """The spells that have begun; a planned end in the future is none."""
    return columns_of(session.execute(query.where(col(EmploymentSpell.started_on) <= as_of)).all(), as_of)


def columns_of(rows: list[Line[Any]] | Any, as_of: date) -> SeenSpells:
    """The same of rows that were read already."""
    first = [number(row.started_on) for row in rows]
    left = [row.ended_on is not None and row.ended_on <= as_of for row in rows]
    last = [
        number(row.ended_on if gone else min(row.observed_until or row.started_on, as_of))
        for row, gone in zip(rows, left, strict=True)
    ]
    return SeenSpells(
        np.array([row.worker_id for row in rows], dtype=np.int64),
        np.array([row.employer_id or 0 for row in rows], dtype=np.int64),
        np.array([KINDS[row.kind] for row in rows], dtype=np.int64),
        np.array(first, dtype=np.int64),
        np.maximum(np.array(last, dtype=np.int64), np.array(first, dtype=np.int64)),
        np.array(left, dtype=np.bool_),
    )
