"""Figures for Prometheus: by route's template and by kind of job, for this machine and for keys that are for it."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions
from api.jobs.running import enqueue
from api.observing.requests import SHARED_FOLDER
from api.settings import ROOT, Environment

from .conftest import made

Told = dict[tuple[str, frozenset[tuple[str, str]]], float]
HERE = ("127.0.0.1", 50000)


def figures(client: TestClient) -> Told:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(told: Told, metric: str, **labels: str) -> float:
    return told.get((metric, frozenset(labels.items())), 0.0)


@pytest.fixture
def here(app: FastAPI) -> TestClient:
    return TestClient(app, client=HERE)


def test_a_route_is_counted_by_its_template(here: TestClient, west: TestClient, world: Any) -> None:
    worker = world.worker()["id"]
    before = figures(here)
    for _ in range(3):
        west.get(f"/v1/workers/{worker}")
    west.get("/v1/workers/999999")
    west.get("/no-such-page/110101199003070000")
    west.request("STEAL110101199003070000", "/v1/workers")
    after = figures(here)

    def more(status: str, route: str, method: str = "GET") -> float:
        labels = {"method": method, "route": route, "status": status}
        return of(after, "wengang_http_requests_total", **labels) - of(
            before, "wengang_http_requests_total", **labels
        )

    route = "/v1/workers/{worker_id}"
    assert (more("200", route), more("404", route), more("404", "none")) == (3, 1, 1)
    assert more("405", "/v1/workers", "other") + more("405", "none", "other") == 1
    took = {"method": "GET", "route": route}
    assert (
        of(after, "wengang_http_request_seconds_count", **took)
        - of(before, "wengang_http_request_seconds_count", **took)
        == 4
    )
    assert of(after, "wengang_http_requests_at_work") == 1, "the one that asks"
    labels = {value for _, told in after for _, value in told}
    assert not any(str(worker) == value or "110101199003070000" in value for value in labels)


def test_jobs_are_counted_by_kind_over_all_regions(
    here: TestClient, session_as: Callable[[str], Session], work: Callable[[], int]
) -> None:
    before = figures(here)
    session = session_as("zhenba")
    account = session.connection().scalar(text("SELECT app_account()"))
    for kind, argument in (
        ("doubts", {"region": "610728"}),
        ("export", {}),
        ("doubts", {"region": "610728"}),
    ):
        enqueue(session, account, kind, argument)
    session.flush()
    waiting = figures(here)
    assert of(waiting, "wengang_jobs", kind="doubts", state="queued") == 2
    assert of(waiting, "wengang_jobs", kind="export", state="queued") == 1
    assert of(waiting, "wengang_job_oldest_queued_seconds", kind="doubts") > 0
    assert work() == 3
    told = figures(here)
    assert of(told, "wengang_jobs", kind="doubts", state="queued") == 0
    for kind, state, count in (("doubts", "done", 2), ("export", "failed", 1)):
        labels = {"kind": kind, "state": state}
        assert (
            of(told, "wengang_jobs_ended_total", **labels) - of(before, "wengang_jobs_ended_total", **labels)
            == count
        )
    assert of(told, "wengang_job_seconds_count", kind="doubts") == 2
    assert of(told, "wengang_job_seconds_bucket", kind="doubts", le="+Inf") == 2
    assert 0 < of(told, "wengang_job_seconds_sum", kind="doubts") < 60


def keyed(app: FastAPI, clerk: TestClient, *areas: str) -> TestClient:
    told = {
        "name": "监控",
        "areas": list(areas),
        "read_only": True,
        "days": 30,
        "password": "right-horse-battery",
    }
    key = made(clerk.post("/v1/me/keys", json=told))["key"]
    return TestClient(app, headers={"Authorization": f"Bearer {key}"}, client=("10.0.0.9", 1))


def test_from_elsewhere_only_by_a_key_that_is_for_it(
    app: FastAPI, clerk: Callable[[str], TestClient]
) -> None:
    elsewhere = TestClient(app, client=("10.0.0.9", 1))
    assert elsewhere.get("/metrics").status_code == 401
    warden, west = clerk("warden"), clerk("zhenba")
    assert keyed(app, warden, "monitoring").get("/metrics").status_code == 200
    for client in (keyed(app, warden, "ledger"), keyed(app, west, "monitoring"), west):
        answer = client.get("/metrics")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert keyed(app, warden, "monitoring").get("/v1/workers").status_code == 403
    app.state.settings = app.state.settings.model_copy(update={"environment": Environment.PRODUCTION})
    answer = keyed(app, warden, "monitoring").get("/metrics")
    assert answer.status_code == 403, "in production an administrator's rights wait for the second factor"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_does_not_come_from_here(app: FastAPI, header: str) -> None:
    assert TestClient(app, client=("::1", 1)).get("/metrics").status_code == 200
    passed_on = TestClient(app, client=HERE, headers={header: "127.0.0.1"})
    assert passed_on.get("/metrics").status_code == 401


_COUNTS = """
from api.observing import requests
for number in range(3):
    requests.began()
    requests.ended("GET", "/v1/workers", 200, 0.2)
"""


def test_of_several_processes_at_one_address_each_tells_of_all(tmp_path: Any, sessions: Sessions) -> None:
    environment = os.environ | {SHARED_FOLDER: str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(*more: str) -> str:
        command = [sys.executable, "-P", "-c", "\n".join((_COUNTS, *more))]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    assert run() == ""
    told = run("print(requests.told().decode())")
    assert 'wengang_http_requests_total{method="GET",route="/v1/workers",status="200"} 6.0' in told
    assert 'wengang_http_request_seconds_count{method="GET",route="/v1/workers"} 6.0' in told
