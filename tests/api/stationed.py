"""A service station with an account of its own, a firm where it stands, and people of its county at work there."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from .conftest import World, made
from .ladder_commands import STATION

PASSWORD = "qingshan-luying-7"


class Stationed:
    """镇巴's station in 通州. `firm` is where its people work."""

    def __init__(
        self, world: World, clerk: Callable[[str], TestClient], *, username: str = "zhuzhan", **changes: Any
    ) -> None:
        self.world, self.clerk, self.username = world, clerk, username
        self.station = int(made(world.west.post("/v1/stations", json=STATION | changes))["id"])
        told = {"display_name": "驻站甲", "role": "station", "station_id": self.station}
        code = made(clerk("warden").post("/v1/accounts", json=told))["code"]
        accepted = {"code": code, "username": username, "display_name": "驻站甲", "password": PASSWORD}
        made(world.west.post("/v1/invitations/accept", json=accepted))
        self.staff = clerk(username)
        self.post = world.vacancy(valid_from="2021-08-01", seats=50)
        self.firm = int(self.post["employer_id"])

    def at_work(self, started_on: str = "2021-08-25", **facts: Any) -> int:
        """The spell of one more person at work there."""
        person = self.world.worker(**facts)["id"]
        told = {"worker_id": person, "vacancy_id": self.post["id"]}
        application = made(self.world.west.post("/v1/applications", json=told))["id"]
        path = f"/v1/applications/{application}/start"
        return int(made(self.world.west.post(path, json={"started_on": started_on}))["spell_id"])

    def problem(self, difficulty: str = "unpaid") -> int:
        """A problem that the station noted."""
        path = f"/v1/spells/{self.at_work()}/problems"
        return int(made(self.staff.post(path, json={"difficulty": difficulty}))["id"])

    def handed(self) -> int:
        """A problem that the county has handed to the station."""
        number = self.problem()
        path = f"/v1/support-tasks/{number}/hand"
        made(self.world.west.post(path, json={"station_id": self.station}))
        return number


def _of_station(stage: Any) -> Stationed:
    return Stationed(stage.world, stage.clerk)


def _noting(stage: Any) -> Any:
    station = _of_station(stage)
    return station.staff, {"spell_id": station.at_work()}, {"difficulty": "unpaid", "note": "两个月没发"}


def _handing(stage: Any) -> Any:
    station = _of_station(stage)
    return stage.west, {"task_id": station.problem()}, {"station_id": station.station}


def _handed(**body: Any) -> Callable[[Any], Any]:
    def make(stage: Any) -> Any:
        station = _of_station(stage)
        return station.staff, {"task_id": station.handed()}, body

    return make


WEBHOOK = {
    "name": "县数据平台",
    "region": "610728",
    "url": "https://example.org/wengang",
    "events": ["application.changed", "spell.started"],
}


def _webhook(stage: Any) -> tuple[Any, int]:
    warden = stage.clerk("warden")
    return warden, int(made(warden.post("/v1/webhooks", json=WEBHOOK))["webhook"]["id"])


def _of_webhook(**body: Any) -> Callable[[Any], Any]:
    def make(stage: Any) -> Any:
        warden, number = _webhook(stage)
        return warden, {"webhook_id": number}, body

    return make


STATION_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "note_spell_problem": _noting,
    "hand_support_task": _handing,
    "finish_station_problem": _handed(outcome="工资已补发"),
    "return_station_problem": _handed(answer="单位不让进厂"),
    "create_webhook": lambda stage: (stage.clerk("warden"), {}, WEBHOOK),
    "update_webhook": _of_webhook(name="县平台", events=["spell.ended"]),
    "replay_webhook": _of_webhook(since="2021-09-20T00:00:00+08:00", failed_only=True),
    "reveal_worker_numbers": lambda stage: (
        stage.west,
        {"worker_id": stage.worker()},
        {"reason": "check"},
    ),
}
"""By operation who sends it, what its address names, and a body that is carried out; given the stage of
`test_bad_commands`."""
