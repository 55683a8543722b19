"""The kiosk as it is seen, pressed and heard."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .kiosk_day import SLOW, Day, day, greeted, press, scan

__all__ = ["day"]
pytestmark = [pytest.mark.browser, pytest.mark.server]


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
        expect(page.locator(".mark")).to_be_visible(timeout=SLOW)
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
    expect(page.get_by_role("button", name="听一听")).to_be_visible(timeout=SLOW)
    scan(page, day.guest.code)
    greeted(page, day.guest)
    press(page, "听一听")
    [(voice, text)] = page.evaluate("window.said")
    assert voice == "own" and "您好" in text and "元/月" in text
