"""用人单位岗位表: an employer's list of posts, checked by the rules for advertisements and applied like them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from sqlmodel import Session

from api.importing import counts_of_read, keep_posts
from ledger.forms import posting_of
from ledger.gazetteer import Gazetteer
from ledger.intake.layouts import Line
from ledger.intake.lines import Reader, staged_lines
from ledger.postings.reading import Posting, Rejected
from ledger.postings.report import outcome
from models.base import now
from models.bulk import update_rows
from models.intake import Import, LineStatus

_POSTS = (LineStatus.WHOLE, LineStatus.UNKNOWNS, LineStatus.HELD)


def check_posts(session: Session, row: Import, lines: Iterable[tuple[int, Line]]) -> None:
    """Tell of each line what would become of it."""
    found = []
    for number, line in lines:
        read = None if line.skipped else read_post(row, number, line)
        told = outcome(read) if read else None
        found.append(
            {
                "import_id": row.identity,
                "line": number,
                "status": read.status if read else LineStatus.SKIPPED,
                "reason": told.reason if told else "",
                "reading": asdict(told) if told and isinstance(read, Posting) else {},
            }
        )
    update_rows(session.connection(), "import_line", ("import_id", "line"), found)


def apply_posts(session: Session, row: Import, key: bytes) -> dict[str, int]:
    """Let the checked lines become posts of the bureau; how many came to what."""
    read = [found for number, line in _checked(session, row, key) if (found := read_post(row, number, line))]
    keep_posts(session, row, read)
    at = now()
    update_rows(
        session.connection(),
        "import_line",
        ("import_id", "line"),
        [{"import_id": row.identity, "line": each.line, "settled_at": at} for each in read],
    )
    return counts_of_read(read)


def read_post(row: Import, number: int, line: Line) -> Posting | Rejected:
    """The line as an advertisement; one that names no day was posted on the file's."""
    refused = [f"{each.column}：{each.reason}" for each in line.complaints if each.refused]
    if refused:
        return Rejected(number, f"第{number}行：{'；'.join(refused)}")
    texts = {"posted_on": row.as_of.isoformat()} | {field: str(text) for field, text in line.extra.items()}
    return posting_of(number, texts, gazetteer=Gazetteer.national())


def _checked(session: Session, row: Import, key: bytes) -> Iterator[tuple[int, Line]]:
    reader, after = Reader(row.sheets, key), 0
    while staged := staged_lines(session, row.identity, after=after, statuses=_POSTS):
        yield from reader.read(staged)
        after = staged[-1][0]
