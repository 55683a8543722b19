"""What a visitor's commands come to: the same in whatever order, however often, from however many devices."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.fair_day import Attendance, Said, Wish, attendance
from models.kiosk import CommandKind

START = datetime(2021, 9, 20, 1, 0, tzinfo=UTC)
BOOTH_OF = {1: 10, 2: 10, 3: 20, 4: 30}


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def said(key: str, kind: str, minute: int, post: int | None = None, ticket: str | None = None) -> Said:
    return Said(key, CommandKind(kind), at(minute), post, ticket)


@st.composite
def days(draw: st.DrawFn) -> list[Said]:
    """What one visitor says at up to three devices, whose clocks may agree to the minute."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        device = draw(st.sampled_from("ABC"))
        kind = draw(st.sampled_from(list(CommandKind)))
        post = None if kind is CommandKind.CHECK_IN else draw(st.sampled_from(sorted(BOOTH_OF)))
        ticket = f"{device}{number:02d}" if kind is CommandKind.INTEND else None
        found.append(Said(f"{device}:{number}", kind, at(draw(st.integers(0, 8))), post, ticket))
    return found


@given(days(), st.randoms())
def test_no_order_and_no_repetition_changes_anything(day: list[Said], chance: object) -> None:
    came = [*day, *day[::2]]
    chance.shuffle(came)  # type: ignore[attr-defined]
    assert attendance(came, BOOTH_OF) == attendance(day, BOOTH_OF)


@given(days(), st.integers(0, 12))
def test_what_comes_in_later_by_another_way_ends_the_same(day: list[Said], cut: int) -> None:
    """Worked out after each command, as the service does it, only the last time counts."""
    found = None
    for number in range(1, len(day) + 1):
        found = attendance(day[cut % len(day) :][:number] + day[: cut % len(day)], BOOTH_OF)
    assert found == attendance(day, BOOTH_OF)


@given(days())
def test_the_last_word_stands_and_a_place_is_held_just_where_something_is_wanted(day: list[Said]) -> None:
    found = attendance(day, BOOTH_OF)
    assert found is not None
    assert found.arrived_at == min(each.at for each in day)
    for post, wish in found.wishes.items():
        words = [each for each in day if each.vacancy_id == post]
        last = max(words, key=lambda each: (each.at, each.key))
        assert wish.wanted is (last.kind is CommandKind.INTEND)
        assert wish.said_at == last.at
        assert (wish.ticket is not None) is wish.wanted
    for booth in set(BOOTH_OF.values()):
        here = [w for post, w in found.wishes.items() if BOOTH_OF[post] == booth and w.wanted]
        assert len({(wish.ticket, wish.ticket_at) for wish in here}) <= 1, "one place a booth"


def test_two_devices_give_one_place_that_of_the_first_called_by_the_last_slip() -> None:
    found = attendance([said("B:1", "intend", 5, 2, "B03"), said("A:1", "intend", 1, 1, "A07")], BOOTH_OF)
    place = Wish(True, at(1), "B03", at(1))
    assert found == Attendance(at(1), {1: place, 2: Wish(True, at(5), "B03", at(1))})


def test_who_wants_nothing_more_at_a_booth_gives_the_place_up() -> None:
    day = [said("a", "intend", 1, 1, "A01"), said("b", "withdraw", 2, 1), said("c", "intend", 3, 2, "A05")]
    found = attendance(day, BOOTH_OF)
    assert found is not None
    assert found.wishes[1] == Wish(False, at(2))
    assert found.wishes[2] == Wish(True, at(3), "A05", at(3))


def test_nothing_said_is_no_attendance() -> None:
    assert attendance([], BOOTH_OF) is None
