"""A small labour market to plan: people with wishes, couples, households in hardship, and posts of several employers."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.worker import WorkIntention

from .conftest import World, made

LEAVES = "2021-09-25"


class Planning:
    """Makes people, posts and plans over REST."""

    def __init__(self, world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> None:
        self.world, self.west, self.work, self.session_as = world, world.west, work, session_as

    def people(self, count: int, *, monitored: int = 0, **changes: Any) -> list[int]:
        """So many who want to go; the first `monitored` of them belong to monitored households."""
        found = []
        for at in range(count):
            told = dict(changes)
            if at < monitored:
                told["household_id"] = self.world.household()["id"]
            wish = {"wants": "out", "pay_floor": 3000 + 100 * (at % 9)}
            found.append(int(self.world.worker(intention=wish, **told)["id"]))
        return found

    def together(self, one: int, other: int) -> None:
        """Two who want to go to one place."""
        session = self.session_as("zhenba")
        for who, whom in ((one, other), (other, one)):
            row = session.exec(select(WorkIntention).where(WorkIntention.worker_id == who)).one()
            row.companion_id = whom
            session.add(row)
        session.commit()

    def posts(self, *seats: int, **changes: Any) -> list[int]:
        """Posts with so many seats each, each of an employer of its own."""
        return [
            int(self.world.vacancy(seats=each, pay_min=4500 + 300 * at, pay_max=6500, **changes)["id"])
            for at, each in enumerate(seats)
        ]

    def ask(self, client: TestClient | None = None, **changes: Any) -> dict[str, Any]:
        """Ask for a plan."""
        told = {"region": "610728", "departs_on": LEAVES, "name": "第一批"} | changes
        return made((client or self.west).post("/v1/match-plans", json=told))

    def plan(self, **changes: Any) -> dict[str, Any]:
        """A draft."""
        number = self.ask(**changes)["id"]
        self.work()
        return self.read(number)

    def read(self, number: int) -> dict[str, Any]:
        """The plan as it stands."""
        return made(self.west.get(f"/v1/match-plans/{number}"))

    def lines(self, number: int, **asked: Any) -> dict[int, dict[str, Any]]:
        """Its people by number."""
        found = made(self.west.get(f"/v1/match-plans/{number}/persons", params={"limit": 200} | asked))
        return {each["worker_id"]: each for each in found["items"]}

    def posts_of(self, number: int) -> dict[int, dict[str, Any]]:
        """Its posts by number."""
        found = self.west.get(f"/v1/match-plans/{number}/posts").json()
        return {each["vacancy"]["id"]: each for each in found}

    def decide(self, number: int, *told: dict[str, Any]) -> dict[str, Any]:
        """Decide by hand."""
        return made(self.west.post(f"/v1/match-plans/{number}/decisions", json={"items": list(told)}))

    def approve(self, number: int, *people: int) -> Any:
        """Approve some, or all; the answer."""
        headers = {"If-Match": f'"{self.read(number)["version"]}"'}
        path = f"/v1/match-plans/{number}/approve"
        if people:
            return self.west.post(path, json={"worker_ids": list(people)}, headers=headers)
        return self.west.post(f"{path}-all", headers=headers)
