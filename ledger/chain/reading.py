"""The chain and its rows as they stand in the database."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, text

from ledger.chain.checking import Fault, Finding, Link
from models.chain import CONTENT, microseconds

GUARDS = 3
"""Triggers that keep record and chain as they are written."""

_LINKS = text(
    f"SELECT s.sequence, s.event_id, {microseconds('s.sealed_at')}, s.hash, {microseconds('e.created_at')}, "  # noqa: S608 - ours
    f"CASE WHEN e.id IS NOT NULL THEN {CONTENT} END "
    "FROM public.audit_seal s LEFT JOIN public.audit_event e ON e.id = s.event_id ORDER BY s.sequence"
)
_WAITING = text(
    "SELECT e.id FROM public.audit_event e WHERE e.created_at < now() - interval '1 hour' "
    "AND NOT EXISTS (SELECT FROM public.audit_seal s WHERE s.event_id = e.id) ORDER BY e.id"
)
_GUARDS = text(
    "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname IN ('stay', 'append') "
    "AND tgrelid IN ('public.audit_event'::regclass, 'public.audit_seal'::regclass)"
)


def at_rest(connection: Connection) -> None:
    """What is read from here on is of one moment, by the database's own functions and no others of their names."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    connection.execute(text("SET LOCAL search_path = pg_catalog"))


def how_many(connection: Connection) -> int:
    """About how many links there are, to tell how far a check is."""
    return int(connection.scalar(text("SELECT coalesce(max(sequence), 0) FROM public.audit_seal")) or 0)


def links(connection: Connection) -> Iterator[Link]:
    """Every link with its row, in order, by the owner of the tables: nobody else sees all rows."""
    for row in connection.execution_options(yield_per=2000).execute(_LINKS):
        sequence, event_id, sealed_at, hashed, written_at, content = row
        yield Link(sequence, event_id, sealed_at, bytes(hashed), written_at, content)


def beside(connection: Connection) -> list[Finding]:
    """What no link tells of: rows that wait for long, and guards that are away."""
    findings = [Finding(Fault.UNSEALED, event_id=number) for number in connection.scalars(_WAITING)]
    if connection.scalar(_GUARDS) != GUARDS:
        findings.append(Finding(Fault.UNGUARDED))
    return findings


def head(connection: Connection) -> tuple[int, bytes, datetime] | None:
    """The last link, which everybody may know: its sequence, hash and time."""
    found = connection.execute(text("SELECT sequence, hash, sealed_at FROM public.audit_head()")).first()
    return (found.sequence, bytes(found.hash), found.sealed_at) if found else None


def waiting_since(connection: Connection) -> datetime | None:
    """When the oldest row was written that is newer than all that are sealed; None where there is none."""
    found: datetime | None = connection.scalar(text("SELECT public.audit_waiting_since()"))
    return found
