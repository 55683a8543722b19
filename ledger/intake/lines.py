"""The staged lines of a file: walked in chunks, read, and marked with what was found."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, text
from sqlmodel import Session, col, func, or_, select

from ledger.intake.identical import Marked, Marker
from ledger.intake.judged import Judged
from ledger.intake.layouts import Line, line_reader
from ledger.intake.sealing import seal_judgement, unseal_cells
from models.bulk import update_rows
from models.intake import Import, ImportLine, LineStatus
from models.sealing import Keyring

CHUNK = 1_000

Made = TypeVar("Made")

Staged = tuple[int, int, int, bytes]
"""Line, sheet, row, sealed cells."""


def staged_lines(
    session: Session,
    import_id: int,
    *,
    after: int,
    statuses: Sequence[LineStatus | None],
    count: int = CHUNK,
    sheet: int | None = None,
) -> list[Staged]:
    """The next lines behind `after`, at most `count`, of one sheet where one is told, whose status is one of these and
    that still have their cells."""
    known = col(ImportLine.status).in_([status for status in statuses if status is not None])
    wanted = (
        ImportLine.import_id == import_id,
        or_(known, col(ImportLine.status).is_(None)) if None in statuses else known,
        col(ImportLine.sealed_cells).is_not(None),
        *((ImportLine.sheet == sheet,) if sheet is not None else ()),
    )
    # Between two numbers: where the planner can't know how many lines wait, "the first of all that follow" would be
    # all that follow, sorted, for each thousand anew.
    rows = _between(session, wanted, after, after + count)
    if not rows:
        line = session.exec(
            select(func.min(col(ImportLine.line))).where(*wanted, ImportLine.line > after)
        ).one()
        rows = _between(session, wanted, line - 1, line - 1 + count) if line is not None else []
    return rows


def _between(
    session: Session, wanted: tuple[ColumnElement[bool] | bool, ...], after: int, until: int
) -> list[Staged]:
    rows = session.exec(
        select(ImportLine.line, ImportLine.sheet, ImportLine.row, ImportLine.sealed_cells)
        .where(*wanted, ImportLine.line > after, ImportLine.line <= until)
        .order_by(col(ImportLine.line))
    )
    return [(line, sheet, row or 0, cells or b"") for line, sheet, row, cells in rows]


class Reader:
    """Reads staged lines of one file by what its headings mean. With a keyring it keeps in `marks` by what the lines that
    it has read are known again, until `mark_judged` takes them."""

    def __init__(
        self, sheets: Sequence[Mapping[str, Any]], key: bytes, keyring: Keyring | None = None
    ) -> None:
        self._sheets, self._key, self._keyring = sheets, key, keyring
        self.marks: dict[int, Marked] = {}
        self._markers: dict[int, Marker] = {}
        self._readers: dict[int, Callable[[int, Sequence[Any], Sequence[int]], Line]] = {}

    def read(self, staged: Sequence[Staged]) -> Iterator[tuple[int, Line]]:
        """The lines, in their order."""
        for line, sheet, row, sealed in staged:
            if sheet not in self._readers:
                self._readers[sheet] = line_reader(self._sheets[sheet])
            cells, formulas = unseal_cells(self._key, sealed)
            if self._keyring is not None:
                if sheet not in self._markers:
                    self._markers[sheet] = Marker(self._keyring, self._sheets[sheet])
                self.marks[line] = Marked(self._markers[sheet].mark(cells), line, sheet, row)
            yield line, self._readers[sheet](row, cells, formulas)


def ahead(
    fetch: Callable[[int], list[Staged]], reads: Sequence[Callable[[list[Staged]], Made]]
) -> Iterator[Made]:
    """All lines in their order, as many at a time as `fetch(after)` answers, and what is made of them.

    `reads` take turns, each in a thread of its own: as many chunks as there are of them are fetched, and read, while the
    one before is worked on.
    """
    turns, reading = cycle(reads), deque[Future[Made]]()
    after = 0

    def read_on() -> None:
        nonlocal after
        if staged := fetch(after):
            after = staged[-1][0]
            reading.append(beside.submit(next(turns), staged))

    with ThreadPoolExecutor(len(reads)) as beside:
        for _ in reads:
            read_on()
        while reading:
            made = reading.popleft().result()
            read_on()
            yield made


def leave_out(session: Session, row: Import) -> None:
    """Rows above the headings hold no data, and sheets that are not read are none of the file's: they are skipped."""
    for at, sheet in enumerate(row.sheets):
        session.connection().execute(
            text(
                "UPDATE import_line SET status = 'skipped', settled_at = clock_timestamp(), sealed_cells = NULL, "
                "reason = :why WHERE import_id = :id AND sheet = :sheet AND row <= :until AND status IS NULL"
            ),
            {
                "id": row.identity,
                "sheet": at,
                "why": sheet["skipped"],
                "until": 2**31 - 1 if sheet["skipped"] else sheet["heading_row"] or 0,
            },
        )


def mark_judged(
    connection: Connection,
    import_id: int,
    key: bytes,
    judged: Sequence[Judged],
    marks: MutableMapping[int, Marked] | None = None,
) -> None:
    """Write down what was found in lines that are not applied yet and, where told, by what each is known again."""
    rows: list[dict[str, Any]] = []
    for each in judged:
        complaints, changes = each.judgement()
        rows.append(
            {
                "import_id": import_id,
                "line": each.line,
                "status": each.status,
                "reason": each.reason,
                "sealed_judgement": seal_judgement(key, complaints, changes),
                "worker_id": each.worker_id,
                "household_id": each.household_id,
                "partial": each.partial,
            }
        )
        if marks is not None:
            mine = marks.pop(each.line, None)
            rows[-1]["content_mark"] = mine.mark if mine else None
    update_rows(connection, "import_line", ("import_id", "line"), rows)


def counts_of(session: Session, import_id: int, *, by_sheet: bool = False) -> dict[str, int]:
    """How many lines have which status, how many there are, and how many lack a cell that could not be taken
    (`partial`, none where there are none); also of each sheet, as `0:new`, where asked."""
    rows = session.execute(
        text(
            "SELECT sheet, coalesce(status, 'unread') AS status, count(*) AS lines, "
            "count(*) FILTER (WHERE partial AND settled_at IS NULL) AS partial FROM import_line WHERE import_id = :id GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        {"id": import_id},
    ).all()
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update({row.status: row.lines, "lines": row.lines})
        if row.partial:
            counts["partial"] += row.partial
        if by_sheet:
            counts[f"{row.sheet}:{row.status}"] = row.lines
    return dict(counts)
