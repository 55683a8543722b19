"""The pages of accounts: inviting, coming by the link, what is one's own, and what only an administrator sees."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.deps import SESSION_COOKIE

GOOD = "qingshan-luying-7"
Visit = Callable[[str], Any]
TOWNSHIP = {"role": "township", "region": "610728001"}


def browser(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False, headers={"Accept": "text/html"})


def link_of(page: str) -> str:
    [link] = re.findall(r"/invitation/[\w-]{43}", page)
    return str(link)


@pytest.fixture
def link(visitor: Visit) -> str:
    """The link of somebody whom the western county's administrator has invited."""
    answer = visitor("warden").post("/accounts", display_name="张三", **TOWNSHIP)
    assert answer.status_code == 200, answer.text
    assert "链接只在这一页显示一次" in answer.text
    return link_of(answer.text)


def test_from_the_invitation_to_the_first_page(app: FastAPI, visitor: Visit, link: str) -> None:
    door, warden = browser(app), visitor("warden")
    assert "等待接受邀请" in warden.get("/accounts")
    assert 'value="张三"' in door.get(link).text
    told = {"username": "zhangsan", "display_name": "张三丰", "password": GOOD, "again": GOOD}
    unlike = door.post(link, data=told | {"again": "x"})
    assert unlike.status_code == 422 and "两次输入的密码不一样" in unlike.text
    common = door.post(link, data=told | {"password": "zhangsan-123", "again": "zhangsan-123"})
    assert common.status_code == 422 and "太常见" in common.text and 'value="zhangsan"' in common.text
    taken = door.post(link, data=told | {"username": "zhenba"})
    assert taken.status_code == 409 and "用户名已有人使用" in taken.text
    done = door.post(link, data=told)
    assert (done.status_code, done.headers["location"]) == (303, "/login?accepted=true")
    assert "密码已设置好" in door.get(done.headers["location"]).text
    assert door.get(link).status_code == 410 and door.post(link, data=told).status_code == 410
    assert door.post("/login", data={"username": "zhangsan", "password": GOOD}).status_code == 303
    assert "张三丰" in door.get("/").text
    assert "使用中" in warden.get("/accounts")


def test_a_form_from_elsewhere_sets_no_password(app: FastAPI, link: str) -> None:
    told = {"username": "zhangsan", "display_name": "张三", "password": GOOD, "again": GOOD}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser(app).post(link, data=told, headers=elsewhere).status_code == 403
    assert browser(app).get(link).status_code == 200


def test_what_was_typed_stays_in_a_form_that_was_refused(visitor: Visit) -> None:
    warden = visitor("warden")
    wrong = {"display_name": "李四", "role": "county", "region": "610728001"}
    answer = warden.post("/accounts", **wrong)
    assert answer.status_code == 422 and "不能管辖这一级" in answer.text and 'value="李四"' in answer.text
    answer = warden.post("/accounts", display_name="李四", role="employer", employer="没有的厂")
    assert answer.status_code == 422 and "没有找到这个名称的用人单位" in answer.text
    assert "李四" not in warden.get("/accounts")


def number_of(page: str, name: str) -> str:
    return re.findall(rf'href="/accounts/(\d+)">{name}<', page)[0]


def test_an_account_is_given_more_switched_off_and_on(app: FastAPI, visitor: Visit) -> None:
    warden, them = visitor("warden"), visitor("jingyang")
    path = f"/accounts/{number_of(warden.get('/accounts'), 'jingyang')}"
    assert "权限已开通" in warden.done(f"{path}/bindings", role="county", region="610728")
    assert them.client.get("/imports").status_code == 200
    [_, given] = re.findall(r"/bindings/(\d+)/remove", warden.get(path))
    assert "权限已取消" in warden.done(f"{path}/bindings/{given}/remove")
    assert them.client.get("/imports").status_code == 403
    assert "程序" in warden.get(path)
    assert "账号已停用" in warden.done(f"{path}/switch")
    assert them.client.get("/").headers["location"].startswith("/login")
    assert "账号已启用" in warden.done(f"{path}/switch", on="1")
    again = warden.post(f"{path}/invite")
    assert again.status_code == 200 and "设置新密码的链接" in again.text
    assert "邀请链接已作废" in warden.done(f"{path}/withdraw-invitation")
    assert browser(app).get(link_of(again.text)).status_code == 410
    assert warden.post(f"{path}/nonsense").status_code == 404


