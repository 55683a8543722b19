"""The desk's other pages: help and its keys, refusals that lead back, a post entered and linted, and what the browser is told
of what was typed."""

import base64
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.pages.menu import MENU
from models.vacancy import Vacancy

from .conftest import Visitor, World

Visit = Callable[[str], Visitor]
STATIC = Path(__file__).resolve().parents[2] / "api" / "pages" / "static"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def key_of(page: str) -> str:
    found = re.search(r'<meta name="typed-key" content="([^"]+)">', page)
    assert found is not None
    return found[1]


def test_every_part_of_the_menu_has_a_key_of_its_own() -> None:
    keys = [item.key for item in MENU]
    assert all(re.fullmatch("[a-z]", key) for key in keys) and len(set(keys)) == len(keys)
    taken = {"j", "k", "x", "n", "p", "g"}
    said = (STATIC / "keys.js").read_text("utf-8")
    assert all(re.search(rf"^    {key}: ", said, re.M) for key in taken)
    assert len(said.splitlines()) <= 150


def test_the_help_page_tells_the_keys_of_the_parts_that_one_has(visitor: Visit) -> None:
    page = visitor("zhenba").get("/help")
    assert "快捷键" in page and "没有送出，内容还在" in page
    part = page.split("<main")[1].split("</main>")[0]
    assert "<kbd>T</kbd></th><td>台账" in part and "账号" not in part.split("</table>")[1]
    east = visitor("tongzhou").get("/help").split("<main")[1]
    assert "台账</td>" not in east and "岗位</td>" in east
    assert 'data-key="t"' in page


def test_what_seals_typed_words_is_the_account_s_own_and_the_same_after_a_new_log_in(
    visitor: Visit, app: FastAPI
) -> None:
    first, again, other = (key_of(visitor(who).get("/help")) for who in ("zhenba", "zhenba", "tongzhou"))
    assert first == again != other
    assert len(base64.b64decode(first)) == 32
    login = TestClient(app, headers={"Accept": "text/html"}).get("/login")
    assert "typed-key" not in login.text
    assert login.headers["cache-control"] == "no-store"


def test_the_browser_is_told_of_what_was_saved_and_of_nothing_else(world: World, visitor: Visit) -> None:
    worker = world.worker()
    desk = visitor("zhenba")
    path = f"/workers/{worker['id']}/contacts"
    told = {"means": "phone", "found": "not_reached", "note": "没人接"}
    saved = desk.post(path, **told, typed_mark="0af1")
    assert saved.status_code == 303 and "typed-0af1=1" in saved.headers["set-cookie"]
    assert "samesite=strict" in saved.headers["set-cookie"].lower()
    refused = desk.post(path, means="phone", typed_mark="0af2")
    assert refused.status_code == 422 and "set-cookie" not in refused.headers
    stale = desk.client.post(path, data=told | {"form_token": "x", "typed_mark": "0af3"})
    assert stale.status_code == 403 and "set-cookie" not in stale.headers
    desk.client.cookies.clear()
    away = desk.post(path, **told, typed_mark="0af4")
    assert away.headers["location"].startswith("/login?next=") and "typed-" not in str(away.headers)
    assert desk.post(path, **told, typed_mark="x; path=/").status_code in (303, 422)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/workers/999999/history", 404, "从菜单里重新查找"),
        ("/workers/999999", 404, "不归您管的人"),
        ("/accounts", 403, "系统管理员"),
    ],
)
def test_a_refusal_says_what_to_do_next(visitor: Visit, path: str, status: int, says: str) -> None:
    page = visitor("zhenba").get(path, status=status)
    assert says in page and 'href="/help"' in page and "回首页" in page


def test_a_refused_form_leads_back_to_where_it_stood(world: World, visitor: Visit) -> None:
    worker = world.worker()["id"]
    desk = visitor("zhenba")
    answer = desk.client.post(
        f"/workers/{worker}/skills",
        data={"form_token": "old", "version": 0},
        headers={"Referer": f"http://testserver/workers/{worker}?ranked=false"},
    )
    assert answer.status_code == 403
    assert f'<a class="button main" href="/workers/{worker}">回到刚才那一页</a>' in answer.text


