"""People's work and rules as hypothesis draws them."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from models.spell import Arrangement, Destination, EvidenceGrade, Precision, SpellKind
from outcomes.spells import Proof, Spell

DAY = timedelta(days=1)
BEGIN = date(2023, 7, 1)


def last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@st.composite
def histories(draw: st.DrawFn, *, named: bool = True) -> list[Spell]:
    """Up to five spells that share no day, gaps and lengths leaning to the edges; `named`: every employer is known."""
    spells: list[Spell] = []
    cursor = BEGIN + draw(st.integers(0, 120)) * DAY
    for _ in range(draw(st.sampled_from([3, 4, 5, 2, 1, 0]))):
        cursor += draw(st.sampled_from([0, 0, 1, 2, 5, 6, 30, 31]) | st.integers(0, 60)) * DAY
        length = draw(st.sampled_from([1, 30, 31, 89, 90, 91]) | st.integers(1, 220))
        end = cursor + (length - 1) * DAY
        month = draw(st.integers(0, 5)) == 0
        if month and cursor.day > 1:
            cursor = last_of(cursor.year, cursor.month) + DAY
            end = max(end, cursor)
        income = draw(st.sampled_from([None, 999, 1000, 1500, 2333]))
        grades = draw(st.lists(st.sampled_from(EvidenceGrade), min_size=1, max_size=3))
        proofs = []
        for grade in grades:
            first = cursor + draw(st.just(0) | st.integers(-10, length)) * DAY
            proofs.append(Proof(grade, first, first + draw(st.integers(0, length)) * DAY))
        is_open = draw(st.booleans())
        last = last_of(end.year, end.month) if month and draw(st.booleans()) else end
        spells.append(
            Spell(
                # Only the month of the first day is known; the last day is the month's, or one that was told.
                started_on=cursor + draw(st.integers(0, 27 if month else 0)) * DAY,
                ended_on=None if is_open else last,
                observed_until=draw(st.sampled_from([None, last, end, cursor + (end - cursor) // 2])),
                precision=Precision.MONTH if month else Precision.DAY,
                employer=draw(st.sampled_from(["甲厂", "乙厂"] if named else ["甲厂", "乙厂", None])),
                destination=draw(st.sampled_from([None, *Destination])),
                region=draw(st.sampled_from([None, "320612", "320600", "61", "610728101"])),
                arrangement=draw(st.sampled_from([None, *Arrangement])),
                kind=draw(st.sampled_from([SpellKind.MARKET, SpellKind.MARKET, SpellKind.WORKSHOP])),
                monthly_income=income,
                contract_months=draw(st.sampled_from([None, 3, 12])),
                evidence=tuple(proofs),
            )
        )
        cursor = last + DAY
        if month and spells[-1].started_on > last and not is_open:
            spells[-1] = replace(spells[-1], started_on=last)
    return spells


@st.composite
def rules(draw: st.DrawFn, *, calendar: bool = True) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": "试"}
    time = draw(st.sampled_from(["min_months", "min_months", "min_days", None]))
    if time == "min_months":
        rule["min_months"] = draw(st.sampled_from([3, 6, 1, 2, 4, 7]))
    elif time == "min_days":
        rule["min_days"] = draw(st.sampled_from([90]) | st.integers(1, 200))
    rule["counting"] = draw(st.sampled_from(["continuous", "cumulative"]))
    rule["employer"] = draw(st.sampled_from(["any", "same"]))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "month_counting": st.sampled_from(["inclusive", "civil_code"]),
        "max_gap_days": st.sampled_from([None, 0, 1, 5, 30]),
        "min_average_pay": st.sampled_from([500, 1000, 1200, 1600]),
        "min_total_pay": st.integers(1, 9000),
        "min_contract_months": st.sampled_from([3, 6]),
        "min_evidence": st.sampled_from("ABCD"),
        "kinds": st.just(["market"]),
        "min_age": st.sampled_from([16, 18]),
        "destination": st.lists(
            st.sampled_from([word.value for word in Destination]), min_size=1, max_size=4
        ),
        "regions": st.lists(st.sampled_from(["32", "3206", "610000", "610728"]), min_size=1, max_size=2),
        "arrangement": st.sampled_from(["organised", "self"]),
    }
    if calendar:
        optional["calendar_year"] = st.sampled_from([True, 2024])
    for name, values in optional.items():
        if draw(st.integers(0, 4)) == 4:
            rule[name] = draw(values)
    return rule


as_ofs = (st.just(1100) | st.integers(0, 1100)).map(lambda offset: BEGIN + offset * DAY)
births = st.none() | st.dates(date(2006, 1, 1), date(2008, 12, 31))
