"""A fair with booths, invited people, and devices that stand in for the browser's."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.fairs.codes import CARD, SECRET, card_name, opened_card
from api.fairs.envelopes import context, from_text, seal_envelope, to_text
from ledger.history import person_keys
from models.kiosk import FairInvitation
from models.sealing import Keyring, unseal

from .conftest import World, made

FAIR_DAY = "2021-09-20"
MORNING = datetime(2021, 9, 20, 1, 0, tzinfo=UTC)


class Kiosk:
    """A device: it seals what is said, and sends it."""

    def __init__(self, client: TestClient, told: dict[str, Any]) -> None:
        self.client, self.told = client, told
        self.client.headers["Authorization"] = f"Bearer {told['token']}"
        self.clock, self.tickets = MORNING, 0

    def command(self, kind: str, *, key: str | None = None, **said: Any) -> tuple[str, dict[str, str]]:
        """A key and a body."""
        self.clock += timedelta(seconds=10)
        content = {"kind": kind, "at": self.clock.isoformat()} | said
        key = key or str(uuid4())
        sealed = seal_envelope(
            from_text(self.told["public_key"]),
            json.dumps(content).encode(),
            context(self.told["device_id"], key),
            secrets.token_bytes(12),
        )
        return key, {"sealed": to_text(sealed)}

    def send(self, command: tuple[str, dict[str, str]]) -> Any:
        key, body = command
        return self.client.post("/kiosk/v1/commands", json=body, headers={"Idempotency-Key": key})

    def say(self, kind: str, **said: Any) -> dict[str, Any]:
        return made(self.send(self.command(kind, **said)))

    def ticket(self) -> str:
        self.tickets += 1
        return f"{self.told['letter']}{self.tickets:02d}"

    def bundle(self) -> dict[str, Any]:
        return made(self.client.get("/kiosk/v1/bundle")) | made(self.client.get("/kiosk/v1/cards"))


class FairDay:
    """A fair of 镇巴 on the business date."""

    def __init__(self, world: World, app: Any, work: Callable[[], int]) -> None:
        self.world, self.app, self.work = world, app, work
        self.west = world.west
        told = {
            "region": "610728",
            "name": "秋季专场",
            "kind": "special",
            "held_on": FAIR_DAY,
            "place": "县体育馆",
        }
        self.fair: int = made(self.west.post("/v1/fairs", json=told))["id"]
        self.path = f"/v1/fairs/{self.fair}"

    def booth(self, number: str, *posts: dict[str, Any]) -> dict[str, Any]:
        """A booth of a new employer with these posts."""
        employer = made(
            self.world.east.post("/v1/employers", json=self.world.bodies.employer(name=f"测试{number}号厂"))
        )
        ids = []
        for post in posts or ({},):
            body = self.world.bodies.vacancy(employer["id"], **post)
            vacancy = made(self.world.east.post("/v1/vacancies", json=body))
            made(self.world.east.post(f"/v1/vacancies/{vacancy['id']}/publish"))
            ids.append(vacancy["id"])
        told = {"number": number, "employer_id": employer["id"], "vacancy_ids": ids}
        return made(self.west.post(f"{self.path}/booths", json=told))

    def invite(self, *workers: int) -> None:
        """Ask these people to come, and have their cards made."""
        made(self.west.post(f"{self.path}/invitations", json={"worker_ids": list(workers)}))
        self.work()

    def kiosk(self, name: str = "1号机") -> Kiosk:
        """A device that is enrolled."""
        code = made(self.west.post(f"{self.path}/devices", json={"name": name}))["code"]
        client = TestClient(self.app, follow_redirects=False)
        return Kiosk(client, made(client.post("/kiosk/v1/enrol", json={"code": code})))

    def board(self) -> dict[str, Any]:
        return made(self.west.get(f"{self.path}/board"))

    def visits(self, **asked: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = made(self.west.get(f"{self.path}/visits", params=asked))["items"]
        return items

    def settle(self) -> dict[str, Any]:
        """What the job after the fair came to."""
        job = made(self.west.post(f"{self.path}/settle"))
        self.work()
        done = made(self.west.get(f"/v1/jobs/{job['id']}"))
        assert done["state"]["code"] == "done", done
        result: dict[str, Any] = done["result"]
        return result


def secret_of(session: Session, keyring: Keyring, worker_id: int) -> bytes:
    """What stands in somebody's QR code."""
    row = session.exec(select(FairInvitation).where(FairInvitation.worker_id == worker_id)).all()[-1]
    return unseal(person_keys(session, keyring, [worker_id])[worker_id], row.secret_sealed, SECRET)


def card_of(kiosk: Kiosk, secret: bytes) -> dict[str, Any]:
    """The card that a code opens, of all that the device holds."""
    wanted = to_text(card_name(secret))
    [sealed] = [card["sealed"] for card in kiosk.bundle()["cards"] if card["name"] == wanted]
    return opened_card(secret, from_text(sealed))


__all__ = ["CARD", "FAIR_DAY", "FairDay", "Kiosk", "card_of", "secret_of"]
