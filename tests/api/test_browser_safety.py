"""What protects those who use a browser: forms of other sites do nothing, no page runs a script of its own, and every
answer carries the headers that say so."""

import csv
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api.deps import SESSION_COOKIE
from api.security import form_token

WITHOUT_SESSION = {"/login", "/login/code", "/login/{token}", "/invitation/{code}"}
"""Where there is no session yet whose token a form could carry: there the browser says from which site a form comes."""
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*["']|javascript:|<iframe|<object|<embed""",
    re.IGNORECASE,
)


def pages(app: FastAPI, *methods: str) -> Iterator[tuple[str, str]]:
    """Every route that is no part of the REST document: its method and its address, all numbers 1."""
    for route in app.routes:
        if isinstance(route, APIRoute) and not route.include_in_schema:
            for method in sorted(route.methods & set(methods)):
                yield method, route.path


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_every_form_wants_the_token_of_its_own_session(
    app: FastAPI, visitor: Callable[[str], Any], pytestconfig: pytest.Config
) -> None:
    clerk, other = visitor("zhenba"), visitor("yangxian")
    wrong, tried = {}, 0
    every: list[dict[str, str]] = [{"form_token": other.token}, {}, {"form_token": ""}]
    for place, (method, path) in enumerate(pages(app, "POST", "PUT", "PATCH", "DELETE")):
        for sent in every if pytestconfig.getoption("--deep") else [every[place % 3]]:
            elsewhere = {"Sec-Fetch-Site": "cross-site"} if path in WITHOUT_SESSION else {}
            answer = clerk.client.request(method, filled(path), data=sent, headers=elsewhere)
            tried += 1
            if answer.status_code != 403 or ("页面已过期" in answer.text) == (path in WITHOUT_SESSION):
                wrong[path] = answer.status_code
    assert wrong == {}
    assert tried > 100


def test_a_token_of_a_form_is_worth_nothing_without_its_cookie(
    app: FastAPI, visitor: Callable[[str], Any]
) -> None:
    clerk = visitor("zhenba")
    stranger = TestClient(app, follow_redirects=False, headers={"Accept": "text/html"})
    answer = stranger.post("/workers", data={"name": "甲", "form_token": clerk.token})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/login")
    session = clerk.client.cookies[SESSION_COOKIE]
    assert form_token(session) == clerk.token and session not in clerk.token


def policy(answer: Any) -> dict[str, list[str]]:
    told = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in told}


def test_every_answer_is_safe_in_a_browser(
    app: FastAPI, visitor: Callable[[str], Any], anonymous: TestClient
) -> None:
    seen = 0
    clerk, warden = visitor("zhenba").client, visitor("warden").client
    for mine in (True, False):
        for _, path in pages(app, "GET"):
            client = (warden if path.startswith(("/accounts", "/status")) else clerk) if mine else anonymous
            answer = client.get(filled(path), headers={"Origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.startswith("access-control-")], path
            if answer.headers.get("content-type", "").startswith("text/"):
                assert "charset=utf-8" in answer.headers["content-type"], path
            assert answer.status_code < 500 or path == "/ready", path
            for name, value in HEADERS.items():
                assert answer.headers[name] == value, (path, name)
            assert answer.headers["cache-control"] == "no-store" and "server" not in answer.headers
            allowed = policy(answer)
            scripts = allowed.get("script-src", allowed["default-src"])
            assert "'unsafe-inline'" not in scripts and "'unsafe-eval'" not in scripts, path
            assert allowed["frame-ancestors"] == allowed["object-src"] == allowed["base-uri"] == ["'none'"]
            if path not in ("/docs", "/mp/docs"):
                assert scripts == ["'self'"] and not INLINE.search(answer.text), path
            seen += 1
    assert seen > 200
    for answer in (
        anonymous.get("/static/console.css"),
        anonymous.get("/v1/nowhere"),
        anonymous.put("/login"),
    ):
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "script-src" not in policy(answer)


def test_no_template_brings_a_script_of_its_own() -> None:
    templates = list((Path(__file__).parents[2] / "api" / "pages" / "templates").glob("*.html"))
    assert len(templates) > 80
    assert {file.name for file in templates if INLINE.search(file.read_text(encoding="utf-8"))} == set()
    # What is not escaped is written in the template itself.
    unescaped = re.compile(r"""[^"'\s]\s*\|\s*safe""")
    assert {file.name for file in templates if unescaped.search(file.read_text(encoding="utf-8"))} == set()


def test_over_a_safe_line_it_stays_one(app: FastAPI) -> None:
    over = TestClient(app, base_url="https://wengang.example")
    assert int(over.get("/login").headers["strict-transport-security"].partition("=")[2]) >= 15_552_000
    answer = over.post(
        "/login", data={"username": "zhenba", "password": "right-horse-battery"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert "strict-transport-security" not in TestClient(app).get("/login").headers


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", ""]
)
def test_after_logging_in_one_stays_here(anonymous: TestClient, where: str) -> None:
    told = {"username": "zhenba", "password": "right-horse-battery", "next": where}
    assert anonymous.post("/login", data=told).headers["location"] == "/"


FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1", "=cmd|' /C calc'!A0")


def test_no_table_that_leaves_holds_a_formula(world: Any, west: TestClient, east: TestClient) -> None:
    for formula in FORMULAS:
        employer = east.post("/v1/employers", json=world.bodies.employer(name=f"{formula}厂"))
        told = world.bodies.vacancy(employer.json().get("id", 1), title=formula)
        assert {employer.status_code, east.post("/v1/vacancies", json=told).status_code} <= {201, 422}
        household = west.post("/v1/households", json=world.bodies.household(number=formula))
        assert household.status_code in (201, 409, 422)
    found = ""
    for client, noun in (
        (west, "workers"),
        (west, "households"),
        (east, "vacancies"),
        (west, "applications"),
    ):
        table = client.get(f"/v1/{noun}", headers={"Accept": "text/csv"})
        assert table.status_code == 200, noun
        rows = list(csv.reader(StringIO(table.text.removeprefix("\ufeff"))))
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r", "-1+"))], noun
        found += table.text
    for formula in ("=1+1", "+1+1", "-1+1", "@SUM(A1)"):
        assert f"'{formula}" in found
