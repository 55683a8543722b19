"""「能完成吗」: a bureau's September at the real service. What the page says, the door and the workbook say too, to the last
person; the calls of the afternoon; what was frozen stays; in October the money goes to who never asked for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.workbooks.reading import sheets

from .conftest import Service, log_in, serving
from .desk import SLOW, Desk, rows_of

pytestmark = [pytest.mark.browser, pytest.mark.server]

CITY, TASK = "5223", "转移农村劳动力就业"
BENEFIT = "外出务工交通补助"


@contextmanager
def day(folder: Path, browser: Browser, on: str) -> Iterator[tuple[Desk, Service]]:
    """The bureau's desk on one day; what was done before is there."""
    with (
        serving(folder, WENGANG_DEMO_SCALE="0.1", WENGANG_BUSINESS_DATE=on) as service,
        browser.new_context(
            base_url=service.url, locale="zh-CN", viewport={"width": 1366, "height": 768}
        ) as context,
    ):
        page = context.new_page()
        page.set_default_timeout(20_000)
        log_in(page, service, service.username)
        yield Desk(page, folder), service


def test_shall_we_make_it(browser: Browser, tmp_path: Path) -> None:
    with day(tmp_path, browser, "2021-09-20") as (desk, service):
        asked = the_question(desk, service)
        the_afternoon(desk, service)
        frozen = freeze(desk, service, asked)
        batch, people, fen = claims_begin(desk, service)
        assert desk.wrong == []
    with day(tmp_path, browser, "2021-10-08") as (desk, service):
        still_as_it_was(desk, service, frozen, asked)
        the_money(desk, service, batch, people, fen)
        assert desk.wrong == []


