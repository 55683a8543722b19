"""The kiosk in a real browser: without the network, a crash in the middle, two devices for one person, a stolen device."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Service, log_in
from .kiosk_day import SLOW, Clerk, Invited, enrolled, printed, scan

pytestmark = [pytest.mark.browser, pytest.mark.server]

HELD = """async () => {
  const all = {};
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((resolve) => { const asked = indexedDB.open(name); asked.onsuccess = () => resolve(asked.result); });
    for (const store of base.objectStoreNames) {
      all[store] = await new Promise((resolve) => {
        const asked = base.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
      });
    }
    base.close();
  }
  all.local = Object.entries(localStorage).concat(Object.entries(sessionStorage));
  all.cached = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) all.cached.push(new URL(request.url).pathname);
  }
  return JSON.stringify(all);
}"""
"""All that the device keeps, of whatever kind."""


class Day:
    """A fair of today's, and kiosks that stand there."""

    def __init__(self, browser: Browser, service: Service) -> None:
        self.browser, self.service, self.clerk = browser, service, Clerk(service)
        self.fair = self.clerk.fair()
        console = browser.new_context(base_url=service.url, locale="zh-CN")
        page = console.new_page()
        log_in(page, service, service.username)
        self.people: list[Invited] = printed(page, self.fair, self.clerk)
        console.close()
        self.open: list[BrowserContext] = []

    @property
    def guest(self) -> Invited:
        """Whom the booths suit."""
        return self.people[0]

    def kiosk(
        self, name: str = "入口", width: int = 1080, height: int = 1920
    ) -> tuple[BrowserContext, Page, int]:
        """A kiosk that is enrolled."""
        number, code = self.clerk.device(self.fair, name)
        context = self.browser.new_context(
            base_url=self.service.url, locale="zh-CN", viewport={"width": width, "height": height}
        )
        self.open.append(context)
        return context, enrolled(context, code), number

    def wishes(self, worker: int) -> list[dict[str, Any]]:
        """What the service knows of somebody's wishes."""
        found = [each for each in self.clerk.visits(self.fair) if each["worker"]["id"] == worker]
        return found[0]["wishes"] if found else []


@pytest.fixture
def day(browser: Browser, service: Service) -> Iterator[Day]:
    made = Day(browser, service)
    yield made
    for context in made.open:
        context.close()
    made.clerk.rest.close()


def greeted(page: Page, who: Invited) -> None:
    """The person's card is open: greeted by surname, and by no more of the name."""
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(f"{who.name[0]}(女士|先生)?，您好"), timeout=SLOW
    )
    assert who.name not in page.locator("body").inner_text()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def offline(context: BrowserContext, page: Page) -> None:
    # A page that is opened while the context has no network may ask before it is told so.
    context.route("**/kiosk/v1/**", lambda route: route.abort())
    context.set_offline(True)
    expect(page.locator("#state")).to_contain_text("没有网络", timeout=SLOW)


def online(context: BrowserContext) -> None:
    context.unroute("**/kiosk/v1/**")
    context.set_offline(False)


def synced(context: BrowserContext, page: Page) -> None:
    online(context)
    expect(page.locator("#state")).to_contain_text("全部上传", timeout=SLOW)


