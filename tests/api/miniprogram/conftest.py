"""A county with a mini-program, and somebody who holds a telephone."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.settings import Settings

from ..stand_in import APPID, SECRET, Fake, fake

__all__ = ["fake"]

TEMPLATES = {
    kind: {"id": f"t-{kind}", "page": "pages/notice", "fields": fields}
    for kind, fields in {
        "new_match": {"thing1": "post", "thing2": "employer", "thing3": "tip"},
        "interview": {"thing1": "post", "thing2": "employer", "phrase3": "state"},
        "offer": {"thing1": "post", "thing2": "employer", "phrase3": "state"},
        "start_date": {"thing1": "post", "date2": "day", "thing3": "place"},
        "follow_up": {"thing1": "employer", "date2": "day", "thing3": "tip"},
        "benefit_paid": {"thing1": "benefit", "amount2": "amount", "date3": "day"},
    }.items()
}
_keys = count(1)


@pytest.fixture
def settings(settings: Settings, fake: Fake) -> Settings:
    """The demonstration's, with a mini-program whose WeChat is the stand-in."""
    for template in TEMPLATES.values():
        fake.tell("templates", template_id=template["id"], fields=list(template["fields"]))
    return settings.model_copy(
        update={
            "wechat_url": fake.url,
            "wechat_appid": APPID,
            "wechat_secret": SecretStr(SECRET),
            "wechat_templates": TEMPLATES,
        }
    )


class Phone:
    """A telephone with WeChat, in somebody's hand."""

    def __init__(self, app: FastAPI, fake: Fake, number: str = "10000000001") -> None:
        self.fake, self.number = fake, number
        self.openid = fake.person(number)
        self.client = TestClient(app, follow_redirects=False)
        self.worker_id = 0

    def log_in(self) -> dict[str, Any]:
        told = made(self.client.post("/mp/v1/login", json={"code": self.fake.login_code(self.openid)}))
        self.client.headers["Authorization"] = f"Bearer {told['access_token']}"
        return told

    def post(self, path: str, body: Any = None, key: str | None = None, **told: Any) -> Any:
        headers = {"Idempotency-Key": key or f"k-{next(_keys)}"}
        if "files" in told or "data" in told:
            return self.client.post(f"/mp/v1{path}", headers=headers, **told)
        return self.client.post(f"/mp/v1{path}", json={} if body is None else body, headers=headers)

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"/mp/v1{path}", params=asked)

    def verify(self) -> None:
        made(self.post("/telephone", {"code": self.fake.phone_code(self.openid)}))

    def bind(self, person: dict[str, Any], number: str, **told: Any) -> dict[str, Any]:
        body = {"name": person["name"], "id_number": number} | told
        answer = made(self.post("/bindings", body))
        self.worker_id = answer["worker_id"] or 0
        return answer

    @property
    def mine(self) -> str:
        return f"/people/{self.worker_id}"


def made(answer: Any) -> Any:
    """The body of an answer that must be good."""
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


@pytest.fixture
def phone(app: FastAPI, fake: Fake) -> Callable[..., Phone]:
    """Makes telephones."""
    return lambda number="10000000001": Phone(app, fake, number)


class Someone:
    """A registered person, with her number and her telephone."""

    def __init__(self, row: dict[str, Any], number: str, phone: Phone) -> None:
        self.row, self.number, self.phone = row, number, phone


@pytest.fixture
def bound(world: Any, phone: Callable[..., Phone]) -> Callable[..., Someone]:
    """Makes people who are registered and bound by their own telephone."""

    def make(**changes: Any) -> Someone:
        body = world.bodies.worker(**changes)
        row = made(world.west.post("/v1/workers", json=body))
        holder = phone(body["phone"])
        holder.log_in()
        holder.verify()
        holder.bind(row, body["id_number"])
        return Someone(row, body["id_number"], holder)

    return make