def test_a_post_is_entered_with_what_is_known_of_it(
    visitor: Visit, session_as: Callable[[str], Session]
) -> None:
    east = visitor("tongzhou")
    assert "登记岗位" in east.get("/vacancies") and "登记岗位" in east.get("/vacancies/new")
    told = {
        "title": "平车工",
        "employer": "测试新家纺有限公司",
        "place": "江苏省南通市通州区",
        "pay_min": "4500",
    }
    page = east.done(
        "/vacancies", **told, seats="3", valid_until="2021-12-31", text="负责家纺产品平车缝制，计件工资。"
    )
    assert "岗位已登记，还没有发布" in page and "测试新家纺有限公司" in page
    [row] = session_as("tongzhou").exec(select(Vacancy).where(Vacancy.title == "平车工")).all()
    assert (row.region, row.pay_min, row.seats, row.state.value) == ("320612", 4500, 3, "draft")
    wrong = east.post("/vacancies", **told | {"place": "不知道哪里"})
    assert wrong.status_code == 422 and "没有认出工作地点" in wrong.text
    assert 'value="测试新家纺有限公司"' in wrong.text, "what was typed is still there"
    visitor("jingyang").get("/vacancies/new", status=403)


def test_the_linter_reads_a_post_while_it_is_typed_and_keeps_nothing(
    visitor: Visit, session_as: Callable[[str], Session]
) -> None:
    east = visitor("tongzhou")
    typed: dict[str, Any] = {"title": "质检员", "text": "限女性，35岁以下。负责检验。"}
    said = words(east.post("/vacancies/lint", **typed).text)
    assert "处违规限制，改写后才能发布" in said and "改法：" in said and "未写明用人单位" in said
    whole = {
        "title": "平车工",
        "text": "负责家纺产品平车缝制，计件工资，包住。",
        "has_employer": "yes",
        "has_place": "yes",
    }
    said = words(east.post("/vacancies/lint", **whole, pay_min="1", seats="1", valid_until="2021-12-31").text)
    assert "没有发现违规限制" in said and "该写的都写了" in said
    assert session_as("tongzhou").exec(select(Vacancy)).all() == []
    assert visitor("zhenba").client.post("/vacancies/lint", data=typed).status_code == 403, (
        "without its token"
    )


def test_a_person_s_line_of_time_is_a_part_of_the_person_s_page(world: World, visitor: Visit) -> None:
    spell = world.spell()
    desk = visitor("zhenba")
    path = f"/workers/{spell['worker_id']}"
    assert f'hx-get="{path}/timeline"' in desk.get(path)
    part = desk.client.get(f"{path}/timeline", headers={"HX-Request": "true"}).text
    assert part.strip().startswith("<figure") and "<svg" in part and "<html" not in part


def test_a_form_that_was_saved_is_not_saved_again(
    world: World, visitor: Callable[[str], Visitor], session_as: Callable[[str], Session]
) -> None:
    """The service went after the commit: the browser, told nothing, sends its draft once more under the same mark."""
    desk, mark = visitor("zhenba"), "ab" * 16
    home = world.household(hardship=[])
    told = {"name": "缝纫班", "region": "610728", "started_on": "2021-09-21", "typed_mark": mark}
    refused = desk.post("/courses", **told | {"started_on": "不是日期"})
    assert refused.status_code == 422, "a refusal takes no mark"
    first = desk.post("/courses", **told)
    assert first.status_code == 303 and f"typed-{mark}" in first.headers["set-cookie"]
    again = desk.post("/courses", **told | {"name": "后来改过的"})
    assert again.headers["location"] == first.headers["location"] + "?done=saved-before"
    assert f"typed-{mark}" in again.headers["set-cookie"], "the draft is kept no longer"
    assert "先前已经保存过" in desk.get(again.headers["location"])
    courses = session_as("zhenba").connection().scalar(text("SELECT count(*) FROM course"))
    assert courses == 1
    # Of another form, and of somebody else's of the same mark, it says nothing.
    assert desk.post("/courses", **told | {"typed_mark": "cd" * 16}).status_code == 303
    assert (
        visitor("jingyang")
        .post(f"/households/{home['id']}/contact", on="2021-09-19", typed_mark=mark)
        .status_code
        == 303
    )
