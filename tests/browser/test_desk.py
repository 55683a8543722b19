"""A day by keyboard alone: from the log-in to a person put forward, undone, put forward again, and a call noted."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Service

pytestmark = [pytest.mark.browser, pytest.mark.server]


def grave(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    return [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '').trim()"
        )
    )


def tab_to(page: Page, words: str, most: int = 120) -> None:
    """Tab until something of these words has the cursor, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.search(words, focused(page)):
            assert page.evaluate("document.activeElement.matches(':focus-visible')"), words
            return
    raise AssertionError(f"{words} can't be reached")


def go(page: Page, letter: str, address: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(f"**{address}")


def somebody_to_place(page: Page) -> str:
    """Down the list until a person without work for whom there are posts to compare; her address."""
    for _ in range(40):
        page.keyboard.press("j")
        row = page.evaluate("document.activeElement.closest('tr').innerText")
        if "未就业" not in row:
            continue
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/workers/\d+$"))
        if page.get_by_role("link", name=re.compile("放在一起比")).count():
            return page.url
        page.go_back()
        page.wait_for_url(re.compile(r"/workers(\?.*)?$"))
    raise AssertionError("nobody who could be put forward")


def test_a_day_without_a_mouse(watched, service: Service) -> None:
    page: Page = watched.page
    page.goto("/login")
    page.keyboard.type(service.username)
    page.keyboard.press("Tab")
    page.keyboard.type(service.password)
    page.keyboard.press("Enter")
    page.wait_for_url(service.url + "/")
    expect(page.locator("#today")).not_to_have_attribute("aria-busy", "true", timeout=60_000)
    wrong = grave(page)

    # The first Tab offers to skip the menu.
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    wrong += grave(page)
    page.keyboard.press("g")
    page.keyboard.press("t")
    assert page.url == service.url + "/", "under the open table no key does anything"
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).not_to_be_visible()

    # / and typing: letters in a field are letters.
    go(page, "t", "/workers")
    page.keyboard.press("/")
    page.keyboard.type("gtjk")
    expect(page.locator("form[role=search] input[type=search]")).to_have_value("gtjk")
    page.wait_for_url("**/workers?q=gtjk*")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("#list tbody tr").first).to_be_visible()
    page.keyboard.press("Escape")
    first = page.locator("#list tbody tr").nth(0).get_by_role("link").first
    second = page.locator("#list tbody tr").nth(1).get_by_role("link").first
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    here = somebody_to_place(page)

    # The next of the list and back again.
    page.keyboard.press("n")
    page.wait_for_url(lambda url: re.search(r"/workers/\d+$", url) is not None and url != here)
    page.keyboard.press("p")
    page.wait_for_url(here)
    wrong += grave(page)

    tab_to(page, "放在一起比")
    page.keyboard.press("Enter")
    page.wait_for_url("**/beside")
    wrong += grave(page)
    tab_to(page, "推荐到这个岗位")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已推荐")
    tab_to(page, "撤销这次推荐")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已撤回")
    tab_to(page, "推荐到这个岗位")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已推荐")
    expect(page.get_by_text("撤销这次推荐").first).to_be_visible()

    # A call: to the first who is due, what was found, sent without leaving the keys.
    go(page, "f", "/follow-ups")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("input[name=worker]:checked").count() == 1
    page.keyboard.press("x")
    tab_to(page, "登记联系结果")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.name + document.activeElement.checked") == "foundtrue"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("已记下这次随访")

    for address in ("/help", "/record", "/vacancies/new", "/today"):
        page.goto(address)
        wrong += grave(page)
    assert wrong == []
    assert watched.complaints == []


def test_the_letters_can_be_switched_off_and_the_sending_key_still_works(clerk) -> None:
    page: Page = clerk.page
    page.goto("/help")
    page.locator("main").get_by_label("关掉单个字母的快捷键").check()
    page.goto("/workers")
    page.keyboard.press("g")
    page.keyboard.press("y")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).not_to_be_visible()
    assert page.url.endswith("/workers")
    page.locator("form[role=search] input[type=search]").fill("wang")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/workers?q=wang*")
    page.goto("/help")
    page.locator("main").get_by_label("关掉单个字母的快捷键").uncheck()
    page.goto("/workers")
    page.keyboard.press("g")
    page.keyboard.press("y")
    page.wait_for_url("**/doubts")


def test_by_a_chinese_input_method_the_keys_are_known_by_their_place(clerk) -> None:
    page: Page = clerk.page
    page.goto("/workers")
    press = "(code, key, shiftKey) => document.body.dispatchEvent(new KeyboardEvent('keydown', { code, key, shiftKey, bubbles: true, cancelable: true }))"
    page.evaluate(f"({press})('Slash', '、', false)")
    expect(page.locator("form[role=search] input[type=search]")).to_be_focused()
    page.locator("form[role=search] input[type=search]").blur()
    page.evaluate(f"({press})('Slash', '？', true)")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    page.evaluate(f"({press})('KeyG', 'Process', false)")
    page.evaluate(f"({press})('KeyY', 'Process', false)")
    page.wait_for_url("**/doubts")