def test_whoever_is_taken_out_of_sight_leads_back_to_the_list(visitor: Visit) -> None:
    """An account that is kept above, and may do nothing here any more, is not here any more."""
    city, warden = visitor("city-warden"), visitor("warden")
    path = f"/accounts/{number_of(city.get('/accounts'), 'hanzhong')}"
    city.done(f"{path}/bindings", role="county", region="610728")
    page = warden.get(path)
    assert "由上级或外地管理员管理" in page and "停用" not in page
    [given] = re.findall(r"/bindings/(\d+)/remove", page)
    answer = warden.post(f"{path}/bindings/{given}/remove")
    assert answer.headers["location"].endswith("?done=unbound")
    shown = warden.client.get(answer.headers["location"])
    assert shown.headers["location"] == "/accounts?done=unbound"
    assert "权限已取消" in warden.get(shown.headers["location"])


def test_only_administrators_see_the_pages(visitor: Visit) -> None:
    for name in ("zhenba", "auditor", "nobody"):
        somebody = visitor(name)
        assert 'href="/accounts"' not in somebody.get("/")
        assert "没有这项权限" in somebody.get("/accounts", 403)
        assert somebody.post("/accounts", display_name="x", **TOWNSHIP).status_code == 403
    other = visitor("other-warden")
    theirs = number_of(visitor("warden").get("/accounts"), "zhenba")
    assert "没有找到这个账号" in other.get(f"/accounts/{theirs}", 404)
    assert "没有找到这个账号" in other.post(f"/accounts/{theirs}/switch").text


def test_an_administrator_does_nothing_to_himself(visitor: Visit) -> None:
    warden = visitor("warden")
    own = f"/accounts/{number_of(warden.get('/accounts'), 'warden')}"
    assert "这是您自己的账号" in warden.get(own) and "停用" not in warden.get(own)
    assert warden.post(f"{own}/switch").status_code == 403


def test_the_password_is_changed_on_ones_own_page(app: FastAPI, visitor: Visit) -> None:
    clerk, other = visitor("zhenba"), visitor("zhenba")
    told = {"current": "right-horse-battery", "password": GOOD, "again": GOOD}
    unlike = clerk.post("/me/password", **told | {"again": "x"})
    assert unlike.status_code == 422 and "两次输入" in unlike.text
    wrong = clerk.post("/me/password", **told | {"current": "x"})
    assert wrong.status_code == 422 and "现在的密码不对" in wrong.text
    assert "其他地方的登录都已失效" in clerk.done("/me/password", **told)
    assert other.client.get("/me").status_code == 303
    assert browser(app).post("/login", data={"username": "zhenba", "password": GOOD}).status_code == 303


def test_log_ins_are_listed_and_ended(visitor: Visit) -> None:
    clerk, other = visitor("zhenba"), visitor("zhenba")
    page = clerk.get("/me")
    assert "就是这里" in page
    [number] = re.findall(r"/me/sessions/(\d+)/end", page)
    assert "这些登录已失效" in clerk.done(f"/me/sessions/{number}/end")
    assert other.client.get("/me").status_code == 303
    third = visitor("zhenba")
    clerk.done("/me/sessions/end")
    assert third.client.get("/me").status_code == 303
    assert clerk.post("/me/sessions/999999/end").status_code == 404


def test_a_key_is_made_shown_once_and_revoked(app: FastAPI, visitor: Visit) -> None:
    clerk = visitor("zhenba")
    answer = clerk.post(
        "/me/keys",
        name="交换",
        areas=["ledger", "posts"],
        read_only="yes",
        days="30",
        password="right-horse-battery",
    )
    [key] = re.findall(r"wg_[\w-]{43}", answer.text)
    assert "密钥只在这一页显示一次" in answer.text
    program = TestClient(app, headers={"Authorization": f"Bearer {key}"})
    assert program.get("/v1/workers").status_code == 200
    page = clerk.get("/me")
    assert key not in page and key[:8] in page and "只读" in page
    [number] = re.findall(r"/me/keys/(\d+)/revoke", page)
    assert "密钥已作废" in clerk.done(f"/me/keys/{number}/revoke")
    assert program.get("/v1/workers").status_code == 401
    assert (
        clerk.post(
            "/me/keys", name="交换", read_only="yes", days="30", password="right-horse-battery"
        ).status_code
        == 422
    )


def test_an_api_key_opens_no_page(app: FastAPI, visitor: Visit) -> None:
    answer = visitor("zhenba").post(
        "/me/keys", name="交换", areas=["ledger"], days="30", password="right-horse-battery"
    )
    [key] = re.findall(r"wg_[\w-]{43}", answer.text)
    page = browser(app)
    page.cookies.set(SESSION_COOKIE, key)
    assert page.get("/workers").status_code == 303


def test_the_record_says_what_happened(visitor: Visit, link: str) -> None:
    warden = visitor("warden")
    assert "邀请" in warden.get("/accounts/events") and "张三" in warden.get("/accounts/events")
    assert "没有要留意的" in warden.get("/accounts/events?alarms=true")
    assert "张三" not in visitor("other-warden").get("/accounts/events")
