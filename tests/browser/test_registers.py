"""报表 in a browser: look at a register, have it as a file, print a township's on A4."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_register_is_looked_at_fetched_and_printed(clerk) -> None:
    page = clerk.page
    page.get_by_role("link", name="报表", exact=True).click()
    page.get_by_role("link", name="脱贫劳动力册", exact=True).click()
    expect(page.locator(".lead")).to_contain_text("证件号码和电话已遮盖")
    page.get_by_role("button", name="下载（已遮盖）", exact=True).click()
    expect(page.get_by_text("可以下载").first).to_be_visible(timeout=30_000)
    with page.expect_download() as fetched:
        page.locator("#list th a").first.click()
    assert fetched.value.path().read_bytes().startswith(b"PK")

    page.goto("/registers/relieved")
    expect(page.get_by_role("heading", name="按下一级地区看")).to_be_visible()
    page.locator("section[aria-labelledby=below] a").first.click()
    page.get_by_role("link", name="打印", exact=True).click()
    expect(page.get_by_text("盖章")).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF") and b"/Type /Page" in paper
    assert clerk.complaints == []
