"""The personnel clerk of an eastern factory: invited, she writes a post, answers three people, confirms the month's roster."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from api.database import owner_connection
from api.postgres import embedded
from api.runtime import DATABASE
from models.account import Role

from .conftest import Service, employ
from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.server]
EAST = "320612"
PASSWORD = "qingshan-luying-7"


def a_factory(service: Service) -> str:
    """An employer of the eastern district with some people at work."""
    with (
        embedded.start(service.folder / "postgres") as cluster,
        owner_connection(cluster.owner_url(DATABASE)) as owner,
    ):
        name = owner.scalar(
            text(
                "SELECT name FROM employer JOIN employment_spell spell ON spell.employer_id = employer.id "
                "WHERE kept_by = :east AND superseded_at IS NULL AND is_main AND ended_on IS NULL "
                "GROUP BY name HAVING count(*) BETWEEN 2 AND 60 ORDER BY abs(count(*) - 6), name LIMIT 1"
            ),
            {"east": EAST},
        )
        assert isinstance(name, str)
        return name


class West:
    """The western county's clerk at the other end, over REST."""

    def __init__(self, page: Page, service: Service) -> None:
        told = page.request.post(
            "/v1/token", form={"username": service.username, "password": service.password}
        ).json()
        self._request = page.request
        self._headers = {"Authorization": f"Bearer {told['access_token']}"}

    def get(self, path: str) -> Any:
        answer = self._request.get(path, headers=self._headers)
        assert answer.ok, answer.text()
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._request.post(path, headers=self._headers, data=body)
        assert answer.ok, answer.text()
        return answer.json()


def come_in(page: Page, service: Service, factory: str) -> None:
    """By the link that the district's administrator has made."""
    page.goto("/accounts")
    page.get_by_text("邀请新用户").click()
    form = page.locator("form[action='/accounts'][method=post]")
    form.get_by_label("姓名").fill("厂里人事")
    form.get_by_label("角色").select_option(label="用人单位")
    form.get_by_label("用人单位", exact=False).last.fill(factory)
    form.get_by_role("button", name="生成邀请链接").click()
    found = re.search(r"/invitation/[\w-]+", page.get_by_label("邀请链接").input_value())
    assert found is not None
    page.context.clear_cookies()
    page.goto(found[0])
    page.get_by_label("用户名").fill("changli")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("再输一遍").fill(PASSWORD)
    page.get_by_role("button", name="开通账号").click()
    page.get_by_label("用户名").fill("changli")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(service.url + "/employer")


def write_a_post(desk: Desk) -> int:
    """The linter speaks while she writes; what it says is mended, and the post is out."""
    page = desk.page
    page.get_by_role("link", name="招聘岗位", exact=True).first.click()
    desk.look("招聘岗位")
    page.get_by_role("link", name="写一个招聘岗位").first.click()
    page.get_by_label("岗位名称").fill("平车工")
    page.get_by_label("最低工资").fill("4500")
    page.get_by_label("招聘人数").fill("3")
    words = page.get_by_label("工作内容和要求")
    words.press_sequentially("负责家纺产品平车缝制，计件工资，限女性。", delay=5)
    lint = page.locator("#lint")
    expect(lint).to_contain_text("改法", timeout=15_000)
    expect(lint.locator("mark").first).to_contain_text("女性")
    desk.look("写岗位")
    words.fill("负责家纺产品平车缝制，计件工资，男女都可以。")
    expect(lint).to_contain_text("可以发布", timeout=15_000)
    page.get_by_role("button", name="保存并发布").click()
    expect(page.get_by_role("status").first).to_contain_text("已发布")
    desk.look("一个岗位")
    return int(page.url.split("?")[0].rpartition("/")[2])


def answer_three(desk: Desk) -> None:
    """Two presses each."""
    page = desk.page
    page.get_by_role("link", name="应聘的人", exact=True).first.click()
    cards = page.locator(".cards > li")
    expect(cards).to_have_count(3)
    desk.look("应聘的人")
    cards.first.locator("summary", has_text=re.compile("^录用$")).click()
    cards.first.get_by_role("button", name="确认录用").click()
    expect(page.get_by_role("status").first).to_contain_text("已录用")
    cards.first.locator("summary", has_text="不录用").click()
    cards.first.get_by_role("button", name="技能不够").click()
    expect(page.get_by_role("status").first).to_contain_text("已记下不录用")
    cards.first.locator("summary", has_text="约面试").click()
    cards.first.get_by_role("button", name="确认约面试").click()
    expect(page.get_by_role("status").first).to_contain_text("等您安排面试")
    page.get_by_role("link", name="已录用、等上岗的").click()
    expect(cards).to_have_count(1)
    desk.look("录用的人")


def confirm_the_roster(desk: Desk) -> None:
    """Who left, on which day and why; the others are there."""
    page = desk.page
    page.get_by_role("link", name="在岗名册", exact=True).first.click()
    desk.look("名册没有打开")
    page.get_by_role("button", name="打开本月名册").click()
    first = page.locator(".cards > li").first
    expect(first).to_be_visible()
    first.get_by_label("已离岗").check()
    first.get_by_label("最后一天上班").fill("2021-09-18")
    first.get_by_label("为什么走").select_option(label="家里离不开")
    desk.look("名册")
    page.get_by_label("没有选的都还在岗").check()
    page.get_by_role("button", name="核对完毕").click()
    expect(page.get_by_role("status").first).to_contain_text("离岗1人")
    desk.look("核对以前数一遍")
    page.get_by_role("button", name="没有错，提交").click()
    expect(page.get_by_role("status").first).to_contain_text("已核对")
    expect(page.get_by_text("家里离不开")).to_be_visible()
    desk.look("核对过的名册")
    page.get_by_role("link", name="打印名册盖章").click()
    expect(page.get_by_text("单位（公章）")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_factorys_own_clerk(watched, service: Service, tmp_path: Path) -> None:
    page, factory = watched.page, a_factory(service)
    employ(service, "dong-admin", Role.ADMINISTRATOR, EAST)
    page.goto("/login")
    page.get_by_label("用户名").fill("dong-admin")
    page.get_by_label("密码").fill(service.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(service.url + "/")
    come_in(page, service, factory)
    desk = Desk(page, tmp_path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(factory)
    expect(page.get_by_text("本月在岗名册还没有核对")).to_be_visible()
    desk.look("单位首页")
    post, west = write_a_post(desk), West(page, service)
    free = west.get("/v1/workers?region=610728&employed=false&limit=40")["items"]
    able = [each["id"] for each in free if each["age"] and 18 <= each["age"] < 50][:3]
    for worker in able:
        west.post("/v1/applications", {"worker_id": worker, "vacancy_id": post})
    page.goto("/employer")
    expect(page.locator("p.lead")).to_contain_text("有3人等您答复")
    desk.look("单位首页有事")
    answer_three(desk)
    confirm_the_roster(desk)
    page.goto("/employer/staying")
    expect(page.get_by_role("heading", level=1)).to_contain_text("留下了多少")
    desk.look("留得住")
    assert watched.complaints == []
    page.goto("/workers")
    expect(page.get_by_text("没有这项权限")).to_be_visible()
    assert desk.wrong == []
