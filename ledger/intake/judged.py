"""A line of a file as it was judged."""

from dataclasses import dataclass, field
from typing import Any

from ledger.identity.duplicates import Possible
from ledger.intake.layouts import Complaint
from ledger.intake.sealing import shown
from ledger.records.reported import Reported
from models.id_number import IdNumber
from models.intake import ImportKind, LineStatus


@dataclass(slots=True)
class Judged:
    """One line, judged. `changes` is `{field: (ours, theirs)}` of what is to be written; `kept` the fields in which
    the ledger's own spelling stays, with both. `kind` is the sheet's; `record` the work part that is a report to be kept, None for none; `alike`
    are people who may be meant; `decided` that somebody has said who is."""

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

    def judgement(self) -> tuple[list[list[Any]], dict[str, list[str]]]:
        """Complaints and changes as they are kept, in words."""
        complaints = [[each.column, each.reason, each.refused] for each in self.complaints]
        changes = {
            name: [shown(ours), shown(theirs), "file"] for name, (ours, theirs) in self.changes.items()
        }
        changes |= {
            name: [shown(ours), shown(theirs), "ledger"] for name, (ours, theirs) in self.kept.items()
        }
        return complaints, changes
