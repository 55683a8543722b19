"""Every list exports what it shows: each list page of the console has its file, with just its rows and columns."""

import csv
import html
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import SESSION_COOKIE, act_as
from api.pages import list_walking
from api.pages.list_catalogue import LISTS, OWN_FILE
from api.pages.list_reading import read_page
from api.pages.routing import PageRoute
from api.security import account_by_username, form_token, issue_token
from api.settings import Environment, Settings
from models.account import Account, AccountBinding, Role, TokenKind
from models.employer import Employer
from models.handed import HandedFile, HandedPerson
from models.record import AuditEvent
from models.sealing import Keyring

from .conftest import Visitor, World, made
from .test_ownership import numbers
from .test_row_security import Placed, guarded, placed

__all__ = ["guarded", "numbers", "placed"]
BY = {
    "/status": "warden", "/accounts": "warden", "/accounts/events": "warden", "/accounts/webhooks": "warden",
    "/accounts/webhooks/{webhook_id}": "warden", "/accounts/{account_id}": "warden", "/stations/visits-due": "station",
    "/stations/today": "station", "/stations/problems": "station", "/stations/firms/{employer_id}": "station",
    "/stations/people/{spell_id}/problem": "station",
}  # fmt: skip
"""Who may see a page that the county's clerk may not."""
FIRM = "factory"
"""The account of an employer, for whom there is a door of its own."""
NOT_TAKEN_ALONG = {"/stations/problems", "/stations/firms/{employer_id}"}
"""Lists that are seen by a station's staff, who may export nothing; who may besides, has them as files."""
NOT_HERE = {"/benefits/employers/{employer_id}", "/comparisons/{import_id}", "/workshops/{employer_id}"}
"""Lists of what another bureau keeps or nobody has here: neither the page nor the file is there."""
NOT_LISTS = {
    "/": "sums, each a link to its list",
    "/today": "sums, each a link to its list",
    "/accounts/{account_id}": "one account",
    "/applications/{application_id}": "one application and its steps",
    "/doubts": "sums by place and by rule, each a link to its list",
    "/employers/{employer_id}": "one employer",
    "/fairs/{fair_id}": "one fair",
    "/fairs/{fair_id}/board": "a board on the wall",
    "/frozen-reports/{frozen_id}": "one report; its workbook beside it",
    "/frozen-reports/{frozen_id}/print": "a paper",
    "/households/{household_id}": "one household",
    "/imports/list": "a part of /imports",
    "/match-plans/{match_plan_id}/persons/{worker_id}": "one person's choices",
    "/me": "one's own account",
    "/plans/{plan_id}": "one plan",
    "/ranking-models/{model_id}": "one model",
    "/employer/posts": "an employer's own posts, for its own account",
    "/employer/applicants": "an employer's own applicants: what it may take along is its roster",
    "/registers/files": "a part of /registers",
    "/registers/{code}/print": "a paper",
    "/status": "the state of the service",
    "/targets/{target_id}": "one target",
    "/vacancies/{vacancy_id}": "one post",
    "/workers/searches": "filters, each a link to its list",
    "/workers/{worker_id}": "one person",
    "/workers/{worker_id}/rights": "one person's rights",
    "/workers/{worker_id}/timeline": "one person's time",
    "/workshops/{employer_id}/print": "a paper",
}
"""Pages with a table that are no lists, and what they are."""


def who_sees(path: str) -> str:
    """The account by which a page is looked at."""
    own_door = path == "/employer" or path.startswith("/employer/")
    return BY.get(path, FIRM if own_door else "zhenba")


