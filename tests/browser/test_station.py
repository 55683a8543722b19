"""A day at a service station, on a telephone: in a real browser, at 360 px."""

import re

import pytest
from playwright.sync_api import expect

from models.account import Role

from .conftest import Service, Watched, employ
from .test_looks import HAND, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.server]
NAME = "驻站甲"


def test_a_day_at_a_station_in_the_hand(watched: Watched, service: Service) -> None:
    employ(service, NAME, Role.STATION, "610728")
    page = watched.page
    page.set_viewport_size(HAND)
    page.goto("/login")
    page.get_by_label("用户名").fill(NAME)
    page.get_by_label("密码").fill(service.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/stations/today")
    expect(page.get_by_role("heading", level=1)).to_have_text("今天去哪家？")
    # The firm with most to look for stands first.
    page.locator("main tbody th a").first.click()
    page.wait_for_url("**/stations/firms/*")
    firm = re.sub(r"[?#].*", "", page.url)
    left = page.locator("#people > ul > li")
    people = left.count()
    assert people >= 1
    page.get_by_role("button", name=re.compile(".在岗$")).first.click()
    expect(page.get_by_role("status")).to_contain_text("核实结果已记下")
    expect(page.get_by_role("button", name="撤销今天的核实")).to_have_count(1)
    page.get_by_role("button", name="撤销今天的核实").click()
    expect(page.get_by_role("status")).to_contain_text("已撤销这次核实")
    expect(page.get_by_role("button", name="撤销今天的核实")).to_have_count(0)
    page.get_by_label("全选本页").check()
    page.get_by_role("button", name="打勾的都在岗").click()
    expect(page.locator("p.lead")).to_contain_text("本月都核实过了")
    page.locator("a", has_text="登记问题").first.click()
    page.get_by_label("拖欠工资").check()
    page.get_by_role("button", name="报给县里").click()
    expect(page.get_by_role("status")).to_contain_text("问题已报给县里")
    assert watched.complaints == []
    wrong = [
        one
        for name, address in {
            "station-today": "/stations/today",
            "station-firm": firm,
            "station-problems": "/stations/problems",
            "station-visits": "/stations/visits-due",
        }.items()
        for one in looked_at(page, name, address, None)
    ]
    assert wrong == []
