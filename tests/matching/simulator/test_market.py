"""What is made is a market that could be, and always the same one."""

from dataclasses import fields

import numpy as np
import pytest

from matching.simulator.files import files
from matching.simulator.market import Made, Sizes, make
from matching.simulator.past import OFFERED
from matching.simulator.reasons import FILLED
from matching.simulator.worlds import WORLDS

from .conftest import small


def written(made: Made) -> dict[str, bytes]:
    return {name: b"".join(blocks) for name, blocks in files(made).items()}


@pytest.mark.parametrize("world", WORLDS)
def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(world: str) -> None:
    first = written(small(world))
    assert written(make(world, 0, small(world).sizes)) == first
    other = written(small(world, 1))
    assert all(other[name] != first[name] for name in ("workers.csv", "vacancies.csv", "spells.csv"))


@pytest.mark.parametrize("world", WORLDS)
def test_sizes_are_kept(world: str) -> None:
    made = small(world)
    assert len(made.open) == 60 and len(made.posts) - made.first_open == 12
    assert made.posts.seats[made.first_open :].sum() == 25 and made.posts.seats.min() >= 1
    assert 40 <= len(made.past.spells) <= 48


def test_the_usual_sizes() -> None:
    made = make("mixed")
    assert 20_000 <= len(made.past.spells) <= 20_008 and len(made.open) == 3_000
    assert made.posts.seats[made.first_open :].sum() == 900
    assert 300 <= len(make("sparse").past.spells) <= 308


@pytest.mark.parametrize(
    "sizes", [Sizes(workers=0), Sizes(vacancies=0), Sizes(past=0), Sizes(vacancies=9, seats=8)]
)
def test_a_market_that_cannot_be_is_refused(sizes: Sizes) -> None:
    with pytest.raises(ValueError, match="wanted"):
        make("mixed", 0, sizes)


def test_nobody_works_twice_at_a_time(played: Made) -> None:
    spell = played.past.spells
    order = np.lexsort((spell.started, spell.worker))
    worker, start = spell.worker[order], spell.started[order]
    last = (spell.started + spell.days - 1)[order]
    same = worker[1:] == worker[:-1]
    assert same.sum() > 300
    assert (start[1:][same] > last[:-1][same]).all()


def test_what_is_known_ends_on_the_day_and_what_goes_on_has_no_end(played: Made) -> None:
    spell, as_of = played.past.spells, played.as_of
    ends = spell.ended >= 0
    assert (spell.ended[ends] < as_of).all() and (spell.observed[ends] == spell.ended[ends]).all()
    assert (spell.observed <= as_of).all() and (spell.observed >= spell.started).all()
    last = spell.started + spell.days - 1
    assert (spell.ended[ends] == last[ends]).all()
    assert (spell.observed[~ends] <= last[~ends]).all()
    lost = ~ends & (spell.observed < as_of)
    assert 0.02 < lost.mean() < 0.08


def test_each_start_follows_an_application_within_sixty_days(played: Made) -> None:
    asked, spell = played.past.applications, played.past.spells
    offered = asked.outcome == OFFERED
    applied = {}
    for worker, post, day in zip(
        asked.worker[offered], asked.post[offered], asked.applied[offered], strict=True
    ):
        applied.setdefault((worker, post), []).append(day)
    for worker, post, start in zip(spell.worker, spell.post, spell.started, strict=True):
        assert any(0 < start - day <= 60 for day in applied[worker, post])


def test_seats_of_the_past_are_never_oversold(played: Made) -> None:
    taken = np.bincount(played.past.spells.post, minlength=len(played.posts))
    assert (taken <= played.posts.seats).all()
    assert (played.past.applications.reason == FILLED).sum() > 0
    assert taken[played.first_open :].sum() == 0


def test_more_people_set_out_after_the_spring_festival(played: Made) -> None:
    month = played.past.spells.started.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    counts = np.bincount(month, minlength=12)
    assert counts[2:4].mean() > 1.6 * counts[5:8].mean()
    assert (counts > 0).all()


def test_who_is_open_has_no_work_and_comes_with_the_companion(played: Made) -> None:
    open_ = set(played.open.tolist())
    spell = played.past.spells
    assert not open_ & set(spell.worker[spell.ended < 0].tolist())
    assert open_ & set(spell.worker.tolist())
    companions = played.people.companion[played.open]
    assert set(companions[companions >= 0].tolist()) <= open_
    of = played.people.companion
    has = np.flatnonzero(of >= 0)
    assert (of[of[has]] == has).all() and (played.people.home[of[has]] == played.people.home[has]).all()


def test_some_employers_on_offer_have_no_past(played: Made) -> None:
    known = set(played.posts.firm[: played.first_open].tolist())
    now = set(played.posts.firm[played.first_open :].tolist())
    assert 0 < len(now - known) < 0.2 * len(now)


def test_worlds_are_data() -> None:
    for world in WORLDS.values():
        for part in (world.staying, world.hiring, world.policy):
            assert all(isinstance(getattr(part, f.name), float | tuple) for f in fields(part))
