"""A fault of ours: the answer is a problem like any other, with the number under which it was logged."""

from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.asked import named


def test_a_fault_has_its_number_and_the_safe_headers(app: FastAPI) -> None:
    def fault() -> None:
        raise RuntimeError("某人的秘密")

    app.add_api_route("/v1/fault", fault)
    with capture_logs(processors=[named]) as logs:
        answer = TestClient(app, raise_server_exceptions=False).get("/v1/fault")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    [told] = [line for line in logs if line["event"] == "unhandled"]
    assert told["request_id"] == answer.headers["x-request-id"]
    assert "某人的秘密" not in answer.text + str(logs)
