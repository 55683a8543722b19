"""The door's own document: whole, with examples that its routes take, and in no other."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from ..stand_in import Fake
from .conftest import Phone, Someone, made


def document(anonymous: TestClient) -> dict[str, Any]:
    return dict(made(anonymous.get("/mp/v1/openapi.json")))


def test_every_command_takes_a_key_and_every_error_is_listed(anonymous: TestClient) -> None:
    told = document(anonymous)
    assert told["openapi"].startswith("3.1")
    operations = [
        (path, method, operation)
        for path, item in told["paths"].items()
        for method, operation in item.items()
    ]
    assert len(operations) > 25
    assert all(path.startswith("/mp/v1/") for path, _, _ in operations)
    without = {
        operation["operationId"]
        for _, method, operation in operations
        if method == "post"
        and not any(
            each["name"] == "Idempotency-Key" and each["required"] for each in operation.get("parameters", ())
        )
    }
    assert without == {"mp_log_in", "mp_log_out"}
    for _, _, operation in operations:
        assert {"401", "404", "422", "503"} <= set(operation["responses"]), operation["operationId"]
        assert operation["operationId"].startswith("mp_")


def test_every_body_has_an_example_that_its_route_takes(
    anonymous: TestClient, bound: Callable[..., Someone], phone: Callable[..., Phone], fake: Fake
) -> None:
    told, mine = document(anonymous), bound().phone
    tried = 0
    for path, item in told["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None or operation["operationId"] in ("mp_log_in", "mp_create_telephone"):
                continue
            example = told["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]["example"]
            filled = path.format(worker_id=mine.worker_id, application_id=1, purpose="messages")
            answer = mine.client.request(
                method, filled, json=example, headers={"Idempotency-Key": f"e-{tried}"}
            )
            missing = [] if answer.status_code != 422 else answer.json()["errors"]
            assert not missing, (path, answer.text)
            tried += 1
    assert tried > 10


def test_it_is_read_without_the_internet(anonymous: TestClient, app: FastAPI) -> None:
    page = anonymous.get("/mp/docs")
    assert page.status_code == 200
    assert "/mp/v1/openapi.json" in page.text
    assert "https://" not in page.text
    assert not [path for path in app.openapi()["paths"] if path.startswith("/mp/")]
