"""Households and 两本账对账 in a browser, at three sizes, rows answered where they stand."""

import csv
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models.id_number import demo_id_number
from models.worker import Sex

pytestmark = [pytest.mark.browser, pytest.mark.server]

SIZES = {
    "desk": {"width": 1366, "height": 768},
    "hand": {"width": 360, "height": 800},
    "a4": {"width": 718, "height": 1010},
}


def compared(page: Page, folder: Path) -> str:
    """The page of a roster of three strangers that was laid beside the ledger."""
    file = folder / "花名册.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["姓名", "身份证号", "电话", "是否务工"])
        for each in range(3):
            number = demo_id_number(date(1986, 7, 8), 440_000 + each, Sex.FEMALE)
            writer.writerow([f"外来{each}", number, f"1000003000{each}", "否"])
    page.goto("/imports")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("summary", has_text="只对账不入库").click()
    page.locator("select[name=purpose]").select_option("compare")
    kept_by = page.get_by_label("进入哪里的台账")
    if kept_by.count():
        kept_by.select_option(index=1)
    page.locator("form[action='/imports'] button.main").click()
    page.wait_for_url("**/imports/*")
    page.get_by_role("button", name="开始对账").click(timeout=60_000)
    page.wait_for_url("**/comparisons/*")
    expect(page.locator("p.lead", has_text="对方名册")).to_be_visible(timeout=60_000)
    return page.url.partition("?")[0]


def wrong_at(page: Page, addresses: dict[str, str], folder: Path) -> list[str]:
    wrong = []
    for name, address in addresses.items():
        for size, viewport in SIZES.items():
            page.emulate_media(media="print" if size == "a4" else "screen")
            page.set_viewport_size(viewport)
            page.goto(address)
            page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)
            across = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if across > 0:
                wrong.append(f"{name} at {size}: sticks out by {across} px")
            if size != "a4":
                found = Axe().run(page).response["violations"]
                wrong += [
                    f"{name} at {size}: {one['id']}: {one['nodes'][0]['html'][:200]}"
                    for one in found
                    if one["impact"] in ("serious", "critical")
                ]
    page.emulate_media(media="screen")
    page.set_viewport_size(SIZES["desk"])
    return wrong


@pytest.mark.deep
def test_households_at_three_sizes(clerk, tmp_path: Path) -> None:
    page = clerk.page
    page.goto("/households")
    one = page.locator("#list tbody a").first.get_attribute("href")
    page.goto("/workers")
    worker = page.locator("#list tbody a").first.get_attribute("href")
    addresses = {
        "households": "/households",
        "household": one,
        "idle": "/households/idle",
        "new-household": "/households/new",
        "choose": f"{worker}/household?q=1",
    }
    assert wrong_at(page, addresses, tmp_path) == []
    assert clerk.complaints == []


def test_a_household_that_has_nobody_at_work_is_asked(clerk) -> None:
    page = clerk.page
    page.goto("/households/idle?contacted=false")
    first = page.locator("ul.cards > li:not(.heading)").first
    address = first.get_by_role("link").first.get_attribute("href")
    first.locator("summary", has_text="记下联系情况").click()
    first.get_by_label("情况").last.fill("下月可以就近上班")
    first.get_by_role("button", name="保存").click()
    page.wait_for_url("**/households/idle?done=contacted")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("下月可以就近上班")


def test_two_ledgers_at_three_sizes_and_a_row_answered_in_place(clerk, tmp_path: Path) -> None:
    page = clerk.page
    address = compared(page, tmp_path)
    addresses = {
        "comparisons": "/comparisons",
        "there": f"{address}?standing=only_there",
        "here": f"{address}?standing=only_here",
    }
    assert wrong_at(page, addresses, tmp_path) == []
    page.goto(f"{address}?standing=only_there")
    row = page.locator("li.found").first
    number = row.get_attribute("id")
    row.get_by_role("button", name="登记到台账").click()
    expect(page.locator(f"#{number}")).to_contain_text("已登记")
    expect(page.locator("#left")).to_contain_text("已处理1行")
    assert page.url.endswith("standing=only_there")
    second = page.locator("li.found").nth(1)
    second.locator("summary", has_text="写明情况").click()
    second.get_by_label("为什么不一致").fill("外县人，已告知对方")
    second.get_by_role("button", name="保存").click()
    expect(page.locator("#left")).to_contain_text("已处理2行")
    page.locator("li.found").nth(1).get_by_role("button", name="撤销").click()
    expect(page.locator("#left")).to_contain_text("已处理1行")
    assert clerk.complaints == []
