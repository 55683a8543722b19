"""The staged lines of a file, walked in chunks."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from ledger.intake.lines import Staged, ahead, staged_lines
from models.bulk import insert_rows
from models.intake import Import, ImportKind, ImportPurpose, ImportState, LineStatus

_ALL = range(1, 21)
_WAITING = (3, 4, 11, 20)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


@pytest.fixture
def row(session: Session) -> Import:
    row = Import(
        kind=ImportKind.ROSTER,
        purpose=ImportPurpose.APPLY,
        state=ImportState.READY,
        file_name="名单.xlsx",
        file_sha256="0" * 64,
        region="610728",
        as_of=date(2021, 9, 20),
    )
    session.add(row)
    session.flush()
    insert_rows(
        session.connection(),
        "import_line",
        [
            {
                "import_id": row.identity,
                "line": line,
                "sheet": 0,
                "row": line + 1,
                "reason": "",
                "reading": {},
                "status": LineStatus.NEW if line in _WAITING else LineStatus.REJECTED,
                "sealed_cells": b"sealed",
            }
            for line in _ALL
        ],
    )
    return row


def test_no_line_that_waits_is_passed_over_however_far_the_next_one_is(session: Session, row: Import) -> None:
    found, after = [], 0
    while staged := staged_lines(session, row.identity, after=after, statuses=(LineStatus.NEW,), count=2):
        assert len(staged) <= 2
        found += [line for line, *_ in staged]
        after = staged[-1][0]
    assert tuple(found) == _WAITING


def test_lines_that_are_read_ahead_come_once_and_in_their_order(session: Session, row: Import) -> None:
    def read(staged: list[Staged]) -> list[int]:
        return [line for line, *_ in staged]

    def fetch(after: int) -> list[Staged]:
        return staged_lines(session, row.identity, after=after, statuses=(LineStatus.NEW,), count=3)

    for reads in ([read], [read] * 3):
        assert [line for chunk in ahead(fetch, reads) for line in chunk] == list(_WAITING)
