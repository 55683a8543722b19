"""What is typed is not lost: the service is killed in the middle of it, the session ends, the answer is an error; and nothing of
it lies about on the computer."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from models.account import Role

from .conftest import ROOT, Service, employ, log_in

pytestmark = [pytest.mark.browser, pytest.mark.server]
WORDS = "要照顾老人，等秋收以后"
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('typed'))"


class Killable:
    """The service on a port that stays the same, to be killed without a word and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.service = self.start()

    def start(self) -> Service:
        settings = {"WENGANG_DATA_FOLDER": str(self.folder / "data"), "WENGANG_DEMO_SCALE": "0.02"}
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "up", "--port", str(self.port), "--json"],
                cwd=ROOT,
                env=os.environ | settings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        greeting = self.process.stdout.readline()
        assert greeting, (self.folder / "log").read_text()
        # What it says later goes nowhere, but must not fill the pipe.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        self.process.stdout.close()
        return Service(**json.loads(greeting), folder=self.folder / "data")

    def kill(self) -> None:
        """As the power goes: it, and its worker with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self.drain.wait(30)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.drain.wait(30)


@pytest.fixture(scope="module")
def killable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    started = Killable(tmp_path_factory.mktemp("killed"))
    yield started
    started.stop()


@pytest.fixture
def page(browser: Browser, killable: Killable) -> Iterator[Page]:
    """A clerk's tab, at one person's page."""
    with browser.new_context(
        base_url=killable.service.url, locale="zh-CN", viewport={"width": 1366, "height": 768}
    ) as context:
        tab = context.new_page()
        log_in(tab, killable.service, killable.service.username)
        tab.goto("/workers")
        tab.goto(str(tab.locator("#list tbody th a").first.get_attribute("href")))
        yield tab


def wish(page: Page) -> Any:
    """The field of why somebody does not want out."""
    return page.locator("form[action$='/intention'] input[name=reason]")


def becomes(page: Page, *, kept: bool) -> None:
    """Until something is kept, or nothing."""
    for _ in range(100):  # the policy of the page lets no test wait inside of it
        if bool(page.evaluate(KEPT)) is kept:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(KEPT))


def type_wish(page: Page, words: str = WORDS) -> None:
    form = page.locator("details", has=page.locator("form[action$='/intention']")).last
    if not wish(page).is_visible():
        form.locator("summary").first.click()
    wish(page).fill("")
    wish(page).press_sequentially(words)
    becomes(page, kept=True)


def untouched(page: Page) -> None:
    """Nothing was put back, a moment after the page has come."""
    page.wait_for_timeout(300)
    told = page.locator(".typed-back").all_inner_texts()
    assert told == [], (told, page.evaluate(f"{KEPT}.join()"))


def save(page: Page) -> None:
    page.get_by_role("button", name="保存意愿").click()


@pytest.mark.deep
def test_killed_while_somebody_types_and_started_again(page: Page, killable: Killable) -> None:
    here = page.url
    type_wish(page)
    killable.kill()
    save(page)
    said = page.get_by_role("alert")
    expect(said).to_contain_text("没有送出，内容还在")
    expect(wish(page)).to_have_value(WORDS)
    assert page.url == here
    # Once more while nobody is there.
    page.get_by_role("button", name="再送一次").click()
    expect(said).to_contain_text("没有送出")
    killable.start()
    page.get_by_role("button", name="再送一次").click()
    expect(page.get_by_role("status").first).to_contain_text("已保存", timeout=30_000)
    expect(page.locator("section[aria-labelledby=wish] dl")).to_contain_text(WORDS)
    assert page.evaluate(KEPT) == [], "it was saved: nothing is kept"
    page.reload()
    untouched(page)


def test_a_reload_and_a_restart_between_bring_it_back_and_nothing_of_it_can_be_read(
    page: Page, killable: Killable
) -> None:
    words = "只想在本县，离家近"
    type_wish(page, words)
    lies_there = page.evaluate(
        "JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage}) + document.cookie"
    )
    assert words not in lies_there and "本县" not in lies_there
    killable.kill()
    killable.start()
    page.reload()
    expect(wish(page)).to_be_visible()
    expect(wish(page)).to_have_value(words)
    expect(page.locator(".typed-back")).to_contain_text(
        re.compile("[0-9]{2}:[0-9]{2}输入、没有提交的内容还在")
    )
    page.get_by_role("button", name="不要了，清除").click()
    expect(wish(page)).not_to_have_value(words)
    page.reload()
    untouched(page)


def test_who_has_to_log_in_again_comes_back_to_the_text(page: Page, killable: Killable) -> None:
    here, words = page.url, "孩子明年上学"
    type_wish(page, words)
    page.context.clear_cookies()
    save(page)
    page.wait_for_url(re.compile(r"/login\?next="))
    page.get_by_label("用户名").fill(killable.service.username)
    page.get_by_label("密码").fill(killable.service.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(here)
    expect(wish(page)).to_have_value(words)
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("已保存")
    assert page.evaluate(KEPT) == []


def test_an_error_leads_back_and_a_refusal_keeps_it(page: Page) -> None:
    words = "路费太贵"
    type_wish(page, words)
    page.route(
        "**/intention",
        lambda route: route.fulfill(status=500, body="<p>broken</p>", content_type="text/html"),
    )
    save(page)
    expect(page.get_by_text("broken")).to_be_visible()
    page.unroute("**/intention")
    page.go_back()
    expect(wish(page)).to_have_value(words)
    # What the service refuses it brings back itself; the words are still kept then.
    page.locator("form[action$='/intention'] input[name=pay_floor]").fill("很高")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    expect(wish(page)).to_have_value(words)
    assert page.evaluate(KEPT) != []


def test_nothing_is_left_for_who_sits_down_next(page: Page, killable: Killable) -> None:
    here = page.url
    employ(killable.service, "another", Role.CITY, "5223")
    type_wish(page)
    # Too old: as if nine hours had gone.
    page.evaluate(
        "for (const name of Object.keys(sessionStorage)) if (name.startsWith('typed:')) {"
        " const [at, ...rest] = sessionStorage.getItem(name).split('|');"
        " sessionStorage.setItem(name, [at - 9 * 3600e3, ...rest].join('|')); }"
    )
    page.reload()
    untouched(page)
    becomes(page, kept=False)
    # Somebody else: what can't be opened is thrown away.
    type_wish(page)
    log_in(page, killable.service, "another")
    page.goto(here)
    becomes(page, kept=False)
    untouched(page)
    type_wish(page)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile(r"/login\?out="))
    # The address of the page that is shown, kept by htmx, is all that there is.
    assert page.evaluate("Object.values(sessionStorage)") in ([], ["/login?out=true"])


def test_passwords_and_codes_are_never_kept(page: Page) -> None:
    page.goto("/me")
    for form in page.locator("main form:has(input[type=password])").all():
        form.evaluate(
            "(form) => { for (let up = form.closest('details'); up; up = up.parentElement.closest('details')) up.open = true; }"
        )
        for field in form.locator("input[type=text], input[type=password], input:not([type])").all():
            field.fill("right-horse-battery")
    page.wait_for_timeout(500)
    assert page.evaluate(KEPT) == []
