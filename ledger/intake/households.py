"""Households of a file's lines: found by their number, made where they are new, their hardship as the file tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from ledger.history import Written, change_of, household_keys
from ledger.households import hardship_of
from ledger.intake.columns import category_named
from ledger.intake.context import Context
from ledger.intake.judging import HOUSEHOLD_OWN, Judged
from ledger.records.reported import Reported
from models.base import now
from models.bulk import insert_rows, reserve_ids, update_rows
from models.household import MONITORED, POVERTY_RELIEVED, HardshipCategory, HardshipPeriod, Household
from models.sealing import Keyring, new_person_key

_LISTS = ("risks", "measures")


@dataclass(slots=True)
class Settled:
    """The households of a chunk: number to row, and what was written, for the record of changes."""

    ids: dict[str, int]
    regions: dict[str, str]
    written: list[Written]
    keys: dict[int, bytes]


def settle_households(
    session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged]
) -> Settled:
    """Let the ledger's households say what the lines say of them; the first line that tells a field counts."""
    first = {each.told.household: each for each in reversed(judged) if each.told and each.told.household}
    numbers = list(dict.fromkeys(each.told.household for each in judged if each.told and each.told.household))
    rows = {
        row.number: row
        for row in session.exec(
            select(Household).where(
                col(Household.number).in_(numbers),
                col(Household.region).startswith(context.county, autoescape=True),
            )
        )
    }
    settled = Settled(
        {number: row.identity for number, row in rows.items()},
        {number: row.region for number, row in rows.items()},
        [],
        {},
    )
    new = [number for number in numbers if number not in rows]
    _make(session, keyring, context, [(number, first[number]) for number in new], settled)
    changed = [each for each in judged if each.told and each.told.household in rows and each.changes]
    _change(session, keyring, context, rows, changed, settled)
    return settled


def _make(
    session: Session,
    keyring: Keyring,
    context: Context,
    new: Sequence[tuple[str, Judged]],
    settled: Settled,
) -> None:
    connection, at = session.connection(), now()
    households, keys, periods = [], [], []
    numbers = reserve_ids(connection, "household", len(new))
    for household_id, (number, first) in zip(numbers, new, strict=True):
        told = first.told
        if told is None:
            continue
        region = context.places.find(told.township, told.village)
        columns = {
            "number": number,
            "region": region,
            "village": told.village if len(region) < 12 else None,
            "risks": list(told.risks),
            "measures": list(told.measures),
        }
        key, master_key_id, sealed_key = new_person_key(keyring)
        settled.ids[number], settled.regions[number], settled.keys[household_id] = household_id, region, key
        households.append({"id": household_id, "created_at": at, "is_demo": False, **columns})
        keys.append({"household_id": household_id, "master_key_id": master_key_id, "sealed_key": sealed_key})
        settled.written.append(
            Written(
                "create", "household", household_id, change_of(None, columns), region,
                household_id=household_id, import_line=first.line,
            )
        )  # fmt: skip
        for category, cleared in _categories(told):
            periods.append(_period(household_id, category, context.as_of, cleared, at))
            settled.written.append(_of_period("create", household_id, None, periods[-1], region, first.line))
        context.tell(("household", number), HOUSEHOLD_OWN)
    insert_rows(connection, "household", households)
    insert_rows(connection, "household_key", keys)
    insert_rows(connection, "hardship_period", periods)


def _categories(told: Reported) -> list[tuple[HardshipCategory, bool]]:
    """The categories that a record names, each with whether its risk is cleared."""
    named = [category_named(told.household_kind), category_named(told.monitored_kind)]
    named += [HardshipCategory.DESTITUTE] if told.destitute else []
    found = dict.fromkeys(category for category in named if category is not None)
    if HardshipCategory.UNSTABLE in found:
        # 脱贫不稳定户 are among the relieved: one category says both.
        found.pop(HardshipCategory.RELIEVED, None)
    return [(category, category in MONITORED and bool(told.risk_cleared)) for category in found]


