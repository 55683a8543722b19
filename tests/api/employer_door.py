"""An employer with an account of its own: a sewing factory of the eastern district."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions
from models.account import Account, AccountBinding, Role

from .conftest import World, client_of, made

POST = {
    "title": "平车工",
    "region": "320612",
    "seats": 2,
    "pay_min": 4500,
    "pay_max": 6500,
    "valid_until": "2021-12-31",
    "text": "负责家纺产品平车缝制，计件工资，包住。",
}
"""What the factory looks for."""


@dataclass
class Factory:
    """One employer, its account at its own door, and the world around it."""

    world: World
    number: int
    username: str
    client: TestClient

    def get(self, path: str, **asked: Any) -> Any:
        """What its door answers."""
        return made(self.client.get(f"/employer/v1{path}", params=asked))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """The answer to a command."""
        return self.client.post(f"/employer/v1{path}", **({} if body is None else {"json": body}), **more)

    def vacancy(self, **changes: Any) -> dict[str, Any]:
        """A post that it has published itself."""
        post = made(self.post("/vacancies", POST | changes))
        return made(self.post(f"/vacancies/{post['id']}/publish"))

    def applicant(self, vacancy_id: int | None = None, **changes: Any) -> dict[str, Any]:
        """Somebody whom the western county puts forward."""
        post = vacancy_id or self.vacancy()["id"]
        worker = self.world.worker(**changes)["id"]
        told = {"worker_id": worker, "vacancy_id": post}
        return made(self.world.west.post("/v1/applications", json=told))

    def hand(self, started_on: str = "2021-09-10", **changes: Any) -> dict[str, Any]:
        """Somebody who has begun there."""
        post = self.vacancy(valid_from="2021-01-01", seats=50)["id"]
        application = self.applicant(post, **changes)
        begun = {"started_on": started_on}
        return made(self.world.west.post(f"/v1/applications/{application['id']}/start", json=begun))


def factories(
    app: FastAPI, sessions: Sessions, world: World, session_as: Callable[[str], Session]
) -> Callable[..., Factory]:
    """Makes employers, each with an account."""

    def make(username: str = "chang", name: str = "测试缝纫厂") -> Factory:
        number = made(world.east.post("/v1/employers", json=world.bodies.employer(name=name)))["id"]
        session = session_as("east-warden")
        account = Account(username=username, display_name="厂里的人", kept_by="320612")
        session.add(account)
        session.flush()
        session.add(AccountBinding(account_id=account.identity, role=Role.EMPLOYER, employer_id=number))
        session.commit()
        return Factory(world, number, username, client_of(app, sessions, username))

    return make
