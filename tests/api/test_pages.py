"""The console without a browser: who gets in, who sees what, what a form does and what a refusal keeps."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api import pages
from api.database import Sessions
from api.deps import SESSION_COOKIE, act_as
from api.pages.desk import local
from api.pages.wording import ages, day, months, written
from api.post_words import pay
from api.security import account_by_username, issue_token
from models.account import TokenKind
from models.record import AuditEvent

HTML = {"Accept": "text/html"}


def link_for(sessions: Sessions, username: str) -> str:
    with sessions() as session, session.begin():
        account_id = account_by_username(session, username)
        assert account_id is not None
        act_as(session, account_id)
        return f"/login/{issue_token(session, account_id, TokenKind.LOGIN_LINK)}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2021-07-05", "2021年7月5日"),
        (date(2021, 7, 15), "2021年7月15日"),
        ("2021-03", "2021年3月"),
        ("2021年03月", "2021年3月"),
        ("2021年03月05日", "2021年3月5日"),
        ("0513-86", "0513-86"),
        ("100****0001", "100****0001"),
        (12, 12),
    ],
)
def test_days_and_months_are_written_one_way(value: object, words: object) -> None:
    assert written(value) == words


def test_a_page_without_login_leads_to_the_login_and_back(anonymous: TestClient) -> None:
    answer = anonymous.get("/workers?region=610728", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/workers%3Fregion%3D610728"
    assert 'value="/workers?region=610728"' in anonymous.get(answer.headers["location"], headers=HTML).text


def test_a_part_of_a_page_without_login_sends_the_whole_browser(anonymous: TestClient) -> None:
    answer = anonymous.get("/workers", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login?next=/workers"


def test_programs_get_problems_not_pages(anonymous: TestClient) -> None:
    assert anonymous.get("/v1/workers", headers=HTML).headers["content-type"] == "application/problem+json"
    assert anonymous.get("/workers").status_code == 401


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/workers?q=a", "/workers?q=a"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_after_login_nobody_is_led_elsewhere(asked: str, led: str) -> None:
    assert local(asked) == led


def test_a_wrong_password_keeps_the_name(anonymous: TestClient) -> None:
    answer = anonymous.post("/login", data={"username": "zhenba", "password": "wrong"}, headers=HTML)
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text and 'value="zhenba"' in answer.text
    assert SESSION_COOKIE not in answer.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(anonymous: TestClient) -> None:
    right = {"username": "zhenba", "password": "right-horse-battery"}
    answer = anonymous.post("/login", data=right, headers=HTML)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    elsewhere = HTML | {"Sec-Fetch-Site": "cross-site"}
    assert anonymous.post("/login", data=right, headers=elsewhere).status_code == 403


def test_looking_at_a_link_does_not_use_it_up_and_following_it_does(
    anonymous: TestClient, sessions: Sessions
) -> None:
    link = link_for(sessions, "zhenba")
    assert "进入" in anonymous.get(link, headers=HTML).text
    assert anonymous.post(link, headers=HTML).status_code == 303
    assert anonymous.get("/", headers=HTML).status_code == 200
    used = anonymous.get(link, headers=HTML)
    assert used.status_code == 410 and "已经用过或过期" in used.text
    assert anonymous.post(link, headers=HTML).status_code == 410


def test_after_leaving_the_cookie_opens_nothing(visitor: Callable[[str], Any]) -> None:
    clerk = visitor("zhenba")
    kept = clerk.client.cookies[SESSION_COOKIE]
    left = clerk.post("/logout")
    assert left.status_code == 303 and left.headers["clear-site-data"] == '"cache", "storage"'
    clerk.client.cookies.set(SESSION_COOKIE, kept)
    assert clerk.client.get("/").status_code == 303


def test_who_logs_in_once_more_leaves_no_session_behind(app: FastAPI) -> None:
    browser, told = (
        TestClient(app, follow_redirects=False),
        {"username": "zhenba", "password": "right-horse-battery"},
    )
    browser.post("/login", data=told)
    first = browser.cookies[SESSION_COOKIE]
    browser.post("/login", data=told)
    assert browser.get("/").status_code == 200
    assert browser.cookies[SESSION_COOKIE] != first
    browser.cookies.clear()
    browser.cookies.set(SESSION_COOKIE, first)
    assert browser.get("/").status_code == 401


def test_who_logs_in_over_a_colleague_leaves_no_session_of_hers_behind(app: FastAPI) -> None:
    browser = TestClient(app, follow_redirects=False)
    browser.post("/login", data={"username": "zhenba", "password": "right-horse-battery"})
    hers = browser.cookies[SESSION_COOKIE]
    # A wrong password at her screen ends nothing.
    browser.post("/login", data={"username": "jingyang", "password": "wrong-horse-battery"})
    assert browser.get("/").status_code == 200 and browser.cookies[SESSION_COOKIE] == hers
    browser.post("/login", data={"username": "jingyang", "password": "right-horse-battery"})
    assert browser.get("/").status_code == 200
    assert browser.cookies[SESSION_COOKIE] != hers
    stolen = TestClient(app, follow_redirects=False, cookies={SESSION_COOKIE: hers})
    assert stolen.get("/").status_code == 401


def test_over_a_safe_line_the_cookie_is_the_hosts_alone(app: FastAPI) -> None:
    browser = TestClient(app, base_url="https://wengang.example", follow_redirects=False)
    opened = browser.post("/login", data={"username": "zhenba", "password": "right-horse-battery"})
    name = f"__Host-{SESSION_COOKIE}"
    set_so = opened.headers["set-cookie"]
    assert set_so.startswith(f"{name}=") and {"Secure", "HttpOnly", "Path=/"} <= set(set_so.split("; "))
    assert "domain" not in set_so.lower()
    assert browser.get("/").status_code == 200
    # The plain name, which a page of a neighbouring host could set, opens nothing there.
    token = browser.cookies[name]
    browser.cookies.clear()
    browser.cookies.set(SESSION_COOKIE, token)
    assert browser.get("/").status_code == 401


def test_a_form_without_its_token_does_nothing(visitor: Callable[[str], Any], world: Any) -> None:
    clerk, worker, vacancy = visitor("zhenba"), world.worker(), world.vacancy()
    told = {"worker_id": worker["id"], "vacancy_id": vacancy["id"]}
    for token in ("", "0" * 64):
        answer = clerk.client.post("/applications", data=told | {"form_token": token})
        assert answer.status_code == 403 and "页面已过期" in answer.text
    assert world.west.get("/v1/applications").json()["total"] == 0


def test_what_an_account_may_not_do_is_not_shown_and_not_done(visitor: Callable[[str], Any]) -> None:
    east = visitor("tongzhou")
    assert 'href="/workers"' not in east.get("/") and 'href="/imports"' in east.get("/")
    assert "没有这项权限" in east.get("/workers", 403)
    auditor = visitor("auditor")
    assert 'href="/imports"' not in auditor.get("/")
    assert "没有这项权限" in auditor.get("/imports", 403)
    assert auditor.post("/applications", worker_id=1, vacancy_id=1).status_code == 403


def test_a_count_that_is_not_the_whole_is_not_set_against_the_whole(
    visitor: Callable[[str], Any], world: Any
) -> None:
    assert 'class="bar' in visitor("zhenba").get("/")
    for partly in ("jingyang", "tongzhou"):
        page = visitor(partly).get("/")
        assert "任务数是陕西省汉中市镇巴县全部的" in page and 'class="bar' not in page
        assert "其他地区的工作计划 4 个" in page
        assert "不是全部" in visitor(partly).get("/targets/3")


def test_a_person_is_registered_asked_and_asked_again(visitor: Callable[[str], Any], world: Any) -> None:
    clerk, body = visitor("zhenba"), world.bodies.worker()
    assert 'href="/workers/new"' in clerk.get("/workers") and "登记劳动力" in clerk.get("/workers/new")
    told = {
        "name": "测试丙",
        "region": "610728001",
        "id_number": body["id_number"],
        "education": "junior_high",
    }
    for wrong, words in (({"id_number": "123"}, "证件"), ({"name": ""}, "姓名"), ({"region": ""}, "户籍地")):
        refused = clerk.post("/workers", **told | wrong)
        assert (
            refused.status_code == 422
            and words in refused.text
            and 'value="junior_high" selected' in refused.text
        )
    answer = clerk.post("/workers", **told)
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"].partition("?")[0]
    page = clerk.get(address)
    assert "测试丙" in page and "还没有登记意愿" in page
    wish = {"wants": "out", "places": "江苏省南通市；浙江省", "occupations": "缝纫工；保育、家庭服务人员"}
    wish |= {"pay_floor": "4000", "needs_lodging": "yes", "available_from": "2021-10-08"}
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    for wrong, words in (({"places": "没有这个地方"}, "没有认出"), ({"pay_floor": "四千"}, "最低工资")):
        refused = clerk.post(f"{address}/intention", **wish | wrong, version=version)
        assert refused.status_code == 422 and words in refused.text and "保育、家庭服务人员" in refused.text
    page = clerk.done(f"{address}/intention", **wish, version=version)
    for words in (
        "愿意外出",
        "江苏省南通市、浙江省",
        "保育、家庭服务人员",
        "4000元/月",
        "需要包住",
        "2021年10月8日",
    ):
        assert words in page
    assert clerk.post(f"{address}/intention", **wish, version=version).status_code == 412
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    told = {"skill": ["平车", "", "包装"], "level": ["3", "", ""], "version": version}
    page = clerk.done(f"{address}/skills", **told)
    assert "平车（熟练）、包装" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    refused = clerk.post(f"{address}/skills", skill=["包装", "绣花"], level=["9", ""], version=version)
    assert refused.status_code == 422 and 'value="绣花"' in refused.text
    page = clerk.done(f"{address}/skills", skill=["", "包装"], level=["3", ""], version=version)
    assert "平车" not in page.partition("修改技能")[0]


def test_who_may_not_write_the_ledger_is_shown_no_form(visitor: Callable[[str], Any], world: Any) -> None:
    worker, auditor = world.worker(), visitor("auditor")
    page = auditor.get(f"/workers/{worker['id']}")
    assert "修改意愿" not in page and "修改技能" not in page and "登记劳动力" not in auditor.get("/workers")
    auditor.get("/workers/new", 403)
    for command in ("intention", "skills"):
        assert auditor.post(f"/workers/{worker['id']}/{command}", version="1").status_code == 403


def test_somebody_elses_person_is_not_there(visitor: Callable[[str], Any], world: Any) -> None:
    worker = world.worker()
    assert worker["name"] in visitor("zhenba").get(f"/workers/{worker['id']}")
    page = visitor("yangxian").get(f"/workers/{worker['id']}", 404)
    assert worker["name"] not in page and "没有找到这名劳动力" in page


def test_from_the_proposal_to_the_count(visitor: Callable[[str], Any], world: Any) -> None:
    clerk, worker, vacancy = visitor("zhenba"), world.worker(), world.vacancy(region="610728")
    clerk.done("/applications", worker_id=worker["id"], vacancy_id=vacancy["id"], back="worker")
    number = world.west.get("/v1/applications").json()["items"][0]["id"]
    assert "已登记录用" in clerk.done(f"/applications/{number}/offer")
    assert "已登记本人接受" in clerk.done(f"/applications/{number}/accept")
    page = clerk.done(f"/applications/{number}/start", started_on="2021-09-20")
    assert "已登记上岗" in page and "2021年9月20日起，在岗" in page
    assert "还有<b>1</b>个" in clerk.get(f"/vacancies/{vacancy['id']}")
    target = next(
        item["id"]
        for item in world.west.get("/v1/targets?limit=200").json()["items"]
        if item["indicator"]["code"] == "near_home" and item["number"] == 370
    )
    page = clerk.get(f"/targets/{target}")
    assert "已有<b>1</b>人" in page and worker["name"] in page
    spell = world.west.get("/v1/spells").json()["items"][0]["id"]
    page = clerk.done(f"/spells/{spell}/end", ended_on="2021-09-20", reason="family")
    assert "2021年9月20日至2021年9月20日" in page


def test_a_refused_start_keeps_what_was_typed_and_saves_nothing(
    visitor: Callable[[str], Any], world: Any
) -> None:
    application = world.application()
    answer = visitor("zhenba").post(f"/applications/{application['id']}/start", started_on="2021-10-01")
    assert answer.status_code == 422
    assert "上岗日期不能晚于今天" in answer.text and 'value="2021-10-01"' in answer.text
    found = world.west.get(f"/v1/applications/{application['id']}").json()
    assert found["state"]["code"] == "proposed"
    assert world.west.get("/v1/spells").json()["total"] == 0


def test_a_start_that_finds_no_seat_leaves_no_trace(visitor: Callable[[str], Any], world: Any) -> None:
    vacancy = world.vacancy(seats=1)
    first, second = (world.application(vacancy_id=vacancy["id"]) for _ in range(2))
    clerk = visitor("zhenba")
    clerk.done(f"/applications/{first['id']}/start", started_on="2021-09-20")
    answer = clerk.post(f"/applications/{second['id']}/start", started_on="2021-09-20")
    assert answer.status_code == 409 and "岗位已招满" in answer.text
    assert world.west.get("/v1/spells").json()["total"] == 1
    found = world.west.get(f"/v1/applications/{second['id']}").json()
    assert found["state"]["code"] == "proposed"


def test_the_other_side_answers_without_seeing_the_person(visitor: Callable[[str], Any], world: Any) -> None:
    application = world.application()
    east = visitor("tongzhou")
    page = east.get(f"/vacancies/{application['vacancy_id']}")
    assert "对方辖区人员" in page and "测试甲" not in page and "只有户籍地的人社部门能看到" in page
    assert "只有户籍地的人社部门能看到" in east.get("/applications")
    assert "只有户籍地" not in visitor("zhenba").get(f"/vacancies/{application['vacancy_id']}")
    page = east.done(f"/applications/{application['id']}/offer", back="vacancy")
    assert "已登记录用" in page and "测试甲" not in page


def test_full_numbers_need_a_reason_and_leave_a_record(
    visitor: Callable[[str], Any], world: Any, session_as: Callable[[str], Session]
) -> None:
    body = world.bodies.worker()
    worker = world.west.post("/v1/workers", json=body).json()
    clerk, page = visitor("zhenba"), f"/workers/{worker['id']}"
    assert clerk.post(f"{page}/numbers").status_code == 422
    told = clerk.post(f"{page}/numbers", reason="call")
    assert body["id_number"] in told.text and told.headers["cache-control"] == "no-store"
    assert body["id_number"] not in clerk.get(page)
    found = session_as("zhenba").exec(select(AuditEvent).where(AuditEvent.action == "reveal")).all()
    assert [(event.row_id, event.change) for event in found] == [(worker["id"], {"reason": "call"})]
    assert visitor("auditor").post(f"{page}/numbers", reason="call").status_code == 403


def test_a_post_that_is_held_back_can_be_mended_and_published(
    visitor: Callable[[str], Any], world: Any
) -> None:
    employer = world.east.post("/v1/employers", json=world.bodies.employer()).json()["id"]
    body = world.bodies.vacancy(employer, text="负责平车缝制,限女性,计件工资。", pay_min=None, pay_max=None)
    post = world.east.post("/v1/vacancies", json=body).json()
    east, page = visitor("tongzhou"), f"/vacancies/{post['id']}"
    shown = east.get(page)
    assert "哪些话违规" in shown and "男女不限" in shown and "未写明工资" in shown
    typed = {"title": "平车工", "seats": "2", "valid_until": "2021-12-31", "text": "负责平车缝制。"}
    refused = east.post(f"{page}/save", **typed, pay_min="四千", pay_max="", version=post["version"])
    assert refused.status_code == 422 and 'value="四千"' in refused.text and "最低工资：" in refused.text
    for field, length in (("title", 101), ("title", 500), ("text", 60_000)):
        long = typed | {field: "工" * length}
        refused = east.post(f"{page}/save", **long, pay_min="4000", pay_max="", version=post["version"])
        assert refused.status_code == 422 and long[field] in refused.text and "还在下面" in refused.text
    saved = east.done(f"{page}/save", **typed, pay_min="4000", pay_max="", version=post["version"])
    assert "已保存" in saved and "哪些话违规" not in saved
    assert "岗位已发布" in east.done(f"{page}/publish")
    stale = east.post(f"{page}/save", **typed, pay_min="5000", pay_max="", version=post["version"])
    assert stale.status_code == 412 and 'value="5000"' in stale.text
    assert visitor("zhenba").post(f"{page}/close").status_code == 403


def test_lists_turn_their_pages(visitor: Callable[[str], Any], world: Any) -> None:
    names = [f"测试{letter}" for letter in "甲乙丙丁戊己庚辛壬癸"]
    for name in [*names] * 6:
        world.worker(name=name)
    clerk = visitor("zhenba")
    first = clerk.get("/workers")
    found = re.search(r'href="(/workers\?[^"]*cursor=[^"]*)"', first)
    assert found is not None
    second = clerk.get(found[1].replace("&amp;", "&"))
    people = [re.findall(r'href="/workers/(\d+)"', page) for page in (first, second)]
    assert [len(page) for page in people] == [50, 10]
    assert not set(people[0]) & set(people[1])


@pytest.mark.parametrize("path", ["/workers?q=%00", "/vacancies?q=%00", "/workers?cursor=x", "/workers/0"])
def test_nonsense_in_an_address_is_told_on_a_page(visitor: Callable[[str], Any], path: str) -> None:
    page = visitor("zhenba").get(path, 422)
    assert "回首页" in page and "业务日期" in page


def test_a_fault_is_told_on_a_page_with_a_number(app: FastAPI) -> None:
    def broken() -> None:
        raise RuntimeError("something personal")

    app.state.sessions = broken
    answer = TestClient(app, raise_server_exceptions=False).get("/", headers=HTML)
    assert answer.status_code == 500
    assert "系统出错了" in answer.text and "没有保存任何内容" in answer.text
    assert re.search("编号 [0-9a-f]{32}", answer.text) and "personal" not in answer.text


def test_values_are_written_as_a_clerk_writes_them() -> None:
    assert day(date(2021, 9, 20)) == "2021年9月20日" and day(None) == "未登记"
    assert pay(4500, 6500) == "4500—6500元/月" and pay(4500, 4500) == "4500元/月"
    assert pay(8000, None) == "8000元/月以上"
    assert pay(None, 6500) == "不超过6500元/月" and pay(None, None) == "未写明"
    assert ages(18, None) == "18岁以上" and ages(None, 50) == "50岁以下" and ages(18, 50) == "18—50岁"
    assert months(173) == "14年5个月" and months(12) == "1年" and months(0) == "没有"


@pytest.mark.parametrize(
    "path",
    [
        "/vacancies?q=&region=&state=&cursor=",
        "/workers?q=&region=&cursor=",
        "/applications?state=&cursor=",
        "/imports?cursor=",
        "/targets/3?as_of=&show=&after=",
    ],
)
def test_an_empty_filter_means_all(visitor: Callable[[str], Any], path: str) -> None:
    clerk = visitor("zhenba")
    whole = clerk.get(path.partition("?")[0])
    assert clerk.get(path).partition("<main")[2] == whole.partition("<main")[2]


def test_every_page_takes_each_of_its_filters_empty(visitor: Callable[[str], Any], world: Any) -> None:
    post, worker = world.vacancy(), world.worker()
    clerk, warden = visitor("zhenba"), visitor("warden")
    numbers = {"vacancy_id": post["id"], "worker_id": worker["id"], "target_id": 3}
    seen = 0
    for route in (route for router in pages.ROUTERS for route in router.routes):
        if route.methods != {"GET"} or not set(route.param_convertors) <= set(numbers):
            continue
        for name in {field.alias for field in get_flat_params(route.dependant)} - {*numbers, SESSION_COOKIE}:
            who = warden if route.path.startswith(("/accounts", "/status")) else clerk
            who.get(f"{route.path.format(**numbers)}?{name}=")
            seen += 1
    assert seen > 10
