"""Rows of applied imports that are the same to the last cell. Our own tables never show them: what one person reports
twice alike is kept once."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlmodel import Session

from ledger.doubts.lists import identical_rows
from ledger.doubts.standing import Case

_REPEATS = text(
    "WITH told AS (SELECT line.import_id, line.line, import.region, "
    "first_value(line.import_id) OVER alike AS first_import, "
    "first_value(coalesce(line.row, line.line)) OVER alike AS first_row, "
    "first_value(import.file_name) OVER alike AS first_file, row_number() OVER alike AS place, "
    "count(*) OVER (PARTITION BY left(import.region, 6), import.as_of, line.content_mark) AS copies "
    "FROM import_line line JOIN import ON import.id = line.import_id "
    "WHERE (import.state = 'applied' OR import.state = 'applying' AND import.id = CAST(:import AS bigint)) "
    "AND line.content_mark IS NOT NULL AND line.status <> 'skipped' "
    "AND left(import.region, length(CAST(:region AS text))) = CAST(:region AS text) "
    "AND (CAST(:whole AS boolean) OR line.content_mark IN ("
    "SELECT content_mark FROM import_line WHERE import_id = CAST(:import AS bigint) AND content_mark IS NOT NULL)) "
    "WINDOW alike AS (PARTITION BY left(import.region, 6), import.as_of, line.content_mark "
    "ORDER BY line.import_id, line.line)) SELECT * FROM told WHERE place > 1 AND (CAST(:whole AS boolean) "
    "OR import_id = CAST(:import AS bigint))"
)


def identical_cases(
    session: Session, *, region: str, import_id: int | None = None, whole: bool = True
) -> Iterator[Case]:
    """A case of D26 for each line that repeats an earlier one of its list, with the number of all that are alike, and
    one for each two lists of the same kind and day that share lines: of the bureau's applied imports, and of
    `import_id`, which may be just being applied.

    Parameters
    ----------
    whole : whether the lines of every import are asked for; if not, those of this one.
    """
    given = {"region": region, "import": import_id, "whole": whole}
    again: dict[tuple[int, int], Case] = {}
    for row in session.connection().execute(_REPEATS, given):
        if row.first_import == row.import_id:
            yield Case(
                identical_rows,
                row.region,
                f"repeat {row.import_id} {row.line}",
                f"与第{row.first_row}行完全相同",
                {"copies": row.copies},
                import_id=row.import_id,
                import_line=row.line,
            )
            continue
        # A list that was mended and sent once more repeats most of what it said: one case for the two lists.
        pair = (row.import_id, row.first_import)
        lines = int(again[pair].statistics["lines"]) + 1 if pair in again else 1
        again[pair] = Case(
            identical_rows,
            row.region,
            f"repeat {row.import_id} of {row.first_import}",
            f"有{lines}行与同一天的“{row.first_file}”完全相同",
            {"lines": lines},
            import_id=row.import_id,
        )
    yield from again.values()
