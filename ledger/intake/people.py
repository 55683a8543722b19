"""People of a file's lines: registered many at once, or changed where the file says something else."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from ledger.history import Written, change_of, person_keys
from ledger.identity.matching import elsewhere, keep_number
from ledger.intake.columns import PERSON_COLUMNS, dialled, person_columns
from ledger.intake.context import Context
from ledger.intake.households import Settled
from ledger.intake.judged import Judged
from ledger.people import OPENED_KEYS
from ledger.records.reported import Reported
from models.base import now
from models.bulk import insert_rows, reserve_ids, update_rows
from models.id_number import IdNumber
from models.identity import NumberOrigin
from models.intake import LineStatus
from models.sealing import Keyring, index_columns, new_person_key, seal, unseal
from models.worker import Worker

_COLUMNS = (
    "region", "household_id", "village", "national_number", "name", "name_pinyin", "sex", "birth_date",
    "id_number_sealed", "id_number_index", "id_number_index_2", "phone_sealed", "phone_index", "phone_index_2",
    "ethnicity", "political_status",
    "at_school", "health", "education", "labour_capability", "relation_to_head", "disability_grade",
    "speaks_mandarin",
)  # fmt: skip
_AT_ONCE = 500
"""People who are made ready while the database writes as many."""

_GRADES = ("1", "2", "3", "4")


def register_people(
    session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged], homes: Settled
) -> list[Written]:
    """Write the people whom no line has named before; each of their lines gets the number of the person.

    Several lines of one number are one person; the first line that tells a field counts.
    """
    lines: dict[str, list[Judged]] = {}
    for each in judged:
        if each.status is LineStatus.NEW and each.number is not None and each.told is not None:
            lines.setdefault(each.number.number, []).append(each)
    connection, at = session.connection(), now()
    workers: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    written: list[Written] = []
    opened: dict[int, bytes] = session.info.setdefault(OPENED_KEYS, {})
    ids = reserve_ids(connection, "worker", len(lines))
    for worker_id, group in zip(ids, lines.values(), strict=True):
        key, master_key_id, sealed_key = new_person_key(keyring)
        columns, clear = _columns(keyring, context, key, group, homes)
        opened[worker_id] = key
        workers.append({"id": worker_id, "created_at": at, "restricted": False, **columns})
        keys.append({"worker_id": worker_id, "master_key_id": master_key_id, "sealed_key": sealed_key})
        written.append(
            Written(
                "create", "worker", worker_id, change_of(None, columns | clear), columns["region"],
                worker_id=worker_id, import_line=group[0].line,
            )
        )  # fmt: skip
        context.named.add(worker_id)
        context.registered.add(worker_id)
        for each in group:
            each.worker_id = worker_id
        context.tell(
            ("worker", worker_id),
            {field for each in group for field in (*PERSON_COLUMNS, "phone") if getattr(each.told, field)},
        )
        if len(workers) == _AT_ONCE:
            _write(connection, workers, keys)
    _write(connection, workers, keys)
    return written


def _write(connection: Connection, workers: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    """Write people and their keys, and let the lists go."""
    insert_rows(connection, "worker", workers)
    insert_rows(connection, "person_key", keys)
    workers.clear()
    keys.clear()


def _columns(
    keyring: Keyring, context: Context, key: bytes, group: Sequence[Judged], homes: Settled
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a new person, and what its record of changes tells in clear."""
    told: dict[str, Any] = {}
    for each in reversed(group):
        if each.told is not None:
            told |= person_columns(each.told, PERSON_COLUMNS)
    first, number = group[0].told, group[0].number
    if first is None or number is None:
        raise ValueError("a new person is told by a line with a number")
    household = next((each.told.household for each in group if each.told and each.told.household), None)
    region = context.places.find(first.township, first.village)
    if len(region) < 9 and household is not None:
        region = max(region, homes.regions.get(household, region), key=len)
    phone = next((found for each in group if each.told and (found := dialled(each.told.phone))), None)
    clear = {"id_number": number.number + number.disability_suffix, "phone": phone}
    grade = number.disability_suffix[1:2]
    columns = dict.fromkeys(_COLUMNS) | {"health": []} | told
    columns |= {
        "region": region,
        "village": told.get("village") if len(region) < 12 else None,
        "household_id": homes.ids.get(household) if household else None,
        "sex": number.sex,
        "birth_date": number.birth_date,
        "disability_grade": int(grade) if grade in _GRADES else None,
        "is_demo": number.is_demo,
        **_sealed_number(keyring, key, number),
        **_sealed_phone(keyring, key, phone),
    }
    return columns, clear