class Console:
    """Pages as several people see them, in a transaction that ends with the test."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self._known = app, dict[str, tuple[TestClient, str]]()

    def _as(self, who: str) -> tuple[TestClient, str]:
        if who not in self._known:
            with self.app.state.sessions() as session, session.begin():
                account_id = account_by_username(session, who) or 0
                act_as(session, account_id)
                token = issue_token(session, account_id, TokenKind.SESSION)
            client = TestClient(
                self.app,
                headers={"Accept": "text/html"},
                cookies={SESSION_COOKIE: token},
                follow_redirects=False,
            )
            self._known[who] = (client, form_token(token))
        return self._known[who]

    def get(self, who: str, path: str) -> Any:
        return self._as(who)[0].get(path)

    def file(self, who: str, address: str, **told: str) -> Any:
        client, token = self._as(who)
        given = {"form_token": token, "address": address, "reason": "核对", "format": "csv"} | told
        return client.post("/lists/file", data=given)


@pytest.fixture(scope="module")
def console(
    guarded: Engine, placed: Placed, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    with guarded.connect() as connection:
        outer = connection.begin()
        sessions = audited(sessions_of(connection, join_transaction_mode="create_savepoint"), keyring)
        with sessions() as session, session.begin():
            act_as(session, account_by_username(session, "zhenba") or 0)
            kept_by = session.get_one(Employer, placed.employer).kept_by or ""
            keeper = {"610728": "warden", "320612": "east-warden"}[kept_by]
            act_as(session, account_by_username(session, keeper) or 0)
            account = Account(username=FIRM, display_name="厂里的人", kept_by=kept_by)
            session.add(account)
            session.flush()
            session.add(
                AccountBinding(account_id=account.identity, role=Role.EMPLOYER, employer_id=placed.employer)
            )
        yield Console(create_app(settings, sessions=sessions, keyring=keyring))
        outer.rollback()


def page_routes(app: FastAPI) -> dict[str, APIRoute]:
    return {
        route.path: route
        for route in app.router.routes
        if isinstance(route, PageRoute) and "GET" in route.methods
    }


def filled(path: str, numbers: dict[str, Any]) -> str:
    if path.startswith("/benefits/{code}"):
        return "/benefits/demo_stay"
    if path.startswith("/registers/{code}"):
        return path.replace("{code}", "roster")
    known = numbers | {"export_id": 1, "job_id": 1}
    return re.sub(r"\{(\w+)\}", lambda found: str(known.get(found[1], 1)), path)


def test_every_list_page_is_in_the_catalogue(app: FastAPI) -> None:
    there = page_routes(app).keys()
    assert LISTS.keys() <= there and OWN_FILE.keys() <= there
    assert not LISTS.keys() & OWN_FILE.keys()


def test_a_page_with_rows_is_a_list_with_a_file_or_says_what_it_is(
    console: Console, numbers: dict[str, Any]
) -> None:
    undeclared = []
    for path in sorted(page_routes(console.app)):
        answer = console.get(who_sees(path), filled(path, numbers))
        assert answer.status_code != 403, (path, "no account is told that may see it")
        if answer.status_code != 200 or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if path in LISTS:
            offered = 'action="/lists/file"' in answer.text
            assert "data-list" not in answer.text or offered != (path in NOT_TAKEN_ALONG), path
        elif path not in OWN_FILE and path not in NOT_LISTS:
            rows = (
                '<table class="rows"' in answer.text
                or 'class="pager"' in answer.text
                or "data-list" in answer.text
            )
            undeclared += [path] if rows else []
    assert undeclared == []


def plain(page: str) -> str:
    """The words of a page without white space."""
    without = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", without)))


def test_the_file_has_the_rows_and_columns_of_the_page(console: Console, numbers: dict[str, Any]) -> None:
    with_rows = set()
    for path, listed in LISTS.items():
        who, address = who_sees(path), filled(path, numbers)
        page = console.get(who, address)
        if path in NOT_HERE:
            assert page.status_code == 404 == console.file(who, address).status_code, path
            continue
        assert page.status_code == 200, path
        if path in NOT_TAKEN_ALONG:
            assert console.file(who, address).status_code == 403, path
            continue
        answer = console.file(who, address)
        assert answer.status_code == 200, (path, answer.text[:2000])
        headings, *rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert headings[-1] == "测试数据"
        begun = page.text.find("data-list")
        if begun < 0:
            assert rows == [], path
            continue
        with_rows.add(path)
        shown = page.text[begun:]
        ends = min(
            (at for at in (shown.find('<nav class="pager"'), shown.find('<div class="pager"')) if at > 0),
            default=len(shown),
        )
        part = shown[:ends]
        if 'data-columns="' in part:
            count = len(re.findall(r"<\w+ data-row|\sdata-row[ >]", part))
        else:
            body = part[part.find("<tbody>") : part.rfind("</tbody>")]
            count = len(re.findall(r"<tr[ >]", body))
        # A page has its first lines, the file all of them.
        further = "data-next" in page.text
        assert len(rows) > count > 0 if further else len(rows) == count > 0, path
        words = plain(part)
        for row in rows[:count]:
            for cell in row[:-1]:
                for piece in re.split(r"[；\s]+", cell.lstrip("'").rstrip("\t")):
                    assert piece.replace(",", "") in words.replace(",", ""), (path, cell)
        for heading in headings[:-1]:
            assert heading.replace(" ", "") in plain(f"<p {shown[:ends]}").replace(" ", "") + part, (
                path,
                heading,
            )
        assert all(any(row[:-1]) for row in rows), path
        assert listed.title
    assert len(with_rows) > 15, sorted(LISTS.keys() - with_rows)


def test_what_is_to_be_pressed_is_no_part_of_a_row() -> None:
    page = """
    <table><thead><tr><th>别的</th></tr></thead><tbody><tr><td>不要</td></tr></tbody></table>
    <table class="rows" data-list><thead><tr><th><span class="out">选择</span></th><th>姓名</th><th class="n">人数</th><th>办理</th><th>情况</th></tr></thead>
    <tbody><tr><td><input name="a"></td><th><a href="/workers/7">王&amp;英</a> <span class="mark">测试数据</span></th><td class="n">1,234</td>
    <td><form><button>删除</button></form></td><td><ul><li>甲</li><li>乙</li></ul><details class="act"><summary>推荐</summary>做</details></td></tr>
    <tr><td></td><th>无名</th><td class="n">—</td><td></td><td>3人</td></tr></tbody></table>
    <table><tbody><tr><td>不要</td></tr></tbody></table>
    <nav class="pager"><span>共2人</span><a data-next href="/workers?q=a&amp;cursor=abc">下一页</a></nav>"""
    part = read_page(page)
    assert part.headings == ["姓名", "人数", "情况"]
    assert part.rows == [["王&英", 1234, "甲 乙"], ["无名", None, "3人"]]
    assert (part.people, part.marked) == ([{7}, set()], [True, False])
    assert (part.following, part.total) == ("abc", 2)


def test_a_list_of_many_pages_is_written_by_a_job(
    world: World,
    visitor: Callable[[str], Visitor],
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_walking, "AT_ONCE", 2)
    people = [world.worker(name=f"名单{at}", education="primary")["id"] for at in "甲乙丙丁戊"]
    world.worker(name="名单外", education="college")
    desk = visitor("zhenba")
    told = {"address": "/workers?education=primary&q=名单&cursor=", "format": "csv"}
    bare = desk.post("/lists/file", **told)
    assert bare.status_code == 422 and "用途" in bare.text
    page = desk.done("/lists/file", **told, reason="发村里核对")
    assert "劳动力" in page
    work()
    session = session_as("zhenba")
    [export] = session.connection().execute(text("SELECT id, rows, options, view FROM export")).all()
    assert export.rows == 5 and "address" not in export.options, "what was looked for is forgotten"
    answer = desk.client.get(f"/exports/{export.id}/file")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["姓名", "性别", "年龄"] and {row[0] for row in rows[1:]} == {
        f"名单{at}" for at in "甲乙丙丁戊"
    }
    handed = session.exec(select(HandedFile)).one()
    assert handed.reason == "发村里核对" and handed.export_id == export.id
    assert set(session.exec(select(HandedPerson.worker_id))) == set(people)


def test_who_may_have_a_list_and_that_it_is_on_record(
    world: World, visitor: Callable[[str], Visitor], session_as: Callable[[str], Session], west: TestClient
) -> None:
    person = world.worker(name="在名单")["id"]
    world.vacancy()
    auditor, desk = visitor("auditor"), visitor("zhenba")
    assert 'action="/lists/file"' not in auditor.get("/workers")
    refused = auditor.post("/lists/file", address="/workers", reason="看看")
    assert refused.status_code == 403
    assert auditor.post("/lists/file", address="/vacancies").status_code == 200, "posts are no people"
    for nowhere in ("/", "/workers/1", "//evil.example/workers", "/v1/workers", "nonsense", "/doubts/list"):
        assert desk.post("/lists/file", address=nowhere, reason="核对").status_code == 404, nowhere
    wrong = desk.post("/lists/file", address="/workers?wants=nowhere", reason="核对")
    assert wrong.status_code == 422
    answer = desk.post("/lists/file", address="/workers?q=在名单", reason="核对")
    assert answer.content.startswith(b"PK") and "attachment" in answer.headers["content-disposition"]
    session = session_as("zhenba")
    event = session.exec(
        select(AuditEvent).where(AuditEvent.noun == "list").order_by(AuditEvent.id.desc())
    ).first()  # type: ignore[union-attr]
    assert event is not None and event.action == "export"
    assert event.change == {"list": "/workers", "rows": 1, "as": "xlsx"}, "without whom was looked for"
    assert session.exec(select(HandedPerson.worker_id)).all() == [person]


def test_whose_data_is_only_stored_is_in_no_file(
    world: World, visitor: Callable[[str], Visitor], west: TestClient, connection: Connection
) -> None:
    kept, gone = world.worker(name="留下的"), world.worker(name="只存的")
    for each in (kept, gone):
        made(
            west.post(
                f"/v1/workers/{each['id']}/review-requests", json={"about": "ranking", "wish": "请人来看"}
            )
        )
    made(west.post(f"/v1/workers/{gone['id']}/consents/withdraw", json={"purpose": "service"}))
    desk = visitor("zhenba")
    assert "只存的" in desk.get("/reviews"), "her own request is still to be answered"
    told = desk.post("/lists/file", address="/reviews", reason="核对", format="csv").content.decode()
    assert "留下的" in told and "只存的" not in told
    refused = desk.post("/lists/file", address=f"/workers/{gone['id']}/history", reason="核对")
    assert refused.status_code == 409
