"""What is kept of a county and mended where people have changed is what the plain evaluation says, after every command."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from random import Random
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.benefits import benefits_of
from api.calls_due import calls_due, chances_of_leaving
from api.confirmations_due import looks_due
from api.entitled import entitled
from api.leavers_seen import leavers_seen
from api.people_counted import how_many
from api.posts_served import posts_served
from api.seekers import seekers
from api.settings import Settings
from ledger.people_sought import Sought
from matching.columns import Workers
from matching.market import load_workers
from models.confirmation import ConfirmingSide
from models.worker import Wants, WorkIntention
from outcomes.confirming import Whose
from outcomes.due_calls import calls_of, ordered

from .claiming import Claimants
from .conftest import World, made

TODAY = date(2021, 9, 20)
_SOUGHT = (Sought(), Sought(employed=False), Sought(wants=Wants.OUT), Sought(age_from=30))


def told(session: Session, settings: Settings) -> list[Any]:
    """Everything that is kept of people."""
    benefits = benefits_of(settings)
    whose = [Whose("610728", "")]
    seconds = settings.remember_seconds
    return [
        entitled(session, settings, benefits, 2021, TODAY),
        looks_due(session, settings, ConfirmingSide.ORIGIN, whose, TODAY),
        posts_served(session, settings, "", TODAY),
        leavers_seen(session, "", TODAY, seconds=seconds),
        [how_many(session, sought, TODAY, seconds=seconds) for sought in _SOUGHT],
    ]


def same(one: Workers, other: Workers) -> bool:
    """Column by column; who is known to be elsewhere is elsewhere."""
    for column in fields(Workers):
        mine, theirs = getattr(one, column.name), getattr(other, column.name)
        equal = (
            mine == theirs
            if isinstance(mine, tuple)
            else np.array_equal(mine, theirs, equal_nan=mine.dtype.kind in "fM")
        )
        if not equal:
            return False
    return True


class Commands:
    """What somebody at the bureau does next, drawn."""

    def __init__(self, world: World, people: Claimants, west: TestClient, dice: Random) -> None:
        self.world, self.people, self.west, self.dice = world, people, west, dice
        self.workers: list[int] = []
        self.households: list[int] = []

    def some(self) -> int:
        return self.dice.choice(self.workers)

    def register(self) -> None:
        more: dict[str, Any] = {}
        if self.households and self.dice.random() < 0.5:
            more["household_id"] = self.dice.choice(self.households)
        self.workers.append(int(self.world.worker(**more)["id"]))

    def together(self) -> None:
        one, other = self.dice.sample(self.workers, 2)
        session = self.people.session
        wish = session.exec(select(WorkIntention).where(WorkIntention.worker_id == one)).one()
        wish.companion_id = other
        session.add(wish)
        session.commit()

    def work(self) -> None:
        day = self.dice.choice(["2021-03-01", "2021-06-01", "2021-09-01"])
        ended = self.dice.choice([None, "2021-09-10"])
        self.workers.append(self.people.worker(started=day, ended=ended))

    def call(self) -> None:
        told: dict[str, Any] = {"found": self.dice.choice(["at_work", "not_reached", "left"])}
        if told["found"] == "left":
            told |= {"left_on": "2021-09-15", "leave_reason": "family"}
        self.west.post(f"/v1/workers/{self.some()}/contacts", json=told)

    def household(self) -> None:
        self.households.append(int(self.world.household()["id"]))

    def cleared(self) -> None:
        if self.households:
            path = f"/v1/households/{self.dice.choice(self.households)}"
            mark = {"If-Match": self.west.get(path).headers["ETag"]}
            body = {
                "hardship": [
                    {"category": "marginal", "from_on": "2020-06-01", "risk_cleared_on": "2021-01-01"}
                ]
            }
            made(self.west.patch(path, json=body, headers=mark))

    def edit(self) -> None:
        path = f"/v1/workers/{self.some()}"
        mark = {"If-Match": self.west.get(path).headers["ETag"]}
        change = self.dice.choice(
            [
                {"birth_date": "1950-01-01"},
                {"region": self.dice.choice(["610728002", "610728001"])},
                {"intention": {"wants": self.dice.choice(["none", "local", "out"])}},
            ]
        )
        self.west.patch(path, json=change, headers=mark)

    def claim(self) -> None:
        found = made(self.west.get("/v1/benefits/demo_travel/entitled"))["items"]
        if found:
            self.people.claimed(int(found[0]["worker"]["id"]))

    def next(self) -> str:
        names = [
            "register",
            "work",
            "work",
            "call",
            "call",
            "household",
            "cleared",
            "edit",
            "edit",
            "claim",
            "together",
            "together",
        ]
        name = self.dice.choice(names) if len(self.workers) > 2 else "work"
        getattr(self, name)()
        return name


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_mended_is_what_would_be_reckoned(
    seed: int,
    world: World,
    people: Claimants,
    west: TestClient,
    session_as: Callable[[str], Session],
    settings: Settings,
) -> None:
    dice = Random(seed)  # noqa: S311 - drawn for a test
    commands = Commands(world, people, west, dice)
    settings = settings.model_copy(update={"remember_seconds": 600, "estimate_seconds": 600})
    plainly = settings.model_copy(update={"remember_seconds": 0})
    done, mended = [], 0
    before: Any = None
    for _ in range(25):
        done.append(commands.next())
        session = session_as("zhenba")
        kept = told(session, settings)
        assert kept == told(session, plainly), done
        mended += before is not None and kept[0] is not before
        before = kept[0]
        estimate = chances_of_leaving(session, settings, "", TODAY)
        schedule = settings.follow_ups()
        plain = ordered(calls_of(session, "", TODAY, schedule, estimate).values(), TODAY)
        assert calls_due(session, settings, "", TODAY) == plain, done
        plainly_read = load_workers(session, TODAY, without_work=True)
        assert same(seekers(session, TODAY, seconds=600), plainly_read), done
        session.close()
    assert mended > 10, "something was changed most of the time"
