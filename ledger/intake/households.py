"""Households of a file's lines: found by their number, made where they are new, their hardship as the file tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Text
from sqlmodel import Session, col, select

from ledger.history import Written, change_of, household_keys
from ledger.households import hardship_of, periods_moved
from ledger.intake.columns import category_named
from ledger.intake.context import Context
from ledger.intake.judged import Judged
from ledger.intake.judging import HOUSEHOLD_OWN
from ledger.records.reported import Reported
from models.base import now
from models.bulk import among, insert_rows, reserve_ids, update_rows
from models.household import (
    LAST_DELISTED,
    MONITORED,
    POVERTY_RELIEVED,
    Begun,
    HardshipCategory,
    HardshipPeriod,
    Household,
)
from models.sealing import Keyring, new_person_key

_LISTS = ("risks", "measures")
_DAYS = frozenset({"monitored_since", "risk_cleared_on"})


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
                among(Household.number, numbers, Text),
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
        for period in periods_told(told, context.as_of):
            periods.append({"created_at": at, "household_id": household_id, **period})
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


def periods_told(told: Reported, day: date, *, relieved_before: bool = False) -> list[dict[str, Any]]:
    """The periods that a record of `day` tells of a household, as columns of `hardship_period`.

    Whoever is 脱贫户 was lifted out when the last counties were delisted, at the latest. Who is monitored has been so
    since the day that the list tells, else since the list, or since the risk was cleared if that was before it.

    Parameters
    ----------
    relieved_before : the ledger has earlier periods as 脱贫户: this one is none of them.
    """
    found = []
    for category, cleared in _categories(told):
        from_on: date = day
        begun: Begun | None = Begun.LISTED
        cleared_on = (told.risk_cleared_on or day) if cleared else None
        if category in MONITORED:
            since = told.monitored_since
            from_on, begun = (since, None) if since else (min(day, cleared_on or day), Begun.LISTED)
            if category is HardshipCategory.UNSTABLE and from_on > LAST_DELISTED and not relieved_before:
                found.append(
                    _period(HardshipCategory.RELIEVED, LAST_DELISTED, Begun.DELISTED)
                    | {"to_on": from_on - timedelta(days=1)}
                )
        elif category is HardshipCategory.RELIEVED and day > LAST_DELISTED and not relieved_before:
            from_on, begun = LAST_DELISTED, Begun.DELISTED
        found.append(_period(category, from_on, begun) | {"risk_cleared_on": cleared_on})
    return found


def _period(category: HardshipCategory, from_on: date, begun: Begun | None) -> dict[str, Any]:
    return {
        "category": category,
        "from_on": from_on,
        "to_on": None,
        "risk_cleared_on": None,
        "begun": begun,
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
    with periods_moved(session):
        _change_told(session, context, rows, touched, ids, settled)


def _change_told(
    session: Session,
    context: Context,
    rows: Mapping[str, Household],
    touched: Mapping[int, Judged],
    ids: Sequence[int],
    settled: Settled,
) -> None:
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
        if each.changes.keys() & {"household_kind", "monitored_kind", "risk_cleared", "destitute", *_DAYS}:
            _settle_hardship(session, context, row, periods.get(row.identity, []), each)
    update_rows(session.connection(), "household", ("id",), list(updates.values()))


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
    before = any(each.category in POVERTY_RELIEVED and each.from_on <= day for each in periods)
    for made in periods_told(told, day, relieved_before=before):
        category = made["category"]
        if category in standing or (category is HardshipCategory.RELIEVED and relieved):
            continue
        period = HardshipPeriod(household_id=row.identity, **made)
        _keep_apart(period, periods, day)
        session.add(period)
        periods.append(period)
    if judged.changes.keys() & {"risk_cleared", *_DAYS}:
        for category in (
            MONITORED & standing.keys() & (wanted.keys() if MONITORED & wanted.keys() else MONITORED)
        ):
            _settle_risk(standing[category], told, day)
            _keep_apart(standing[category], periods, day)
            session.add(standing[category])


def _settle_risk(period: HardshipPeriod, told: Reported, day: date) -> None:
    """The days of one monitored period as the list tells them; a day that it does not tell stays."""
    if told.monitored_since is not None and (period.to_on is None or told.monitored_since <= period.to_on):
        period.from_on, period.begun = told.monitored_since, None
    if told.risk_cleared is not None:
        known = told.risk_cleared_on or period.risk_cleared_on or day
        period.risk_cleared_on = known if told.risk_cleared else None
    if period.risk_cleared_on is not None and period.risk_cleared_on < period.from_on:
        if period.begun is None:
            period.risk_cleared_on = period.from_on
        else:
            period.from_on = period.risk_cleared_on


def _keep_apart(period: HardshipPeriod, periods: Sequence[HardshipPeriod], day: date) -> None:
    """A period that holds on `day` shares no day with an earlier or a later one of its category."""
    for other in periods:
        if other is period or other.category is not period.category:
            continue
        if other.from_on > day:
            period.to_on = min(period.to_on or date.max, other.from_on - timedelta(days=1))
        elif other.to_on is not None and period.from_on <= other.to_on < day:
            period.from_on = other.to_on + timedelta(days=1)
    if period.risk_cleared_on is not None:
        period.risk_cleared_on = max(period.risk_cleared_on, period.from_on)


def _end(session: Session, period: HardshipPeriod, day: date) -> None:
    """What the file does not find any more ended the day before, or never was where it began that very day."""
    if period.from_on >= day:
        session.delete(period)
    else:
        period.to_on = day - timedelta(days=1)
        session.add(period)