def _sealed_number(keyring: Keyring, key: bytes, number: IdNumber) -> dict[str, bytes | None]:
    return {
        "id_number_sealed": seal(
            key, (number.number + number.disability_suffix).encode(), "worker.id_number"
        ),
        **index_columns(keyring, "id_number", number.number),
    }


def _sealed_phone(keyring: Keyring, key: bytes, phone: str | None) -> dict[str, bytes | None]:
    return {
        "phone_sealed": seal(key, phone.encode(), "worker.phone") if phone else None,
        **index_columns(keyring, "phone", phone),
    }


def change_people(
    session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged], homes: Settled
) -> list[Written]:
    """Let people known before be as the lines tell; blanks erase nothing."""
    touched = [
        each
        for each in judged
        if each.worker_id is not None and each.status is LineStatus.CHANGED and each.changes
    ]
    if not touched:
        return []
    ids = sorted({each.worker_id for each in touched if each.worker_id is not None})
    rows = {
        row.identity: row
        for at in range(0, len(ids), 5_000)
        for row in session.exec(select(Worker).where(col(Worker.id).in_(ids[at : at + 5_000])))
    }
    keys = person_keys(session, keyring, ids)
    updates: dict[int, dict[str, Any]] = {}
    written: list[Written] = []
    for each in touched:
        row, key = rows.get(each.worker_id or 0), keys.get(each.worker_id or 0)
        if row is None or each.told is None or key is None:
            continue  # without a key the person's data was deleted: nothing is written any more
        before = updates.get(row.identity) or {name: getattr(row, name) for name in ("id", *_COLUMNS)}
        after = before | _changed(keyring, context, row, key, each, homes)
        change = change_of(before, after) | _clear_changes(key, before, after)
        if change:
            updates[row.identity] = after
            written.append(
                Written(
                    "update", "worker", row.identity, change, row.region,
                    worker_id=row.identity, import_line=each.line,
                )
            )  # fmt: skip
    update_rows(session.connection(), "worker", ("id",), list(updates.values()))
    for worker_id in updates:
        session.expire(rows[worker_id])
    return written


def keep_other_codes(session: Session, keyring: Keyring, judged: Sequence[Judged]) -> None:
    """Numbers under another code of the county, by which lines named people of ours, mean these people from now on."""
    told = {
        each.number.number: each.worker_id
        for each in judged
        if each.recoded and each.worker_id is not None and each.number
    }
    if not told:
        return
    sealed = person_keys(session, keyring, told.values())
    for number in told.keys() - elsewhere(session, keyring, list(told)):
        if told[number] not in sealed:
            continue  # the key was destroyed: nothing more is kept of this person
        keep_number(session, keyring, told[number], number, NumberOrigin.FORMER_CODE)


def _changed(
    keyring: Keyring, context: Context, row: Worker, key: bytes | None, judged: Judged, homes: Settled
) -> dict[str, Any]:
    told: Reported | None = judged.told
    if told is None:
        return {}
    columns = person_columns(told, judged.changes)
    if len(row.region) == 12:
        columns.pop("village", None)
    if key is not None and "phone" in judged.changes:
        columns |= _sealed_phone(keyring, key, dialled(told.phone))
    if key is not None and "id_number" in judged.changes and judged.number and not judged.recoded:
        columns["id_number_sealed"] = _sealed_number(keyring, key, judged.number)["id_number_sealed"]
        grade = judged.number.disability_suffix[1:2]
        columns |= {"disability_grade": int(grade)} if grade in _GRADES else {}
    if "household" in judged.changes and told.household in homes.ids:
        columns["household_id"] = homes.ids[told.household]
    # A person known by the county alone gets the township that the file tells; nobody is moved by a file.
    if len(row.region) < 9 and (found := context.places.find(told.township, told.village)).startswith(
        row.region
    ):
        columns["region"] = found
    return columns


def _clear_changes(
    key: bytes | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, list[str | None]]:
    found = {}
    for name in ("id_number", "phone"):
        sealed = f"{name}_sealed"
        if before[sealed] != after[sealed]:
            found[name] = [
                unseal(key, each, f"worker.{name}").decode() if key and each else None
                for each in (before[sealed], after[sealed])
            ]
    return found
