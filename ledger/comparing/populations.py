"""Whom of ours a list ought to have: without this everybody whom it is not about would stand as missing in it."""

from collections.abc import Callable, Sequence
from datetime import date

from ledger.comparing.pairing import Ours, Theirs
from models.age import LEGAL_WORKING_AGE, age_on
from models.intake import ImportKind
from models.worker import LabourCapability

_UNABLE = (LabourCapability.LOST, LabourCapability.NONE)


def expected(kind: ImportKind, theirs: Sequence[Theirs], as_of: date) -> Callable[[Ours], bool]:
    """Who of ours is to be in a list of this kind, which tells the state of `as_of`."""
    if kind is ImportKind.AWAY:
        return _at_work
    if kind is ImportKind.PLANNED:
        return _plans
    if kind is ImportKind.MONITORED:
        return _monitored
    if kind is ImportKind.ROSTER and away_only(theirs):
        return _at_work
    if kind is ImportKind.ROSTER:
        return lambda ours: _could_work(ours, as_of)
    return _everybody


def words(kind: ImportKind, *, away_only: bool) -> str:
    """The same in words, for the sentence above the list."""
    if kind is ImportKind.AWAY or (kind is ImportKind.ROSTER and away_only):
        return "本台账里当天在岗的人"
    if kind is ImportKind.PLANNED:
        return "本台账里计划外出的人"
    if kind is ImportKind.MONITORED:
        return "本台账里风险未消除的监测对象"
    if kind is ImportKind.ROSTER:
        return "本台账里满16岁、有劳动能力、不在校的人"
    return "本台账里的户"


def away_only(theirs: Sequence[Theirs]) -> bool:
    """Whether a list is of those who are away at work alone: of all it says that they work, or where."""
    return bool(theirs) and all(
        row.reported.working is not False and row.reported.has_spell for row in theirs
    )


def _everybody(_: Ours) -> bool:
    return True


def _at_work(ours: Ours) -> bool:
    return any(record.working for record in ours.records)


def _plans(ours: Ours) -> bool:
    return any(record.plans for record in ours.records)


def _monitored(ours: Ours) -> bool:
    return any(record.monitored_kind and not record.risk_cleared for record in ours.records)


def _could_work(ours: Ours, as_of: date) -> bool:
    record = ours.records[0]
    old_enough = ours.birth_date is None or age_on(ours.birth_date, as_of) >= LEGAL_WORKING_AGE
    return old_enough and record.capability not in _UNABLE and record.student is not True
