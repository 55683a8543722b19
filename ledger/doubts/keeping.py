"""疑点 in the database: what a run found is opened, seen again, opened again or mended."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, text
from sqlmodel import Session, col, update

from ledger.doubts.standing import Case
from models.base import now
from models.bulk import insert_rows
from models.doubt import Doubt, DoubtState
from models.sealing import Keyring, content_mark

_CHANGE = text(
    "UPDATE doubt SET what = given.what, statistics = CAST(given.statistics AS jsonb), region = given.region, "
    "state = given.state, seen_on = :day, "
    "explained_at = CASE WHEN given.state = 'explained' THEN explained_at END, "
    "explained_by = CASE WHEN given.state = 'explained' THEN explained_by END "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:whats AS text[]), CAST(:figures AS text[]), "
    "CAST(:regions AS text[]), CAST(:states AS text[])) "
    "AS given(id, what, statistics, region, state) WHERE doubt.id = given.id"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run did to the 疑点 that stood before."""

    opened: int
    reopened: int
    mended: int
    standing: int


def keep(
    session: Session,
    keyring: Keyring,
    found: Iterable[Case],
    *,
    known: ColumnElement[bool],
    covered: ColumnElement[bool],
    as_of: date,
) -> Kept:
    """Write a run's cases. Whatever stands in `covered` and was not found again is mended.

    Parameters
    ----------
    known : all that may already stand for the cases found.
    covered : the part of it that the run has looked at wholly.

    An explanation holds while the case is the same; where other figures stand in it, it is opened again, and the
    words of the explanation stay to be read.
    """
    connection = session.connection()
    standing = {
        (row.rule, row.subject): row
        for row in connection.execute(
            select(
                col(Doubt.id), col(Doubt.rule), col(Doubt.subject), col(Doubt.region), col(Doubt.state),
                col(Doubt.what), col(Doubt.statistics), covered.label("covered"),
            ).where(col(Doubt.state) != DoubtState.MENDED, known)
        )
    }  # fmt: skip
    fresh: list[dict[str, Any]] = []
    changed: list[tuple[int, Case, DoubtState]] = []
    seen: list[int] = []
    reopened = 0
    at = now()
    for case in found:
        subject = content_mark(keyring, f"doubt:{case.rule.number}", case.subject)
        before = standing.pop((case.rule.number, subject), None)
        if before is None:
            fresh.append(_row(case, subject, as_of, at))
        elif (
            before.what == case.what
            and before.statistics == dict(case.statistics)
            and before.region == case.region
        ):
            seen.append(before.id)
        else:
            again = before.state is DoubtState.EXPLAINED and not _same_case(case, before)
            reopened += again
            changed.append((before.id, case, DoubtState.OPEN if again else before.state))
    insert_rows(connection, "doubt", fresh)
    if changed:
        connection.execute(
            _CHANGE,
            {
                "day": as_of,
                "ids": [number for number, _, _ in changed],
                "whats": [case.what for _, case, _ in changed],
                "figures": [json.dumps(dict(case.statistics), ensure_ascii=False) for _, case, _ in changed],
                "regions": [case.region for _, case, _ in changed],
                "states": [state.value for _, _, state in changed],
            },
        )
    _set(session, seen, seen_on=as_of)
    gone = [row.id for row in standing.values() if row.covered]
    _set(session, gone, state=DoubtState.MENDED, mended_on=as_of)
    return Kept(len(fresh), reopened, len(gone), len(fresh) + len(changed) + len(seen))


def _same_case(case: Case, before: Any) -> bool:
    if case.rule.ages:
        return True
    return bool(before.what == case.what and before.statistics == dict(case.statistics))


def _row(case: Case, subject: bytes, as_of: date, at: Any) -> dict[str, Any]:
    return {
        "created_at": at,
        "version": 1,
        "rule": case.rule.number,
        "severity": case.rule.severity,
        "region": case.region,
        "subject": subject,
        "worker_id": case.worker_id,
        "household_id": case.household_id,
        "import_id": case.import_id,
        "import_line": case.import_line,
        "what": case.what,
        "statistics": dict(case.statistics),
        "state": DoubtState.OPEN,
        "found_on": as_of,
        "seen_on": as_of,
        "explanation": "",
    }


def _set(session: Session, ids: list[int], **values: Any) -> None:
    if not ids:
        return
    listed = text("doubt.id = ANY(CAST(:ids AS bigint[]))").bindparams(ids=ids)
    other = [col(getattr(Doubt, name)).is_distinct_from(value) for name, value in values.items()]
    session.connection().execute(update(Doubt).where(listed, *other[:1]).values(**values))
