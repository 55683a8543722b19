"""Who belongs to which monitored group, as the ledger tells."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from api.monitored import groups_of

DAY = date(2021, 9, 20)


def test_ethnicity_is_the_majority_another_or_unknown(
    world: Any, session_as: Callable[[str], Session]
) -> None:
    people = [world.worker(ethnicity=each)["id"] for each in ("苗族", "汉族", None)]
    groups = groups_of(session_as("zhenba"), people, DAY)
    assert groups.minority.tolist() == [1, 0, -1]
    assert groups.members("minority").tolist() == [True, False, False]


def test_the_other_groups_are_those_of_person_and_household(
    world: Any, session_as: Callable[[str], Session]
) -> None:
    home = world.household(relocated=True)["id"]
    one = world.worker(household_id=home, disability_grade=2, ethnicity="回族")["id"]
    other = world.worker()["id"]
    groups = groups_of(session_as("zhenba"), [other, one], DAY)
    assert groups.sex.tolist() == ["female", "female"]
    assert groups.monitored.tolist() == [-1, 1] and groups.poverty_relieved.tolist() == [-1, 0]
    assert groups.relocated.tolist() == [-1, 1] and groups.minority.tolist() == [-1, 1]
    assert groups.disabled.tolist() == [0, 1]


def test_somebody_out_of_sight_is_an_error(world: Any, session_as: Callable[[str], Session]) -> None:
    worker = world.worker()["id"]
    with pytest.raises(KeyError):
        groups_of(session_as("tongzhou"), [worker], DAY)
