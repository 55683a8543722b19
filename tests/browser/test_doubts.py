"""疑点 in a browser: check, read, write a reason and take it back, at three sizes."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]

SIZES = {
    "desk": {"width": 1366, "height": 768},
    "hand": {"width": 360, "height": 800},
    "a4": {"width": 718, "height": 1010},
}


def checked(page: Page) -> None:
    """The rules have run over the demonstration's county."""
    page.goto("/doubts")
    page.get_by_role("button", name="检查").first.click()
    # It may have been checked before: what counts is that this check is over.
    expect(page.locator("#progress")).to_have_count(0, timeout=60_000)
    expect(page.get_by_text("上次检查")).to_be_visible(timeout=60_000)


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.deep
def test_every_page_of_doubts_at_three_sizes(clerk, tmp_path: Path) -> None:
    page = clerk.page
    checked(page)
    person = page.goto("/doubts/list") and page.locator(".case h2 a[href^='/workers/']").first.get_attribute(
        "href"
    )
    addresses = {
        "overview": "/doubts",
        "list": "/doubts/list",
        "mended": "/doubts/list?state=mended",
        "integrity": "/doubts/integrity",
        "services": "/doubts/services",
        "person": person,
    }
    wrong = []
    for name, address in addresses.items():
        for size, viewport in SIZES.items():
            page.emulate_media(media="print" if size == "a4" else "screen")
            page.set_viewport_size(viewport)
            page.goto(address)
            page.screenshot(path=tmp_path / f"{name}-{size}.png", full_page=True)
            across = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if across > 0:
                wrong.append(f"{name} at {size}: sticks out by {across} px")
            if size != "a4":
                wrong += [f"{name} at {size}: {one}" for one in grave(page)]
    page.emulate_media(media="screen")
    assert wrong == []
    assert clerk.complaints == []


def test_a_reason_is_written_in_place_and_taken_back(clerk) -> None:
    page = clerk.page
    checked(page)
    page.goto("/doubts/list")
    first = page.locator("li.doubt").first
    number = first.get_attribute("id")
    first.locator("summary", has_text="写明原因").click()
    first.get_by_label("原因", exact=True).fill("已打电话核实，情况属实")
    first.get_by_role("button", name="保存").click()
    answered = page.locator(f"#{number}")
    expect(answered).to_contain_text("说明：已打电话核实，情况属实")
    answered.get_by_role("button", name="撤销说明").click()
    expect(page.locator(f"#{number}")).to_contain_text("上次的说明：已打电话核实")
    assert page.url.endswith("/doubts/list")
    assert clerk.complaints == []


def test_many_are_given_one_reason(clerk) -> None:
    page = clerk.page
    checked(page)
    page.goto("/doubts/list")
    before = int(page.locator(".lead b").inner_text())
    for box in page.locator(".pick input").all()[:2]:
        box.check()
    page.get_by_label("给打勾的疑点写同一个原因").fill("同一家企业统一发放，已核实")
    page.locator("#many").get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已写明原因")
    assert int(page.locator(".lead b").inner_text()) == before - 2
    assert clerk.complaints == []