def _period(
    household_id: int, category: HardshipCategory, day: date, cleared: bool, at: Any
) -> dict[str, Any]:
    return {
        "created_at": at,
        "household_id": household_id,
        "category": category,
        "from_on": day,
        "to_on": None,
        "risk_cleared_on": day if cleared else None,
    }


def _of_period(
    action: str,
    household_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    region: str,
    line: int,
) -> Written:
    return Written(
        action, "hardship_period", None, change_of(before, after), region,
        household_id=household_id, import_line=line,
    )  # fmt: skip


def _change(
    session: Session,
    keyring: Keyring,
    context: Context,
    rows: Mapping[str, Household],
    changed: Sequence[Judged],
    settled: Settled,
) -> None:
    touched = {
        each.line: each for each in changed if each.changes.keys() & HOUSEHOLD_OWN and each.told is not None
    }
    if not touched:
        return
    ids = [rows[each.told.household or ""].identity for each in touched.values() if each.told]
    settled.keys |= household_keys(session, keyring, ids)
    periods = hardship_of(session, ids)
    updates: dict[int, dict[str, Any]] = {}
    for each in touched.values():
        if each.told is None:
            continue
        row = rows[each.told.household or ""]
        before = updates.get(row.identity) or {
            "id": row.identity, "village": row.village, "risks": list(row.risks), "measures": list(row.measures)
        }  # fmt: skip
        after = dict(before)
        for name in each.changes.keys() & {"village", *_LISTS}:
            value = getattr(each.told, name)
            after[name] = list(value) if name in _LISTS else value
        if change := change_of(before, after):
            updates[row.identity] = after
            settled.written.append(
                Written(
                    "update", "household", row.identity, change, row.region,
                    household_id=row.identity, import_line=each.line,
                )
            )  # fmt: skip
        if each.changes.keys() & {"household_kind", "monitored_kind", "risk_cleared", "destitute"}:
            _settle_hardship(session, context, row, periods.get(row.identity, []), each)
    update_rows(session.connection(), "household", ("id",), list(updates.values()))
    session.flush()


def _settle_hardship(
    session: Session,
    context: Context,
    row: Household,
    periods: list[HardshipPeriod],
    judged: Judged,
) -> None:
    """Bring the periods that hold on the file's day in line with what the line says; the mapper records it."""
    told, day = judged.told, context.as_of
    if told is None:
        return
    standing = {
        each.category: each
        for each in periods
        if each.from_on <= day and (each.to_on is None or each.to_on >= day)
    }
    wanted = dict(_categories(told))
    over: set[HardshipCategory] = set()
    if "household_kind" in judged.changes and category_named(told.household_kind) is None:
        over |= POVERTY_RELIEVED
    if "monitored_kind" in judged.changes:
        over |= MONITORED
    if "destitute" in judged.changes and told.destitute is False:
        over.add(HardshipCategory.DESTITUTE)
    relieved = POVERTY_RELIEVED & standing.keys() - over
    for category in over - wanted.keys():
        period = standing.pop(category, None)
        if period is not None:
            _end(session, period, day)
    for category, cleared in wanted.items():
        period = standing.get(category)
        if period is None and not (category is HardshipCategory.RELIEVED and relieved):
            made = HardshipPeriod(
                household_id=row.identity,
                category=category,
                from_on=day,
                risk_cleared_on=day if cleared else None,
            )
            session.add(made)
            periods.append(made)
        elif period is not None and "risk_cleared" in judged.changes and category in MONITORED:
            period.risk_cleared_on = (period.risk_cleared_on or day) if cleared else None
            session.add(period)
    if "risk_cleared" in judged.changes and not MONITORED & wanted.keys():
        for category in MONITORED & standing.keys():
            period = standing[category]
            period.risk_cleared_on = (period.risk_cleared_on or day) if told.risk_cleared else None
            session.add(period)


def _end(session: Session, period: HardshipPeriod, day: date) -> None:
    """What the file does not find any more ended the day before, or never was where it began that very day."""
    if period.from_on >= day:
        session.delete(period)
    else:
        period.to_on = day - timedelta(days=1)
        session.add(period)
