"""What a bureau has done in a county that was filled by the generator: done with many at once, paid, invited, planned.

The generator makes people, work and calls. Pages that show what a bureau did with them would be empty without these.
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Connection, text
from starlette.testclient import TestClient

from api.audit import record
from api.deps import act_as
from api.security import account_by_username
from api.worker.working import work_off

_LEAVES = "2021-10-08"
_MANY = 30
_NOUNS = ("contact", "employment_spell", "application", "worker", "support_task")


def do(client: TestClient, app: FastAPI, owner: Connection, county: str) -> None:
    """Thirty bulk actions with 200 people each, a fair with the invited, a batch of claims, a plan: by the REST door."""

    def sent(path: str, body: Any) -> Any:
        answer = client.post(path, json=body)
        if answer.status_code >= 400:
            raise RuntimeError(f"{path}: {answer.text}")
        return answer.json()

    def none(table: str) -> bool:
        return not owner.scalar(text(f"SELECT EXISTS (SELECT FROM {table})"))  # noqa: S608 - tables of ours

    people = list(
        owner.scalars(text("SELECT id FROM worker WHERE NOT restricted AND merged_into IS NULL ORDER BY id"))
    )
    if none("bulk_action"):
        told = {"kind": "follow_up", "due_on": "2021-09-30"}
        for at in range(_MANY):
            sent("/v1/bulk-actions", told | {"worker_ids": people[at * 200 : at * 200 + 200]})
    if none("fair_invitation"):
        fair = sent(
            "/v1/fairs", {"region": county, "name": "秋季专场", "kind": "special", "held_on": "2021-09-28"}
        )
        sent("/v1/bulk-actions", {"kind": "invite", "fair_id": fair["id"], "worker_ids": people[:200]})
    if none("claim_batch"):
        for row in client.get("/v1/benefits/unclaimed").json()["items"]:
            entitled = client.get(f"/v1/benefits/{row['benefit']['code']}/entitled?limit=200").json()["items"]
            if entitled:
                year = {"benefit": row["benefit"]["code"], "year": row["year"]}
                sent("/v1/claims", year | {"worker_ids": [each["worker"]["id"] for each in entitled]})
                break
    if none("match_plan"):
        out = owner.scalars(
            text("SELECT worker_id FROM work_intention WHERE wants = 'out' ORDER BY 1 LIMIT 500")
        )
        sent("/v1/match-plans", {"departs_on": _LEAVES, "worker_ids": list(out)})
        work_off(app.state.sessions, app.state.keyring, app.state.settings)


def changes(app: FastAPI, county: str, people: list[int]) -> Callable[[int], None]:
    """A command that leaves one row of the record behind, as any change of a person of the county does."""
    with app.state.sessions() as session, session.begin():
        account_id = account_by_username(session, "clerk") or 0

    def change(at: int) -> None:
        worker_id = people[at % len(people)]
        with app.state.sessions() as session, session.begin():
            act_as(session, account_id)
            noun = _NOUNS[at % len(_NOUNS)]
            record(session, "update", noun, worker_id, region=county, worker_id=worker_id)

    return change
