"""The exchange folder: its files checked and applied in the order in which they name each other, whatever their order in
the file that came in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from api.audit import IMPORT
from api.intake.exchange_posts import judge_posts, write_posts
from ledger.exchange.applications import judge_applications, write_applications
from ledger.exchange.codes import Industries, Occupations
from ledger.exchange.details import judge_details
from ledger.exchange.employers import judge_employers, write_employers
from ledger.exchange.folder import Folder, Row
from ledger.exchange.keeping import write_companions, write_details
from ledger.exchange.openings import judge_open
from ledger.exchange.spells import Work, judge_spells, superseding
from ledger.exchange.workers import judge_workers
from ledger.forms import EXCHANGE
from ledger.intake.applying import Applied, apply_lines, settle_lines
from ledger.intake.context import Context
from ledger.intake.judged import Judged
from ledger.intake.lines import Reader, mark_judged, staged_lines
from ledger.intake.repeating import tell_of_repeats
from ledger.reports import NewReport
from models.intake import Import, ImportKind, LineStatus
from models.sealing import Keyring

FILES = tuple(form.file for form in EXCHANGE)
TAKEN = frozenset(
    {
        LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME, LineStatus.WHOLE, LineStatus.UNKNOWNS, LineStatus.HELD,
    }
)  # fmt: skip
"""What becomes of a line of a folder that is the ledger's now."""

WAITING = (*TAKEN, LineStatus.POSSIBLE, LineStatus.ELSEWHERE)
_ANY = (None, *WAITING, LineStatus.REJECTED)


@dataclass(slots=True)
class Exchange:
    """One folder at work, and what has been applied of it so far."""

    row: Import
    keyring: Keyring
    key: bytes
    context: Context
    folder: Folder
    occupations: Occupations
    industries: Industries
    applied: Applied = field(default_factory=Applied)
    works: list[Work] = field(default_factory=list)

    def judge(self, session: Session, file: str, sheet: str, rows: Sequence[Row]) -> list[tuple[Judged, Any]]:
        """The lines of a chunk of one file, each with what is to be written beyond what `Judged` tells."""
        folder = self.folder
        if file == "workers":
            judged = judge_workers(session, self.keyring, self.context, folder, sheet, rows)
            details = judge_details(session, folder, rows, judged, self.occupations)
            by_line = {each.judged.line: each for each in details}
            return [(each, by_line.get(each.line)) for each in judged]
        if file == "employers":
            return list(judge_employers(session, folder, rows, self.industries))
        if file == "vacancies":
            return list(judge_posts(session, self.row, folder, rows, self.occupations))
        if file == "applications":
            return list(judge_applications(session, folder, rows))
        if file == "spells":
            return list(judge_spells(session, self.keyring, folder, sheet, rows))
        return [(each, None) for each in judge_open(session, folder, rows)]

    def mark(self, session: Session, file: str, found: Sequence[tuple[Judged, Any]]) -> None:
        """Write down what was found, before anything is applied."""
        judged = [each for each, _ in found]
        if file == "workers":
            tell_of_repeats(self.context, judged)
            for each, details in found:
                if details is not None:
                    each.changes = each.changes | details.changes
        mark_judged(session.connection(), self.row.identity, self.key, judged)

    def apply(self, session: Session, file: str, found: Sequence[tuple[Judged, Any]]) -> None:
        """Let the lines be the ledger's."""
        judged = [each for each, _ in found]
        taken = [(each, more) for each, more in found if each.status in TAKEN and more is not None]
        if file == "workers":
            apply_lines(session, self.keyring, self.context, self.key, judged, self.applied)
            for each in judged:
                for key in self.folder.waiting.pop(each.line, ()):
                    self.folder.people[key] = each.worker_id
            write_details(session, self.keyring, self.context, self.folder, [more for _, more in taken])
            return
        more = [plan for _, plan in taken]
        if file == "employers":
            write_employers(session, self.folder, more, lambda line: self._at(session, line))
        elif file == "vacancies":
            write_posts(session, self.folder, more, lambda line: self._at(session, line))
        elif file == "applications":
            for each in more:
                self._at(session, each.judged.line)
                write_applications(session, [each], account_id=self.context.account_id)
        elif file == "spells":
            self._report([work for each, work in taken if each.worker_id is not None])
        self.applied.workers.update(
            each.worker_id for each in judged if each.status in TAKEN and each.worker_id is not None
        )
        settle_lines(
            session.connection(), self.row.identity, [each for each in judged if each.status in TAKEN]
        )
        held = [each for each in judged if each.status not in TAKEN]
        mark_judged(session.connection(), self.row.identity, self.key, held)

    def _report(self, works: Sequence[Work]) -> None:
        for work in works:
            self.works.append(work)
            report = NewReport(work.judged.worker_id or 0, work.told, work.judged.line)
            self.applied.reports.setdefault(ImportKind.EXCHANGE, []).append(report)

    def _at(self, session: Session, line: int) -> None:
        session.info[IMPORT] = (self.row.identity, line)

    def finish(self, session: Session) -> None:
        """What can be said only when everybody is there."""
        write_companions(session, self.keyring, self.context, self.folder)
        session.flush()
        session.info.pop(IMPORT, None)


def opened(
    session: Session, keyring: Keyring, key: bytes, row: Import, context: Context, *, whole: bool = True
) -> Exchange:
    """The folder, ready to be gone through.

    Parameters
    ----------
    whole : all of its lines are at hand, so that what they name among themselves is known beforehand.
    """
    folder = Folder(row.identity, row.region, row.as_of)
    if whole:
        named: set[str] = set()
        superseded: set[str] = set()
        for at, file, _ in sheets_in_order(row):
            if file == "workers":
                for rows in chunks(session, row, key, at, _ANY):
                    named.update(
                        str(each.values["worker_id"]) for each in rows if each.values.get("worker_id")
                    )
            elif file == "spells" and "supersedes" in row.sheets[at]["mapping"].values():
                for rows in chunks(session, row, key, at, _ANY):
                    superseded |= superseding(rows)
        folder = replace(folder, named=frozenset(named), superseded=frozenset(superseded))
    return Exchange(row, keyring, key, context, folder, Occupations.kept(session), Industries(session))


def sheets_in_order(row: Import) -> list[tuple[int, str, str]]:
    """Number, file and name of the sheets that are read, each after those that it refers to."""
    found = [
        (at, str(sheet["form"]).partition("/")[2], str(sheet["name"]))
        for at, sheet in enumerate(row.sheets)
        if sheet["form"] and not sheet["skipped"]
    ]
    return sorted(found, key=lambda each: (FILES.index(each[1]), each[0]))


def chunks(
    session: Session,
    row: Import,
    key: bytes,
    sheet: int,
    statuses: Sequence[LineStatus | None],
    after: int = 0,
) -> Iterator[list[Row]]:
    """The lines of one sheet, a thousand at a time."""
    reader = Reader(row.sheets, key)
    while staged := staged_lines(session, row.identity, after=after, statuses=statuses, sheet=sheet):
        yield rows_of(reader, staged)
        after = staged[-1][0]


def rows_of(reader: Reader, staged: Sequence[tuple[int, int, int, bytes]]) -> list[Row]:
    """Staged lines, read."""
    read = reader.read(staged)
    return [Row(line, number, told) for (line, told), (_, _, number, _) in zip(read, staged, strict=True)]
