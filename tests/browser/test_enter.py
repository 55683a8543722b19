"""What Enter and Ctrl+Enter press on a page with several buttons: never one that is about something else."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]


def quiet(page: Page, address: str) -> None:
    """Nothing was sent: the page is the one that it was, and says nothing."""
    page.wait_for_timeout(500)
    assert page.url == address
    assert page.locator("main > .notice").count() == 0


def test_enter_beside_a_reason_approves_nothing(clerk) -> None:
    page: Page = clerk.page
    page.goto("/benefits/demo_travel")
    ticks = page.locator("input[name=worker]")
    ticks.first.check()
    ticks.first.press("Control+Enter")
    page.wait_for_url(re.compile(r"/benefits/batches/\d+\?done=claimed"))
    page.goto(page.url.partition("?")[0])
    here = page.url
    lead = page.locator("p.lead")
    expect(lead).to_contain_text("村级核查1条")
    tick = page.locator("input[name=claim]").first
    tick.check()
    for key in ("Enter", "Control+Enter"):  # four buttons, and none of them is meant
        tick.press(key)
        quiet(page, here)
    page.locator("th[scope=row] a").first.focus()
    page.keyboard.press("Control+Shift+Enter")
    assert page.url == here, "a link is no button"
    # What is ticked is counted beside the button that is about it.
    page.locator("summary", has_text="核查通过").click()
    expect(page.locator("[data-sums]").first).to_contain_text(re.compile("停在这一步的有1条，合计[0-9.]+元"))
    page.locator("summary", has_text="不予发放").click()
    reason = page.get_by_label("原因")
    reason.fill("反映情况不实")
    reason.press("Enter")
    quiet(page, here)
    reason.press("Control+Enter")
    page.wait_for_url(re.compile("done="))
    expect(lead).to_contain_text("不予发放1条")
    assert clerk.complaints == []