class Door:
    """The same questions, asked of REST."""

    def __init__(self, page: Page, service: Service) -> None:
        told = {"username": service.username, "password": service.password}
        token = page.request.post("/v1/token", form=told).json()["access_token"]
        self._page, self._headers = page, {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        answer = self._page.request.get(path, headers=self._headers)
        assert answer.ok, answer.text()
        return answer.json()

    def everybody(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            more = self.get(f"{path}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
            found += more["items"]
            if (cursor := more["next_cursor"]) is None:
                return found


def the_question(desk: Desk, service: Service) -> dict[str, Any]:
    """The task's page: how far, how well proved, what the year's end will bring, and who decides it."""
    page, door = desk.page, Door(desk.page, service)
    page.goto("/plans")
    desk.look("工作计划")
    page.get_by_role("link", name=re.compile("黔西南")).first.click()
    desk.look("一份计划")
    page.get_by_role("link", name=TASK).first.click()
    target = int(page.url.rpartition("/")[2])
    told = door.get(f"/v1/targets/{target}/progress")
    assert told["started"] > told["stable"] > 0
    lead = page.locator("p.lead").inner_text()
    unit = told["target"]["unit"]
    assert f"已有{told['started']}{unit}" in lead and f"{told['stable']}人已稳定" in lead
    fan = told["forecast"]
    assert f"预计{fan['low']}—{fan['high']}{unit}" in lead and fan["low"] <= fan["mid"] <= fan["high"]
    assert (fan["path"][-1]["low"], fan["path"][-1]["high"]) == (fan["low"], fan["high"])
    expect(page.locator(".chart[data-fan] svg")).to_be_visible()
    expect(page.get_by_text(re.compile("最晚2021年12月31日上岗仍能计入"))).to_be_visible()
    assert told["reference_start"] == "2021-10-01"
    expect(
        page.get_by_text(re.compile("2021年10月1日以后（不含当天）上岗的.*不能算稳定就业"))
    ).to_be_visible()
    desk.look("任务")
    # Every number is a link to the people behind it, as many as it says.
    for words, link, number in (
        ("已上岗", "started", told["started"]),
        ("已稳定", "stable", told["stable"]),
        ("已核实", "verified", sum(told["verified"].values())),
        ("还要稳住", "waiting", told["waiting"]),
        ("还缺佐证", "unproven", told["stable"] - sum(told["verified"].values())),
    ):
        card = page.locator("a.number", has_text=words).first
        assert card.locator("b").inner_text() == str(number), words
        people = door.everybody(told["links"][link])
        assert len({each["worker"]["id"] for each in people}) == number, words
        card.click()
        expect(page.get_by_role("heading", name=re.compile(rf"（{number}人）"))).to_be_visible()
    # In calling order, county by county.
    page.locator("a.number", has_text="还要稳住").click()
    places = page.get_by_role("navigation", name="按地区看")
    inside = places.get_by_role("link").nth(1)
    number = inside.locator("b").inner_text()
    desk.look("还要稳住的人")
    inside.click()
    expect(page.get_by_role("heading", name=re.compile(rf"（{number}人）"))).to_be_visible()
    everybody = sum(int(each) for each in places.locator("b").all_inner_texts())
    assert everybody == int(number), "the townships add up to their county"
    worth = [each["chance"] for each in door.everybody(told["links"]["waiting"])]
    assert worth and all(0 <= chance <= 1 for chance in worth)
    return told | {"id": target}


def the_afternoon(desk: Desk, service: Service) -> None:
    """One is at work and has a difficulty, one has left and gets new posts without anybody's doing."""
    page = desk.page
    page.goto("/follow-ups")
    desk.look("今天的电话")
    called = page.locator(".cards > li").first
    name = called.locator("h2 a").inner_text()
    called.get_by_text("登记联系结果").click()
    called.get_by_label("在岗，有困难").check()
    called.get_by_label("什么困难").select_option(index=1)
    called.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已记下这次随访")
    page.goto("/follow-ups/tasks")
    expect(page.locator("main")).to_contain_text(name)
    page.goto("/follow-ups")
    left = page.locator(".cards > li").first
    name, number = left.locator("h2 a").inner_text(), left.get_attribute("id") or ""
    left.get_by_text("登记联系结果").click()
    left.get_by_label("已经离岗").check()
    left.get_by_label("最后一天上班").fill("2021-09-18")
    left.get_by_label("为什么离岗").select_option(index=1)
    left.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_be_visible()
    worker = int(number.removeprefix("worker-"))
    door = Door(page, service)
    for _ in range(120):
        [mine] = [each for each in door.everybody("/v1/leavers?") if each["worker"]["id"] == worker]
        if mine["offered"]:
            break
        page.wait_for_timeout(500)
    assert 1 <= mine["offered"] <= 3 and not mine["late"]
    page.goto("/follow-ups/leavers")
    desk.look("离岗待安置")
    page.goto(f"/workers/{worker}/timeline")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    desk.look("时间线")


def freeze(desk: Desk, service: Service, asked: dict[str, Any]) -> str:
    """The month is frozen; page, door and workbook name the same people."""
    page, door = desk.page, Door(desk.page, service)
    page.goto("/frozen-reports")
    page.get_by_label("哪个地区").select_option(CITY)
    page.get_by_role("button", name="冻结").click()
    expect(page.get_by_role("heading", name="各项任务做到了哪里？")).to_be_visible(timeout=SLOW)
    desk.look("冻结的月报")
    address = page.url.removeprefix(service.url).partition("?")[0]
    row = page.locator("tr", has_text=TASK).first
    assert row.locator('td[data-head="已做到"]').inner_text() == str(asked["started"])
    report = door.get(f"/v1{address}")
    line = next(each for each in report["items"] if each["target_id"] == asked["id"])
    told = door.everybody(f"/v1{address}/lines/{line['line']}/persons?")
    now = door.everybody(asked["links"]["started"])
    people = {each["worker"]["id"] for each in now}
    assert {each["worker_id"] for each in told} == people
    assert {each["worker_id"] for each in told if each["stable"]} == {
        each["worker"]["id"] for each in now if each["stable_on"]
    }
    name, content = desk.saved(page.get_by_role("link", name="下载工作簿"))
    lists = {sheet.name: [row for _, row in sheet.rows] for sheet in sheets(content, name=name)}
    mine = next(rows for title, rows in lists.items() if title.startswith(f"{line['line']}."))
    assert {int(float(str(row[0]))) for row in mine[1:] if row and row[0]} == people
    page.get_by_role("link", name="打印一页摘要").click()
    desk.look("一页摘要")
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")
    return address


def claims_begin(desk: Desk, service: Service) -> tuple[str, int, str]:
    """Who is entitled is found without anybody's asking; the village checks, the notice hangs."""
    page = desk.page
    page.goto("/benefits")
    desk.look("政策待遇")
    page.locator("main a", has_text=BENEFIT).first.click()
    expect(page.locator("p.lead")).to_contain_text("可以享受、还没有申领")
    desk.look("一项补贴")
    ticks = page.locator('input[name="worker"]')
    people = ticks.count()
    assert people > 1
    for each in ticks.all():
        each.check()
    page.get_by_role("button", name="为选中的人开始申领").click()
    expect(page.locator("p.lead")).to_contain_text(f"{people}条申领")
    page.get_by_role("button", name="核查通过，开始公示").click()
    expect(page.locator("p.lead")).to_contain_text(f"公示中{people}条")
    desk.look("一批申领")
    page.get_by_role("button", name="审批通过").click()
    expect(page.get_by_role("alert")).to_contain_text("公示期还没有满")
    page.goto(page.url.partition("?")[0].removesuffix("/approve"))
    fen = page.locator("p.lead b").nth(1).inner_text()
    return page.url.removeprefix(service.url), people, fen


def still_as_it_was(desk: Desk, service: Service, frozen: str, asked: dict[str, Any]) -> None:
    """Weeks later the frozen month still says what it said, and who was behind it."""
    page = desk.page
    page.goto(frozen)
    expect(page.get_by_text("与冻结时一致")).to_be_visible()
    row = page.locator("tr", has_text=TASK).first
    assert row.locator('td[data-head="已做到"]').inner_text() == str(asked["started"])
    row.locator('td[data-head="已做到"] a').click()
    expect(page.locator("p.lead")).to_contain_text(f"{asked['started']}人")
    now = Door(page, service).get(f"/v1/targets/{asked['id']}/progress")
    assert now["stable"] >= asked["stable"] and now["as_of"] == "2021-10-08"


def the_money(desk: Desk, service: Service, batch: str, people: int, fen: str) -> None:
    """Approved, on a list for the bank whose lines add up to the page's sum, and paid."""
    page = desk.page
    page.goto(batch)
    page.get_by_role("button", name="审批通过").click()
    expect(page.locator("p.lead")).to_contain_text(f"已审批{people}条")
    name, content = desk.saved(page.get_by_role("link", name="下载（号码已遮盖）"))
    rows = rows_of(content, name)
    [head] = [at for at, row in enumerate(rows) if any(str(cell or "").startswith("金额") for cell in row)]
    at = next(at for at, cell in enumerate(rows[head]) if str(cell or "").startswith("金额"))
    paid = [
        float(str(row[at]).replace(",", "")) for row in rows[head + 1 :] if row[0] not in (None, "", "合计")
    ]
    assert len(paid) == people
    assert sum(paid) == float(fen.removesuffix("元").replace(",", ""))
    page.get_by_role("button", name="登记已发放").click()
    expect(page.locator("p.lead")).to_contain_text(f"已发放{people}条")
    desk.look("已发放")
    page.locator("tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("已发放")
