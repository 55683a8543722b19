"""What was found of a spell beside the record, and which side is to look."""

from datetime import date

import pytest

from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from models.spell import EvidenceGrade
from outcomes.confirming import Finding, contradicted, grade_of, latest, waits
from outcomes.spells import Proof
from outcomes.verified import Verified, verified

ORIGIN, DESTINATION, STATION = ConfirmingSide
THERE, GONE, UNKNOWN = StillThere
FIRST, LAST = date(2021, 3, 1), date(2021, 8, 31)


def on(month: int, day: int = 1) -> date:
    return date(2021, month, day)


@pytest.mark.parametrize(
    ("found", "day", "last", "against"),
    [
        (THERE, on(5), None, False),
        (GONE, on(5), None, True),
        (THERE, LAST, LAST, False),
        (THERE, on(9), LAST, True),
        (GONE, LAST, LAST, True),
        (GONE, on(9), LAST, False),
        (UNKNOWN, on(9), LAST, False),
        (UNKNOWN, on(5), None, False),
    ],
)
def test_the_record_says_otherwise(found: StillThere, day: date, last: date | None, against: bool) -> None:
    assert contradicted(Finding(DESTINATION, found, day), FIRST, last) is against


def test_the_latest_of_each_side_and_nothing_found_out_counts_last() -> None:
    told = [
        Finding(STATION, UNKNOWN, on(4)),
        Finding(DESTINATION, THERE, on(5)),
        Finding(DESTINATION, UNKNOWN, on(6)),
        Finding(STATION, GONE, on(5)),
        Finding(STATION, THERE, on(5)),
    ]
    assert latest(told) == {STATION: told[4], DESTINATION: told[1]}


def test_who_is_to_look() -> None:
    here = {DESTINATION: Finding(DESTINATION, THERE, on(8))}
    old = {"observed_until": on(8), "since": on(7)}
    assert not waits(DESTINATION, here, (), **old)
    assert not waits(STATION, here, (), **old), "the place of work has looked for both"
    assert waits(DESTINATION, {DESTINATION: Finding(DESTINATION, UNKNOWN, on(8))}, (), **old)
    assert waits(DESTINATION, here, (), observed_until=on(8), since=on(9))
    gone = Finding(ORIGIN, GONE, on(8, 5))
    assert waits(DESTINATION, here | {ORIGIN: gone}, (gone,), **old), "the home county found otherwise since"
    assert waits(ORIGIN, here | {ORIGIN: gone}, (gone,), **old)
    assert not waits(ORIGIN, here, (), **old)
    assert waits(ORIGIN, here, (), observed_until=on(6), since=on(7))
    mine = Finding(DESTINATION, GONE, on(8))
    assert not waits(DESTINATION, {DESTINATION: mine}, (mine,), **old), (
        "it has said so: the home county's turn"
    )


def test_only_who_was_met_where_the_work_is_proves_as_much_as_a_certificate() -> None:
    best = {(side, means) for side in ConfirmingSide for means in ConfirmedBy if grade_of(side, means) < "D"}
    assert best == {(DESTINATION, ConfirmedBy.ON_SITE), (STATION, ConfirmedBy.ON_SITE)}


def test_days_are_verified_once_under_their_best_grade() -> None:
    grades = EvidenceGrade
    proofs = [
        Proof(grades.D, on(2), on(4, 30)),
        Proof(grades.B, on(4), on(4, 30)),
        Proof(grades.B, on(5), on(5, 31)),
        Proof(grades.C, on(5), on(5, 10)),
        Proof(grades.A, on(8, 20), on(12)),
        Proof(grades.A, on(1), on(2)),
    ]
    found = verified(FIRST, LAST, proofs)
    assert found == [
        Verified(grades.D, FIRST, on(3, 31)),
        Verified(grades.B, on(4), on(5, 31)),
        Verified(grades.A, on(8, 20), LAST),
    ]
    assert [each.days for each in found] == [31, 61, 12]
    assert verified(FIRST, LAST, []) == []
