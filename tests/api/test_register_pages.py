"""报表, 输送批次 and 培训班 in the console: look, download, print, tick people onto a list."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.database import Sessions
from api.deps import SESSION_COOKIE, act_as
from api.security import account_by_username, form_token, issue_token
from api.worker.working import work_off
from models.account import TokenKind

HTML = {"Accept": "text/html"}


class Visitor:
    """Somebody at the console."""

    def __init__(self, app: FastAPI, sessions: Sessions, username: str) -> None:
        with sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.SESSION)
        self.client = TestClient(app, follow_redirects=True, headers=HTML, cookies={SESSION_COOKIE: token})
        self._form_token = form_token(token)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data={"form_token": self._form_token} | fields)


@pytest.fixture
def visitor(app: FastAPI, sessions: Sessions) -> Callable[[str], Visitor]:
    return lambda username: Visitor(app, sessions, username)


@pytest.fixture
def desk(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("zhenba")


@pytest.fixture
def person(world: Any) -> dict[str, Any]:
    household = world.household(hardship=[{"category": "relieved", "from_on": "2016-01-01"}])
    return dict(world.worker(name="报表甲", phone="10000000078", household_id=household["id"]))


def test_every_register_has_a_page_and_says_where_it_stands(desk: Visitor, person: dict[str, Any]) -> None:
    overview = desk.get("/registers").text
    codes = sorted(set(re.findall(r'href="/registers/([a-z-]+)"', overview)))
    assert len(codes) == 12
    for code in codes:
        answer = desk.get(f"/registers/{code}")
        assert answer.status_code == 200, code
        assert "截至" in answer.text or code == "batch"
    shown = desk.get("/registers/relieved?region=610728001").text
    assert "共<b>1</b>人" in shown and "报表甲" in shown
    assert "100****0078" in shown and "10000000078" not in shown


def test_a_file_from_the_page(
    app: FastAPI, desk: Visitor, visitor: Callable[[str], Visitor], person: dict[str, Any]
) -> None:
    page = desk.post("/registers/relieved/export", region="610728")
    assert "已开始做文件" in page.text and "排队中" in page.text
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    part = desk.get("/registers/files").text
    [path] = re.findall(r'href="(/exports/\d+/file)"', part)
    assert "可以下载" in part and "hx-trigger" not in part
    assert desk.get(path).content[:2] == b"PK"

    kept = desk.post("/registers/relieved/export", region="610728", whole="yes", reason="  ")
    assert kept.status_code == 422 and "用途" in kept.text
    assert visitor("auditor").post("/registers/relieved/export").status_code == 403
    assert "下载" not in visitor("auditor").get("/registers/relieved").text


def test_a_register_on_paper(desk: Visitor, person: dict[str, Any]) -> None:
    page = desk.get("/registers/relieved/print?region=610728001").text
    assert "填报人" in page and "审核人" in page and "盖章" in page
    assert "共1人" in page and "报表甲" in page and "100****0078" in page
    assert desk.get("/registers/away/print").status_code == 422


def test_what_cannot_be_asked_is_told_on_the_page(desk: Visitor) -> None:
    for path in (
        "/registers/relieved?region=610723",
        "/registers/relieved?region=99",
        "/registers/relieved?as_of=x",
        "/registers/away?period=2021-99",
    ):
        answer = desk.get(path)
        assert answer.status_code in (403, 422), path
        assert 'role="alert"' in answer.text


def test_a_batch_from_the_form_to_the_list(desk: Visitor, world: Any, person: dict[str, Any]) -> None:
    assert "新建批次" in desk.get("/dispatches").text
    refused = desk.post("/dispatches", region="610728", name="第一批", departs_on="x")
    assert refused.status_code == 422 and 'value="第一批"' in refused.text
    page = desk.post("/dispatches", region="610728", name="第一批", departs_on="2021-09-25")
    assert "名单上<b>0</b>人" in page.text
    path = page.url.path
    found = desk.get(f"{path}?q=报表甲").text
    assert f'name="worker" value="{person["id"]}"' in found
    page = desk.post(f"{path}/members", worker=[person["id"]])
    assert "名单上<b>1</b>人" in page.text
    page = desk.post(f"{path}/depart")
    assert "已出发<b>1</b>人" in page.text
    listed = desk.get(f"/registers/batch?batch={path.rsplit('/', 1)[1]}").text
    assert "报表甲" in listed and "已出发" in listed
    nobody = desk.post(f"{path}/remove")
    assert nobody.status_code == 422
    assert "名单上<b>0</b>人" in desk.post(f"{path}/remove", worker=[person["id"]]).text


def test_a_course_from_the_form_to_the_register(desk: Visitor, person: dict[str, Any]) -> None:
    assert "登记培训班" in desk.get("/courses").text
    page = desk.post("/courses", region="610728", name="缝纫工第一期", started_on="2021-09-01")
    path = page.url.path
    assert "参训<b>0</b>人" in page.text
    page = desk.post(f"{path}/enrolments", worker=[person["id"]])
    assert "参训<b>1</b>人" in page.text
    page = desk.post(f"{path}/complete", worker=[person["id"]], certificate="证-9")
    assert "结业<b>1</b>人" in page.text and "证-9" in page.text
    assert "缝纫工第一期" in desk.get("/registers/trained").text
