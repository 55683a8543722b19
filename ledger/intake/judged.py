"""A line of a file as it was judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger.identity.duplicates import Possible
from ledger.intake.layouts import Complaint, heading_of
from ledger.intake.sealing import shown
from ledger.records.reported import Reported
from models.id_number import IdNumber
from models.intake import PEOPLE_KINDS, ImportKind, LineStatus

TAKEN = frozenset({LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME})
"""What becomes of a line that is the ledger's now, or will be."""


@dataclass(slots=True)
class Judged:
    """One line, judged. `changes` is `{field: (ours, theirs)}` of what is to be written; `kept` the fields in which
    the ledger's own spelling stays, with both. `kind` is the sheet's; `record` the work part that is a report to be kept, None for none; `alike`
    are people who may be meant; `decided` that somebody has said who is. `headings` are the sheet's own, by field."""

    line: int
    told: Reported | None
    status: LineStatus
    reason: str = ""
    complaints: list[Complaint] = field(default_factory=list)
    number: IdNumber | None = None
    worker_id: int | None = None
    household_id: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    kind: ImportKind | None = None
    record: bytes | None = None
    alike: list[Possible] = field(default_factory=list)
    recoded: bool = False
    decided: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)

    def complain(self, field: str, reason: str, *, refused: bool = False, lost: bool = False) -> None:
        """Something is told of the field's cell, which has the name that the file gives it."""
        self.complaints.append(Complaint(self.heading(field), reason, refused, lost))

    def heading(self, field: str) -> str:
        """What the file itself calls the field; as on the form where it has no column of it."""
        return self.headings.get(field) or heading_of(field, self.kind)

    @property
    def partial(self) -> bool:
        """Whether the line comes in without a cell that could not be taken."""
        return (
            self.kind in PEOPLE_KINDS and self.status in TAKEN and any(each.lost for each in self.complaints)
        )

    def judgement(self) -> tuple[list[list[Any]], dict[str, list[str]]]:
        """Complaints and changes as they are kept, in words."""
        complaints = [[each.column, each.reason, each.refused, each.lost] for each in self.complaints]
        changes = {
            name: [_told(ours), _told(theirs), "file"] for name, (ours, theirs) in self.changes.items()
        }
        changes |= {
            name: [_told(ours), _told(theirs), "ledger"] for name, (ours, theirs) in self.kept.items()
        }
        return complaints, changes


def _told(value: Any) -> str:
    """As lists tell it: a date to the month, for which its first day stands."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月" + (f"{value.day}日" if value.day != 1 else "")
    return shown(value)