def test_a_whole_visit_without_the_network_and_nothing_is_lost(day: Day, tmp_path: Path) -> None:
    context, page, _ = day.kiosk()
    page.add_init_script(
        "window.print = () => { window.printed = document.querySelector('.slip').innerText; }"
    )
    page.reload()
    offline(context, page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    scan(page, day.guest.code)
    greeted(page, day.guest)
    first = page.locator("article")
    expect(first).to_contain_text("元/月")
    expect(first).to_contain_text("为什么推荐")
    of = int(re.findall(r"共(\d+)个", page.locator(".lead").inner_text())[0])
    assert 1 < of <= 6
    press(page, "想去")
    expect(page.locator(".mark")).to_contain_text("排队号")
    for _ in range(of - 1):
        press(page, "看下一个")
    press(page, "想去")
    expect(page.locator(".mark")).to_contain_text("排队号")
    press(page, "看完了")
    expect(page.locator(".lines li")).to_have_count(2)
    press(page, "打印小票")
    slip = page.wait_for_function("window.printed").json_value()
    assert slip.count("号展位") == 2 and slip.count("排队号 A") == 2
    assert day.guest.name not in slip
    expect(page.locator("#state")).to_contain_text("3条记录存在本机")
    assert day.clerk.board(day.fair)["arrived"] == 0
    press(page, "结束")
    expect(page.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    assert "您好" not in page.content()
    synced(context, page)
    board = day.clerk.board(day.fair)
    assert (board["arrived"], board["with_wish"], board["wishes"]) == (1, 1, 2)
    tickets = {wish["ticket"] for wish in day.wishes(day.guest.worker)}
    assert all(f"排队号 {ticket}" in slip for ticket in tickets)


def test_a_crash_in_the_middle_keeps_what_was_said_and_forgets_who_said_it(day: Day) -> None:
    context, page, _ = day.kiosk()
    offline(context, page)
    scan(page, day.guest.code)
    greeted(page, day.guest)
    press(page, "想去")
    expect(page.locator(".mark")).to_contain_text("排队号A01")
    page.close()  # as when the browser dies: no farewell, no clearing away
    again = context.new_page()
    again.goto("/kiosk")
    expect(again.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    expect(again.locator("#state")).to_contain_text("2条记录存在本机", timeout=SLOW)
    assert "您好" not in again.content()
    # Scanned again, she sees what she has chosen, and holds the same place.
    scan(again, day.guest.code)
    greeted(again, day.guest)
    expect(again.locator(".mark")).to_contain_text("排队号A01")
    press(again, "不去了")
    expect(again.locator(".mark")).to_have_count(0)
    press(again, "想去")
    expect(again.locator(".mark")).to_contain_text("排队号A02")
    synced(context, again)
    [wish] = day.wishes(day.guest.worker)
    assert (wish["wanted"], wish["ticket"]) == (True, "A02")


def test_two_devices_for_one_person_give_one_visit_and_one_place(day: Day) -> None:
    one, two = day.kiosk("一"), day.kiosk("二")
    for context, page, _ in (one, two):
        offline(context, page)
        scan(page, day.guest.code)
        greeted(page, day.guest)
        press(page, "想去")
        expect(page.locator(".mark")).to_contain_text("排队号")
    # The second device comes back first.
    for context, page, _ in (two, one):
        synced(context, page)
    board = day.clerk.board(day.fair)
    assert (board["arrived"], board["wishes"]) == (1, 1)
    assert sum(booth["waiting"] for booth in board["booths"]) == 1
    [wish] = day.wishes(day.guest.worker)
    assert wish["ticket"] == "B01", "the slip that was printed last"


def test_a_stolen_device_yields_nobodys_data(day: Day) -> None:
    context, page, number = day.kiosk()
    offline(context, page)
    scan(page, day.guest.code)
    greeted(page, day.guest)
    press(page, "想去")
    expect(page.locator(".mark")).to_contain_text("排队号")
    page.close()
    thief = context.new_page()
    thief.goto("/kiosk")
    expect(thief.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    held = thief.evaluate(HELD)
    kept = json.loads(held)
    assert len(kept["cards"]) == len(day.people) and len(kept["queue"]) == 2
    for who in day.people:
        assert who.name not in held and who.code not in held
    assert not re.search(r"(女士|先生)", held)
    assert not re.search(r"\b[0-9]{17}[0-9X]\b", held)
    assert not [path for path in kept["cached"] if path.startswith("/kiosk/v1")]
    # Revoked, it is nobody at once, and forgets even that.
    day.clerk.ask("POST", f"/v1/fairs/{day.fair}/devices/{number}/revoke")
    online(context)
    expect(thief.get_by_role("heading", level=1).first).to_contain_text("本机已停用", timeout=SLOW)
    empty = json.loads(thief.evaluate(HELD))
    assert (empty["cards"], empty["queue"], empty["facts"]) == ([], [], [])
    assert day.clerk.board(day.fair)["arrived"] == 0


def test_the_session_ends_by_itself(day: Day) -> None:
    _, page, _ = day.kiosk()
    page.clock.install()
    scan(page, day.guest.code)
    greeted(page, day.guest)
    expect(page.get_by_role("timer")).to_contain_text("秒后忘记您")
    page.clock.run_for(50_000)
    expect(page.locator("body.soon")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.clock.run_for(30_000)
    greeted(page, day.guest)
    page.clock.run_for(40_000)
    expect(page.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    assert "您好" not in page.content()


def test_without_a_card_the_list_is_honest_and_a_number_waits_sealed(day: Day) -> None:
    context, page, _ = day.kiosk()
    offline(context, page)
    press(page, "没有邀请，看看岗位")
    for _ in range(4):
        press(page, "都可以")
    expect(page.locator(".lead")).to_contain_text("没有按您的情况排序")
    expect(page.locator("article")).not_to_contain_text("为什么推荐")
    press(page, "想去")
    for letter in "610728196905010020":
        press(page, letter)
    press(page, "确定")
    expect(page.locator(".mark")).to_contain_text("排队号", timeout=SLOW)
    assert "610728196905010020" not in page.evaluate(HELD)
    assert "610728196905010020" not in page.content()
    synced(context, page)
    assert day.clerk.board(day.fair)["waiting_for_identity"] == 2


@contextmanager
def reader(text: str) -> Iterator[None]:
    """A reader's program on this machine, simulated: it reads one card and then waits."""
    left = [text]

    class Bridge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = left.pop() if left else None
            self.send_response(200 if found else 204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            if found:
                self.wfile.write(json.dumps({"text": found}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 17580), Bridge)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()


def test_a_readers_program_is_asked_on_this_machine(day: Day) -> None:
    number, code = day.clerk.device(day.fair, "有读卡器")
    context = day.browser.new_context(base_url=day.service.url, locale="zh-CN")
    day.open.append(context)
    page = context.new_page()
    with reader(day.guest.code):
        page.goto("/kiosk")
        page.get_by_label("启用码").fill(code)
        page.get_by_label("本机装有读卡程序").check()
        press(page, "启用")
        greeted(page, day.guest)
    assert number


def test_old_eyes_and_thumbs(day: Day, tmp_path: Path) -> None:
    """On a standing and on a lying screen: nothing serious for axe, no small words, no small targets, nothing sticks out."""
    wrong: list[str] = []

    def look(page: Page, name: str) -> None:
        wrong.extend(
            f"{name}: {found['id']}"
            for found in Axe().run(page).response["violations"]
            if found["impact"] in ("serious", "critical")
        )
        small = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter((element) => element.offsetParent
              && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
              && parseFloat(getComputedStyle(element).fontSize) < 24).map((element) => element.outerHTML.slice(0, 80))"""
        )
        targets = page.evaluate(
            """() => [...document.querySelectorAll('button, input, a')].filter((element) => element.offsetParent)
              .map((element) => (element.closest('label') || element).getBoundingClientRect())
              .filter((box) => box.width < 64 || box.height < 64).length"""
        )
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.screenshot(path=tmp_path / f"{name}.png")
        wrong.extend(f"{name}: {words}" for words in small)
        if targets or across > 0:
            wrong.append(f"{name}: {targets} small targets, {across} px across")

    for shape, width, height in (("standing", 1080, 1920), ("lying", 1024, 768)):
        context, page, _ = day.kiosk(shape, width, height)
        look(page, f"{shape}-welcome")
        press(page, "输入号码")
        look(page, f"{shape}-number")
        press(page, "‹ 返回")
        expect(page.get_by_role("button", name="没有邀请，看看岗位")).to_be_visible(timeout=SLOW)
        press(page, "没有邀请，看看岗位")
        look(page, f"{shape}-question")
        press(page, "‹ 返回")
        expect(page.get_by_role("button", name="输入号码")).to_be_visible(timeout=SLOW)
        scan(page, day.guest.code)
        greeted(page, day.guest)
        look(page, f"{shape}-card")
        press(page, "拼音")
        expect(page.locator("article rt").first).to_be_visible()
        look(page, f"{shape}-pinyin")
        press(page, "想去")
        expect(page.locator(".mark")).to_be_visible()
        look(page, f"{shape}-chosen")
        context.close()
        day.open.remove(context)
    assert wrong == []


def test_it_speaks_where_the_machine_has_a_voice_of_its_own(day: Day) -> None:
    context, page, _ = day.kiosk()
    expect(page.get_by_role("button", name="拼音")).to_be_visible()
    expect(page.get_by_role("button", name="听一听")).to_have_count(0)
    context.add_init_script(
        """window.said = [];
        window.SpeechSynthesisUtterance = function (text) { this.text = text; };
        Object.defineProperty(window, "speechSynthesis", { value: { cancel() {}, addEventListener() {},
          getVoices: () => [{ lang: "zh-CN", localService: false }, { lang: "zh-CN", localService: true, name: "own" }],
          speak: (told) => window.said.push([told.voice.name, told.text]) } });"""
    )
    page.reload()
    scan(page, day.guest.code)
    greeted(page, day.guest)
    press(page, "听一听")
    [(voice, text)] = page.evaluate("window.said")
    assert voice == "own" and "您好" in text and "元/月" in text
