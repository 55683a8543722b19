"""The log: every line with the number of its request and who asked, errors by kind and place, never in their own words."""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.cli.log import WithoutErrorWords, end_without_words, log_to
from api.jobs.running import enqueue

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    """The service's own log, as it is written to its file; the lines since the last look."""
    file = tmp_path / "service.log"
    names = [logging.getLogger(name) for name in ("wengang", "uvicorn")]
    before = [(list(each.handlers), each.level, each.propagate) for each in names]
    log_to(file)
    seen = 0

    def new() -> list[dict[str, Any]]:
        nonlocal seen
        told = file.read_text(encoding="utf-8").splitlines()[seen:]
        seen += len(told)
        return [json.loads(line) for line in told]

    yield new
    structlog.reset_defaults()
    for logger, (handlers, level, propagate) in zip(names, before, strict=True):
        for handler in set(logger.handlers) - set(handlers):
            handler.close()
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def account_of(session: Session) -> int:
    return int(session.connection().scalar(text("SELECT app_account()")))


def test_a_line_says_which_request_and_who_asked(
    lines: Lines, west: TestClient, anonymous: TestClient, session_as: Callable[[str], Session]
) -> None:
    account = account_of(session_as("zhenba"))
    lines()
    answer = west.get("/v1/workers", params={"q": "某人的名字"})
    [line] = lines()
    assert line["request_id"] == answer.headers["X-Request-Id"] and line["account_id"] == account
    assert (line["event"], line["route"], line["status"]) == ("request", "/v1/workers", 200)
    assert set(line) == {
        "event",
        "level",
        "timestamp",
        "request_id",
        "account_id",
        "method",
        "route",
        "status",
        "ms",
    }
    answer = anonymous.get("/v1/workers/110101199003070000")
    [line] = lines()
    assert line["request_id"] == answer.headers["X-Request-Id"] and "account_id" not in line
    assert "110101199003070000" not in str(line)


def test_a_refusal_names_the_request_under_which_it_was_logged(
    lines: Lines, app: FastAPI, west: TestClient, anonymous: TestClient
) -> None:
    def fault() -> None:
        raise RuntimeError("某人的秘密")

    app.add_api_route("/v1/fault", fault)
    quiet = TestClient(app, raise_server_exceptions=False)
    lines()
    for ask in (
        lambda: anonymous.get("/v1/workers"),
        lambda: west.get("/v1/workers/999"),
        lambda: west.post("/v1/workers", json={}),
        lambda: west.post("/v1/workers", content=b"x" * (33 << 20)),
        lambda: west.get("/v1/nowhere"),
        lambda: quiet.get("/v1/fault"),
    ):
        answer = ask()
        told = lines()
        assert answer.is_error
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
        assert {line["request_id"] for line in told} == {answer.headers["X-Request-Id"]}
    assert [line["event"] for line in told] == ["unhandled", "request"]
    assert told[0]["error"] == "RuntimeError" and "秘密" not in str(told)


def test_a_job_s_lines_name_the_job_and_its_account(
    lines: Lines, session_as: Callable[[str], Session], work: Callable[[], int]
) -> None:
    session = session_as("zhenba")
    job = enqueue(session, account_of(session), "export", {"register": 1})
    session.flush()
    number, account = job.id, job.account_id
    lines()
    assert work() == 1
    [line] = lines()
    assert (line["event"], line["request_id"], line["account_id"]) == ("job_failed", f"job-{number}", account)


def test_a_thread_that_dies_is_told_of_in_the_log_and_nowhere_else(
    lines: Lines, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for hook, home in (("excepthook", threading), ("unraisablehook", sys)):
        monkeypatch.setattr(home, hook, getattr(home, hook))
    end_without_words()

    def fails() -> None:
        raise ValueError("某人的秘密")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    [line] = lines()
    assert line["event"] == "died" and line["error"][0] == "ValueError"
    assert "秘密" not in str(line) + "".join(capfd.readouterr())


def test_an_error_s_words_stay_out_of_the_log() -> None:
    typed = "9901" + "01198003151248x"
    try:
        int(typed)
    except ValueError:
        told = WithoutErrorWords().format(
            logging.LogRecord("x", logging.ERROR, "", 0, "出错", None, sys.exc_info())
        )
    assert "ValueError" in told
    assert "test_service_log.py" in told
    assert typed not in told
