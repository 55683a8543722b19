"""Accepted spells that say what a list says, all of them at once; the record of changes names the lines of the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.errors import conflict
from api.placing import require_days
from api.reports.accepting import industries, known_places
from api.reports.employers import Firms, employer_named
from api.reports.opening import industry_of
from ledger.history import Written, change_of, change_rows, person_keys
from ledger.records.reported import Reported
from models.base import now
from models.bulk import among, insert_rows, reserve_ids, update_rows
from models.intake import Import
from models.sealing import Keyring
from models.spell import EmploymentSpell, Evidence, Precision
from models.vacancy import Vacancy
from models.worker import Worker
from outcomes.calendar import month_end, month_start
from outcomes.correcting import anew

_BATCH = 5_000
_AS_TOLD = ("channel", "point_to_point", "certificate")
_DAYS = frozenset({"started", "ended"})

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mending:
    """What a line tells of an accepted spell: its `fields` are to be as in `told`."""

    line: int
    spell_id: int
    told: Reported
    fields: frozenset[str]


def mend_spells(
    session: Session,
    keyring: Keyring,
    row: Import,
    mendings: Sequence[Mending],
    *,
    today: date,
    account_id: int,
    request_id: str | None,
) -> None:
    """Let the spells be as told. Other days put one out of force and open the one in its place, with its evidence.

    Raises
    ------
    Problem
        409 or 422 where a spell cannot have these days, or was corrected meanwhile; nothing is written then.
    sqlalchemy.exc.IntegrityError
        where another spell of the person includes one of the days.
    """
    mendings = _one_each(mendings)
    spells = _held(session, [each.spell_id for each in mendings])
    written: list[Written] = []
    columns_of = _columns_told(session, row, mendings, spells, written)
    days = _days_told(session, mendings, spells, today)
    kept: list[Columns] = []
    replaced: list[tuple[Mending, Columns]] = []
    for each in mendings:
        spell, told = spells[each.spell_id], columns_of[each.spell_id]
        if each.spell_id in days:
            first, last = days[each.spell_id]
            replaced.append((each, anew(spell | told, started_on=first, ended_on=last)))
        elif changed := {name: value for name, value in told.items() if value != spell[name]}:
            kept.append(spell | changed)
            written.append(_of(spell, each, "update", "employment_spell", spell["id"], spell, changed, row))
    connection = session.connection()
    # All that may change is told of each: rows of one statement have the same columns.
    update_rows(
        connection, "employment_spell", ["id"], [{name: one[name] for name in _WRITTEN} for one in kept]
    )
    written += _stand_in(session, row, replaced, spells)
    keys = person_keys(session, keyring, {spell["worker_id"] for spell in spells.values()})
    insert_rows(
        connection, "audit_event", change_rows(keys, written, account_id=account_id, request_id=request_id)
    )


_WRITTEN = (
    "id", "region", "employer_id", "monthly_income", "industry", "post_kind", *_AS_TOLD,
)  # fmt: skip


def _one_each(mendings: Sequence[Mending]) -> list[Mending]:
    """Of several lines about one spell the last has the word, field by field."""
    found: dict[int, Mending] = {}
    for each in mendings:
        before = found.get(each.spell_id)
        if before is not None:
            told = {name: getattr(each.told, name) for name in each.fields}
            each = replace(each, told=replace(before.told, **told), fields=each.fields | before.fields)
        found[each.spell_id] = each
    return list(found.values())


def _held(session: Session, numbers: Sequence[int]) -> dict[int, Columns]:
    """The spells by column name, locked; only one in force is mended."""
    table: Any = EmploymentSpell.__table__  # type: ignore[attr-defined]
    found: dict[int, Columns] = {}
    for batch in _batches(sorted(set(numbers))):
        rows = session.connection().execute(
            columns(table).where(among(table.c.id, batch)).order_by(table.c.id).with_for_update()
        )
        found |= {one["id"]: dict(one) for one in rows.mappings()}
    if len(found) < len(set(numbers)) or any(one["superseded_at"] is not None for one in found.values()):
        raise conflict("already-corrected", "这条务工记录已被更正", "请重新对账，在更正后的记录上办理。")
    return found


def _columns_told(
    session: Session,
    row: Import,
    mendings: Sequence[Mending],
    spells: Mapping[int, Columns],
    written: list[Written],
) -> dict[int, Columns]:
    """What is told of each spell beside its days; employers that are named for the first time are made."""
    places = known_places(session, [each.told for each in mendings])
    named = {each.told.employer for each in mendings if "employer" in each.fields and each.told.employer}
    firms, codes = Firms(session, named, row.region), industries(session)
    made: dict[int, Columns] = {}
    for each in mendings:
        told, spell = each.told, spells[each.spell_id]
        found: Columns = {name: getattr(told, name) for name in _AS_TOLD if name in each.fields}
        if "region" in each.fields and told.region in places:
            found["region"] = told.region
        place = found.get("region") or spell["region"] or told.region
        if "employer" in each.fields and told.employer and employer_named(told.employer) and place:
            firm, fresh = firms.take(told.employer, place, is_demo=spell["is_demo"])
            found["employer_id"] = firm.number
            if fresh:
                new = firms.made[-1]
                written.append(
                    Written("create", "employer", firm.number, change_of(None, new), new["kept_by"],
                            import_line=each.line, import_id=row.identity)
                )  # fmt: skip
        if "income" in each.fields and told.income is not None:
            found["monthly_income"] = int(told.income.to_integral_value())
        if "industry" in each.fields and (code := industry_of(codes, told.industry)):
            found["industry"] = code
        if "post_kinds" in each.fields:
            found["post_kind"] = "、".join(told.post_kinds)[:40] or None
        made[each.spell_id] = found
    firms.write()
    return made


def _days_told(
    session: Session, mendings: Sequence[Mending], spells: Mapping[int, Columns], today: date
) -> dict[int, tuple[date, date | None]]:
    """First and last day of the spells whose days are other ones."""
    moved = [each for each in mendings if each.fields & _DAYS]
    people = _rows(session, Worker, {spells[each.spell_id]["worker_id"] for each in moved})
    posts = _rows(session, Vacancy, {spells[each.spell_id]["vacancy_id"] for each in moved} - {None})
    found: dict[int, tuple[date, date | None]] = {}
    for each in moved:
        spell, told = spells[each.spell_id], each.told
        by_month = told.precision is Precision.MONTH
        first, last = spell["started_on"], spell["ended_on"]
        if "started" in each.fields and told.started is not None:
            first = month_start(told.started) if by_month else told.started
        if "ended" in each.fields and told.ended is not None:
            last = min(month_end(told.ended), today) if by_month else told.ended
        post = posts.get(spell["vacancy_id"]) if first != spell["started_on"] else None
        require_days(people[spell["worker_id"]], post, started_on=first, ended_on=last, today=today)
        found[each.spell_id] = (first, last)
    return found


def _stand_in(
    session: Session, row: Import, fresh: Sequence[tuple[Mending, Columns]], spells: Mapping[int, Columns]
) -> list[Written]:
    """The old rows go out of force, the new ones stand in their place; what was changed."""
    if not fresh:
        return []
    connection, at = session.connection(), now()
    numbers = reserve_ids(connection, "employment_spell", len(fresh))
    out = {
        "superseded_at": at,
        "superseded_because": f"两本账对账，按“{row.file_name}”更正",
    }
    gone = [{"id": each.spell_id, **out} for each, _ in fresh]
    update_rows(connection, "employment_spell", ["id"], gone)
    new = [{"id": number, "created_at": at, **one} for number, (_, one) in zip(numbers, fresh, strict=True)]
    insert_rows(connection, "employment_spell", new)
    heirs = {each.spell_id: number for number, (each, _) in zip(numbers, fresh, strict=True)}
    by = [{"id": old, "superseded_by": number} for old, number in heirs.items()]
    update_rows(connection, "employment_spell", ["id"], by)
    written: list[Written] = []
    for number, (each, one) in zip(numbers, fresh, strict=True):
        spell = spells[each.spell_id]
        gone_now = out | {"superseded_by": number}
        written.append(_of(spell, each, "update", "employment_spell", spell["id"], spell, gone_now, row))
        written.append(_of(spell, each, "create", "employment_spell", number, None, one, row))
    written += _give_evidence(session, row, heirs, {each.spell_id: each for each, _ in fresh}, spells)
    insert_rows(
        connection,
        "outbox_message",
        [
            {
                "created_at": at,
                "topic": "spell.corrected",
                "payload": {"spell_id": number, "instead_of": old},
            }
            for old, number in heirs.items()
        ],
    )
    return written


def _give_evidence(
    session: Session,
    row: Import,
    heirs: Mapping[int, int],
    mendings: Mapping[int, Mending],
    spells: Mapping[int, Columns],
) -> list[Written]:
    table: Any = Evidence.__table__  # type: ignore[attr-defined]
    made: list[Columns] = []
    written: list[Written] = []
    for batch in _batches(list(heirs)):
        rows = session.connection().execute(columns(table).where(among(table.c.spell_id, batch)))
        for proof in rows.mappings():
            old = proof["spell_id"]
            told = {name: value for name, value in proof.items() if name not in ("id", "created_at")}
            told |= {"spell_id": heirs[old], "copy_of": proof["copy_of"] or proof["id"]}
            made.append({"created_at": now(), **told})
            written.append(_of(spells[old], mendings[old], "create", "evidence", None, None, told, row))
    insert_rows(session.connection(), "evidence", made)
    return written


def _of(
    spell: Columns,
    each: Mending,
    action: str,
    noun: str,
    number: int | None,
    before: Columns | None,
    after: Columns,
    row: Import,
) -> Written:
    return Written(
        action, noun, number, change_of(before, after), spell["origin_region"],
        worker_id=spell["worker_id"], import_line=each.line, import_id=row.identity,
    )  # fmt: skip


def _rows(session: Session, model: Any, numbers: set[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for batch in _batches(sorted(numbers)):
        found |= {one.identity: one for one in session.exec(select(model).where(among(col(model.id), batch)))}
    return found


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(numbers), _BATCH):
        yield numbers[at : at + _BATCH]
