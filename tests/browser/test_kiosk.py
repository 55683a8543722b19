"""The kiosk in a real browser: without the network, a crash in the middle, two devices for one person, a stolen device."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from .kiosk_day import SLOW, Day, day, greeted, offline, online, press, scan, synced

__all__ = ["day"]
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


def test_a_whole_visit_without_the_network_and_nothing_is_lost(day: Day) -> None:
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
    expect(page.locator(".mark")).to_contain_text("排队号", timeout=SLOW)
    for _ in range(of - 1):
        press(page, "看下一个")
    press(page, "想去")
    expect(page.locator(".mark")).to_contain_text("排队号", timeout=SLOW)
    press(page, "看完了")
    expect(page.locator(".lines li")).to_have_count(2, timeout=SLOW)
    press(page, "打印小票")
    # The page's policy lets no text be run, a waiting predicate neither.
    while not (slip := page.evaluate("window.printed || ''")):
        page.wait_for_timeout(100)
    assert slip.count("号展位") == 2 and slip.count("排队号 A") == 2
    assert day.guest.name not in slip
    expect(page.locator("#state")).to_contain_text("3条记录存在本机", timeout=SLOW)
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
    expect(page.locator(".mark")).to_contain_text("排队号A01", timeout=SLOW)
    page.close()  # as when the browser dies: no farewell, no clearing away
    again = context.new_page()
    again.goto("/kiosk")
    expect(again.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    assert "您好" not in again.content()
    # Scanned again, she sees what she has chosen, and holds the same place.
    scan(again, day.guest.code)
    greeted(again, day.guest)
    expect(again.locator(".mark")).to_contain_text("排队号A01", timeout=SLOW)
    press(again, "不去了")
    expect(again.locator(".mark")).to_have_count(0, timeout=SLOW)
    press(again, "想去")
    expect(again.locator(".mark")).to_contain_text("排队号A02", timeout=SLOW)
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
        expect(page.locator(".mark")).to_contain_text("排队号", timeout=SLOW)
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
    expect(page.locator(".mark")).to_contain_text("排队号", timeout=SLOW)
    page.close()
    thief = context.new_page()
    thief.goto("/kiosk")
    expect(thief.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    held = thief.evaluate(HELD)
    kept = json.loads(held)
    # A page that is only just opened may have sent the first of the two before it was told to have no network.
    assert len(kept["cards"]) == len(day.people) and kept["queue"]
    for who in day.people:
        assert who.name not in held and who.code not in held
    assert not re.search(r"(女士|先生)", held)
    assert not re.search(r"\b[0-9]{17}[0-9X]\b", held)
    assert not [path for path in kept["cached"] if path.startswith("/kiosk/v1")]
    # Revoked, it is nobody at once, and forgets even that.
    came = day.clerk.board(day.fair)
    day.clerk.ask("POST", f"/v1/fairs/{day.fair}/devices/{number}/revoke")
    online(context)
    expect(thief.get_by_role("heading", level=1).first).to_contain_text("本机已停用", timeout=SLOW)
    empty = json.loads(thief.evaluate(HELD))
    assert (empty["cards"], empty["queue"], empty["facts"]) == ([], [], [])
    after = day.clerk.board(day.fair)
    assert (after["arrived"], after["wishes"]) == (came["arrived"], came["wishes"])


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
