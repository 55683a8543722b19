"""The commands of public posts, workshops, fairs and stations, each with rows on which its right body is carried out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.employer import EmployerKind
from models.spell import SpellKind

from .conftest import made

Told = tuple[Any, dict[str, Any], dict[str, Any]]
FAIR = {
    "region": "610728",
    "partner": "320612",
    "name": "协作专场",
    "kind": "special",
    "held_on": "2021-03-06",
}
STATION = {"name": "镇巴驻通州工作站", "region": "320612", "opened_on": "2021-03-01"}


class Ladder:
    """Rows that these commands need, of 镇巴. `claimants` makes people, employers and spells."""

    def __init__(self, west: Any, claimants: Any) -> None:
        self.west, self.claimants = west, claimants

    def keeper(self) -> int:
        """The county's employer for public posts."""
        return int(self.claimants.employer(name="镇巴公益岗", kind=EmployerKind.PUBLIC_POST))

    def person(self, *, offered: bool = True, **facts: Any) -> int:
        """Somebody at no work, whom both higher rungs were offered in vain."""
        worker = int(made(self.west.post("/v1/workers", json=self.claimants.bodies.worker(**facts)))["id"])
        for rung in ("market", "workshop") if offered else ():
            told = {"rung": rung, "what": "某厂缝纫工", "answer": "refused", "reason": "family"}
            made(self.west.post(f"/v1/workers/{worker}/job-offers", json=told))
        return worker

    def served(self, started: str = "2020-03-01", ended: str | None = None, **facts: Any) -> int:
        """The spell of somebody whom a list told to be in a public post."""
        worker = self.person(offered=False, **facts)
        self.claimants.spell(
            worker, started=started, ended=ended, region="610728", kind=SpellKind.PUBLIC_POST,
            employer_id=self.keeper(), post_kind="保洁员",
        )  # fmt: skip
        [spell] = made(self.west.get("/v1/spells", params={"worker_id": worker}))["items"]
        return int(spell["id"])

    def extended(self) -> int:
        """A spell whose term was made to last longer."""
        spell = self.served()
        told = {"until": "2024-06-30", "reason": "policy", "basis": "县人社发12号"}
        made(self.west.post(f"/v1/public-posts/{spell}/extend", json=told))
        return spell

    def workshop(self, relieved: int = 5, others: int = 0) -> int:
        """A workshop with so many people at work."""
        employer = int(self.claimants.employer(name="镇巴茶叶车间", kind=EmployerKind.WORKSHOP))
        for at in range(relieved + others):
            household = None
            if at < relieved:
                home = self.claimants.bodies.household(
                    hardship=[{"category": "relieved", "from_on": "2020-01-01"}]
                )
                household = made(self.west.post("/v1/households", json=home))["id"]
            worker = int(
                made(
                    self.west.post("/v1/workers", json=self.claimants.bodies.worker(household_id=household))
                )["id"]
            )
            self.claimants.spell(
                worker, started="2021-02-01", ended=None, region="610728", kind=SpellKind.WORKSHOP,
                employer_id=employer, observed_until=date(2021, 9, 1),
            )  # fmt: skip
        return employer

    def recognised(self) -> int:
        """A workshop that is recognised."""
        employer = self.workshop()
        made(self.west.post(f"/v1/workshops/{employer}/recognise", json={"form": "plant"}))
        return employer

    def visited(self) -> int:
        """An employer where the station is."""
        return int(self.claimants.employer(name="通州家纺厂", region="320612"))

    def station(self) -> int:
        return int(made(self.west.post("/v1/stations", json=STATION))["id"])

    def fair(self, **changes: Any) -> int:
        return int(made(self.west.post("/v1/fairs", json=FAIR | changes))["id"])


def _ladder(stage: Any) -> Ladder:
    return Ladder(stage.west, stage.claimants)


def _booth(stage: Any) -> Told:
    post = stage.world.vacancy()
    told = {"number": "3", "employer_id": post["employer_id"], "vacancy_ids": [post["id"]]}
    return stage.west, {"fair_id": _ladder(stage).fair()}, told


LADDER_COMMANDS: dict[str, Callable[[Any], Told]] = {
    "add_station_staff": lambda stage: (
        stage.west,
        {"station_id": _ladder(stage).station()},
        {"username": "nobody"},
    ),
    "create_fair": lambda stage: (stage.west, {}, FAIR),
    "create_fair_booth": lambda stage: _booth(stage),
    "create_kiosk_device": lambda stage: (
        stage.west,
        {"fair_id": _ladder(stage).fair()},
        {"name": "入口1号机"},
    ),
    "invite_to_fair": lambda stage: (
        stage.west,
        {"fair_id": _ladder(stage).fair(held_on="2021-10-08")},
        {"worker_ids": [stage.worker()]},
    ),
    "create_job_offer": lambda stage: (
        stage.west,
        {"worker_id": stage.worker()},
        {"rung": "market", "what": "某厂缝纫工", "answer": "refused", "reason": "family"},
    ),
    "create_public_post": lambda stage: (
        stage.west,
        {},
        {
            "worker_id": _ladder(stage).person(),
            "employer_id": _ladder(stage).keeper(),
            "post_kind": "保洁员",
            "cadre_relation": "none",
            "monthly_income": 600,
        },
    ),
    "create_station": lambda stage: (stage.west, {}, STATION),
    "create_station_visit": lambda stage: (
        stage.west,
        {"station_id": _ladder(stage).station()},
        {"employer_id": _ladder(stage).visited(), "found": "in_order", "people_seen": 12, "note": "正常"},
    ),
    "declare_public_post": lambda stage: (
        stage.west,
        {"spell_id": _ladder(stage).served()},
        {"cadre_relation": "none"},
    ),
    "end_station_staff": lambda stage: (
        stage.west,
        {"station_id": _ladder(stage).station()},
        {"username": "nobody"},
    ),
    "extend_public_post": lambda stage: (
        stage.west,
        {"spell_id": _ladder(stage).served()},
        {"until": "2024-06-30", "reason": "policy", "basis": "县人社发12号"},
    ),
    "withdraw_extension": lambda stage: (
        stage.west,
        {"spell_id": _ladder(stage).extended()},
        {"reason": "登记错了人"},
    ),
    "rate_workshop": lambda stage: (
        stage.west,
        {"employer_id": _ladder(stage).recognised()},
        {"year": 2021, "grade": "passed", "note": "良好"},
    ),
    "recognise_workshop": lambda stage: (
        stage.west,
        {"employer_id": _ladder(stage).workshop()},
        {"form": "plant", "basis": "8号文"},
    ),
    "revoke_workshop": lambda stage: (
        stage.west,
        {"employer_id": _ladder(stage).recognised()},
        {"reason": "停产半年"},
    ),
    "update_fair": lambda stage: (stage.west, {"fair_id": _ladder(stage).fair()}, {"employers": 32}),
    "update_station": lambda stage: (
        stage.west,
        {"station_id": _ladder(stage).station()},
        {"address": "金沙街道"},
    ),
}
"""By operation who sends it, what its address names, and a body that is carried out; given the stage of
`test_bad_commands`."""
