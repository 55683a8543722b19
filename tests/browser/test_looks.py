"""Every page at three sizes: nothing to complain of, nothing sticks out, nothing that a reader with aids would miss."""

import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]

DESK, HAND = {"width": 1366, "height": 768}, {"width": 360, "height": 800}
A4 = {"width": 718, "height": 1010}
"""The printable part of an A4 sheet in CSS pixels."""
LONGEST = 2.0


def imported(page: Page, folder: Path) -> str:
    """The page of an import whose one advertisement is held back."""
    file = folder / "held.jsonl"
    file.write_text(
        '{"title": "质检员", "gender_req": "女", "description": "负责家纺产品的检验和包装"}', "utf-8"
    )
    page.goto("/imports")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("进入哪里的台账").select_option(index=1)
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("p.lead")).to_contain_text("1行违规", timeout=30_000)
    return page.url.partition("?")[0]


def pages(page: Page, folder: Path) -> dict[str, str]:
    """A name and an address for every kind of page, found by following the first link of each list."""
    result = imported(page, folder)

    def first(listing: str, link: str) -> str:
        page.goto(listing)
        return str(page.locator(link).first.get_attribute("href"))

    return {
        "home": "/",
        "target": first("/", "li.task a"),
        "workers": "/workers",
        "nobody": "/workers?q=zzzz",
        "new-worker": "/workers/new",
        "worker": first("/workers", "#list tbody a"),
        "applications": "/applications",
        "vacancies": "/vacancies",
        "vacancy": first("/vacancies?state=published", "#list tbody a"),
        "held": first("/vacancies?state=held", "#list tbody a"),
        "imports": "/imports",
        "import": result,
        "login": "/login",
        "used-link": "/login/used",
        "missing": "/nothing-here",
    }


def opened(page: Page, address: str) -> float:
    """Open the page; the seconds it took."""
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_load_state("load")
    return time.perf_counter() - begun


def grave(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_every_page_at_three_sizes(clerk, tmp_path: Path) -> None:
    page = clerk.page
    wrong: list[str] = []
    for name, address in pages(page, tmp_path).items():
        for size, viewport in (("desk", DESK), ("hand", HAND), ("a4", A4)):
            page.emulate_media(media="print" if size == "a4" else "screen")
            page.set_viewport_size(viewport)
            took = opened(page, address)
            if took > LONGEST:  # once more: another test may have had the processor
                took = opened(page, address)
            page.screenshot(path=tmp_path / f"{name}-{size}.png", full_page=True)
            if took > LONGEST:
                wrong.append(f"{name} at {size}: {took:.1f} s")
            across = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if across > 0:
                wrong.append(f"{name} at {size}: sticks out by {across} px")
            foreign = re.findall(
                r"[A-Za-z]{3,}",
                page.locator("body").inner_text().replace("held.jsonl", "").replace(".jsonl", ""),
            )
            if foreign:
                wrong.append(f"{name} at {size}: {foreign}")
            if size != "a4":
                wrong += [f"{name} at {size}: {one}" for one in grave(page)]
        page.emulate_media(media="screen")
    assert wrong == []
    # The browser itself notes that a page that is not there was not there.
    assert [
        one for one in clerk.complaints if "status of 404" not in one and "status of 410" not in one
    ] == []


def test_the_address_bar_shows_what_was_looked_for(clerk) -> None:
    page = clerk.page
    page.goto("/workers")
    page.get_by_label("姓名或拼音").press_sequentially("wang")
    page.wait_for_url("**/workers?q=wang*")
    assert all(name.startswith(("王", "汪")) for name in page.locator("#list tbody th a").all_inner_texts())
    assert clerk.complaints == []


def test_typing_into_each_search_box_changes_its_list(clerk) -> None:
    page = clerk.page
    for address, words in (("/workers", "zhang"), ("/vacancies", "缝纫")):
        page.goto(address)
        before = page.locator("#list").inner_text()
        page.locator("form[role=search] input[type=search]").press_sequentially(words)
        page.wait_for_url(f"**{address}?q=*")
        expect(page.locator("#list tbody tr").first).to_be_visible()
        expect(page.locator("#list")).not_to_have_text(before, use_inner_text=True)
        expect(page.locator("#list [role=status]")).to_contain_text("符合条件")
        # Emptied again, every field of the form is sent and none of them is a condition.
        page.locator("form[role=search] input[type=search]").fill("")
        expect(page.locator("#list")).to_have_text(before, use_inner_text=True)
        for choice in page.locator("form[role=search] select").all():
            choice.select_option(index=1)
            expect(page.locator("#list")).not_to_have_text(before, use_inner_text=True)
            choice.select_option(index=0)
            expect(page.locator("#list")).to_have_text(before, use_inner_text=True)
    assert clerk.complaints == []
