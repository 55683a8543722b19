"""`./wengang up` as people start it: the story over REST, the ways it ends, and what it says when it cannot begin."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import Service, command, run, service

pytestmark = pytest.mark.server

CHINESE = re.compile("[一-龥]")


@pytest.fixture(scope="module")
def client(running: Service) -> Iterator[httpx.Client]:
    opened = running.client()
    yield opened
    opened.close()


def one_sentence(err: str) -> str:
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert CHINESE.search(lines[0])
    assert "Traceback" not in err
    return lines[0]


def postgres_of(folder: Path) -> int | None:
    """The process that serves the folder's database, if one does."""
    try:
        pid = int((folder / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        return pid if Path(f"/proc/{pid}/comm").read_text().strip() == "postgres" else None
    except OSError:
        return None


def without_work(client: httpx.Client, home: str = "") -> list[Any]:
    query = {"limit": 200} | ({"region": home} if home else {})
    workers = client.get("/v1/workers", params=query).json()["items"]
    return [worker for worker in workers if not worker["employed"]]


def counted(client: httpx.Client, target: int) -> frozenset[int]:
    """The persons behind a target's figure, page by page."""
    address = client.get(f"/v1/targets/{target}/progress").json()["links"]["started"]
    persons: list[int] = []
    query: dict[str, str | int] | None = {"limit": 200}
    while query is not None:
        page = client.get(address, params=query).json()
        persons += [item["worker"]["id"] for item in page["items"]]
        query = {"limit": 200, "cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert len(persons) == len(set(persons))
    return frozenset(persons)


def put_forward_and_start(
    client: httpx.Client, *, home: str = "", besides: frozenset[int] = frozenset()
) -> tuple[int, int]:
    """A person without work, of one home or any, begins at the best vacancy; worker and application."""
    for worker in without_work(client, home):
        if worker["id"] in besides:
            continue
        for match in client.get(f"/v1/workers/{worker['id']}/matches").json()["items"]:
            made = client.post(
                "/v1/applications", json={"worker_id": worker["id"], "vacancy_id": match["vacancy"]["id"]}
            )
            if made.status_code != 201:
                continue
            started = client.post(f"/v1/applications/{made.json()['id']}/start", json={})
            assert started.status_code == 200, started.text
            return worker["id"], made.json()["id"]
    raise AssertionError("nobody could start")


def test_it_says_where_and_how_to_get_in(running: Service) -> None:
    assert set(running.told) == {"url", "login_url", "username", "password"}
    assert httpx.get(f"{running.told['url']}/health", trust_env=False).json() == {"status": "ok"}
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        assert browser.get(running.told["login_url"]).status_code == 200
    assert "password" not in (running.folder / "service.log").read_text()


def test_the_targets_are_those_of_the_plans(client: httpx.Client) -> None:
    targets = client.get("/v1/targets", params={"limit": 200}).json()["items"]
    stated = {(target["region"]["code"], target["number"]) for target in targets}
    assert {("610728", 370), ("610728", 180), ("522300", 4200), ("522300", 350), ("610723", 1)} <= {
        (code.ljust(6, "0"), number) for code, number in stated
    }
    assert any(target["number"] is None for target in targets)


def test_the_story_over_rest(client: httpx.Client) -> None:
    targets = client.get("/v1/targets", params={"limit": 200}).json()["items"]
    # Every start of a person from 黔西南 counts for its plan, wherever the work is; a person counts once a year.
    target = next(item["id"] for item in targets if item["number"] == 4200)
    before = counted(client, target)
    assert client.get(f"/v1/targets/{target}/progress").json()["started"] == len(before)

    worker, _ = put_forward_and_start(client, home="5223", besides=before)

    assert counted(client, target) == before | {worker}
    assert client.get(f"/v1/targets/{target}/progress").json()["started"] == len(before) + 1
    spell = client.get("/v1/spells", params={"worker_id": worker}).json()["items"][0]
    back = client.get(f"/v1/vacancies/{spell['vacancy_id']}/matches").json()
    assert back["ranking_id"]
    assert worker not in [item["worker"]["id"] for item in back["items"]]
    assert all(CHINESE.search(reason["sentence"]) for item in back["items"] for reason in item["reasons"])


def test_ten_best_vacancies_with_reasons(client: httpx.Client) -> None:
    lists = [
        client.get(f"/v1/workers/{worker['id']}/matches", params={"limit": 10}).json()["items"]
        for worker in without_work(client)[:10]
    ]
    full = max(lists, key=len)
    assert full
    assert all(item["reasons"] for item in full)
    scores = [item["score"] for item in full]
    assert scores == sorted(scores, reverse=True)


def test_the_document_needs_no_other_host(running: Service) -> None:
    page = httpx.get(f"{running.told['url']}/docs", trust_env=False)
    assert page.status_code == 200
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)
    assert loaded
    for address in loaded:
        assert not re.match(r"(?:https?:)?//", address), address
        assert httpx.get(f"{running.told['url']}{address}", trust_env=False).status_code == 200


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run("up", "--port", str(port), folder=tmp_path)
    assert (code, out) == (1, "")
    assert str(port) in one_sentence(err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENGANG_ENVIRONMENT", "nowhere"),
        ("WENGANG_ENVIRONMENT", "production"),
        ("WENGANG_DEMO_SCALE", "many"),
        ("WENGANG_BUSINESS_DATE", "2021-13-44"),
        ("WENGANG_SECRET_KEY", "short"),
        ("WENGANG_DATABASE_URL", "postgresql://nobody@nowhere/none"),
        ("WENGANG_DATA_FOLDER", "/proc/nowhere"),
    ],
)
def test_wrong_settings_are_told_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    code, out, err = run("up", "--port", "0", "--json", folder=tmp_path, **{name: value})
    assert (code, out) == (1, "")
    assert value not in err or name == "WENGANG_DATA_FOLDER"
    one_sentence(err)


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody:secret@127.0.0.1:1/none"
    code, _, err = run(
        "up",
        "--port",
        "0",
        "--json",
        folder=tmp_path,
        WENGANG_DATABASE_URL=nowhere,
        WENGANG_OWNER_DATABASE_URL=nowhere,
    )
    assert code == 1
    assert "secret" not in one_sentence(err)


@pytest.mark.parametrize("words", [(), ("up",), ("import",), ("import", "postings")])
def test_every_level_explains_itself_in_chinese(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, _ = run(*words, "--help", folder=tmp_path)
    assert code == 0
    assert "用法" in out
    assert not re.search(r"Usage|Options|Commands|Arguments|Show this|default|required", out)
    if not words:
        for verb in ("up", "import", "test"):
            assert re.search(rf"│ {verb} +[^ ]*[一-龥]", out)


@pytest.mark.parametrize(
    "words",
    [
        ("frob",),
        ("up", "--port", "abc"),
        pytest.param(("up", "--port", "70000"), marks=pytest.mark.deep),
        pytest.param(("up", "--port"), marks=pytest.mark.deep),
        ("up", "--frob"),
        ("import", "postings"),
        pytest.param(("import", "postings", "a", "b"), marks=pytest.mark.deep),
        ("import", "postings", "a", "--as-of", "2015-02-30"),
    ],
)
def test_wrong_usage_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, err = run(*words, folder=tmp_path)
    assert (code, out) == (2, "")
    assert "--help" in one_sentence(err)


@pytest.mark.parametrize("stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.deep)])
def test_stopping_it_while_it_prepares_leaves_nothing_running(tmp_path: Path, stop: signal.Signals) -> None:
    process = command("up", "--port", "0", "--json", folder=tmp_path)
    while postgres_of(tmp_path) is None:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(stop)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    one_sentence(err)
    assert postgres_of(tmp_path) is None


def test_it_ends_cleanly_and_keeps_what_was_written(tmp_path: Path) -> None:
    with service(tmp_path) as first:
        with closing(first.client()) as client:
            started = put_forward_and_start(client)
        first.process.send_signal(signal.SIGTERM)
        out, err = first.process.communicate(timeout=60)
        assert (first.process.returncode, out, err) == (0, "", "")
        assert postgres_of(tmp_path) is None

    with service(tmp_path) as second:
        assert second.told["password"] == first.told["password"]
        with closing(second.client()) as client:
            kept(client, *started)
        second.process.send_signal(signal.SIGINT)
        second.process.communicate(timeout=60)
        assert second.process.returncode == 0
    assert postgres_of(tmp_path) is None


@pytest.mark.deep
def test_it_begins_again_after_a_power_cut_and_joins_a_database_that_was_left(tmp_path: Path) -> None:
    with service(tmp_path) as first:
        with closing(first.client()) as client:
            started = put_forward_and_start(client)
        database = postgres_of(tmp_path)
        assert database is not None
        # Everything at once, as when the power goes.
        os.kill(first.process.pid, signal.SIGKILL)
        os.kill(database, signal.SIGKILL)
        first.process.communicate(timeout=60)

    with service(tmp_path) as second:
        with closing(second.client()) as client:
            kept(client, *started)
        # The service alone is killed: its database stays, and the next one joins it.
        os.kill(second.process.pid, signal.SIGKILL)
        second.process.communicate(timeout=60)
    assert postgres_of(tmp_path) is not None

    with service(tmp_path) as third:
        with closing(third.client()) as client:
            kept(client, *started)
        third.process.send_signal(signal.SIGTERM)
        third.process.communicate(timeout=60)
    assert postgres_of(tmp_path) is None


def kept(client: httpx.Client, worker: int, application: int) -> None:
    found = client.get(f"/v1/applications/{application}").json()
    assert found["state"]["code"] == "started"
    spells = client.get("/v1/spells", params={"worker_id": worker}).json()["items"]
    assert found["vacancy_id"] in [spell["vacancy_id"] for spell in spells]
