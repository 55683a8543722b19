"""A clerk's desk: her browser, the files that she sends and saves, and what a page says in figures."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from api.workbooks.reading import Cell, sheets

from .conftest import Service

COUNTY = "610728"
SLOW = 60_000
_ACROSS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Desk:
    """The clerk's browser: every page that she comes by is looked at, wide and narrow."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def look(self, name: str) -> None:
        """A picture, the gravest of what axe finds, and whether anything sticks out on a telephone."""
        if name in self.seen:
            return
        self.seen.add(name)
        page = self.page
        self.wrong += [
            f"{name}: {found['id']}: {found['nodes'][0]['html'][:200]}"
            for found in Axe().run(page).response["violations"]
            if found["impact"] in ("serious", "critical")
        ]
        page.screenshot(path=self.folder / f"{len(self.seen):02d}-{name}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 800})
        for _ in range(30):  # charts follow the window's new width a moment later
            if (across := page.evaluate(_ACROSS)) <= 0:
                break
            page.wait_for_timeout(100)
        else:
            self.wrong.append(f"{name} at 360 px sticks out by {across} px")
        page.screenshot(path=self.folder / f"{len(self.seen):02d}-{name}-narrow.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 768})

    def send(self, files: dict[str, bytes]) -> None:
        """Drop files on the import page."""
        page = self.page
        page.goto("/imports")
        page.locator("input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "application/octet-stream", "buffer": content}
                for name, content in files.items()
            ]
        )
        page.get_by_label("进入哪里的台账").select_option(COUNTY)
        self.look("导入")
        page.get_by_role("button", name="上传并核对").click()
        page.wait_for_url(re.compile(r"/imports(/\d+|\?done=)"))

    def checked(self) -> dict[str, str]:
        """Wait until every file on the list is looked through; where each one's page is."""
        page = self.page
        page.goto("/imports")
        expect(page.locator("#list")).not_to_contain_text(re.compile("读取中|核对中|入库中"), timeout=SLOW)
        return {
            link.inner_text(): link.get_attribute("href") or "" for link in page.locator("#list th a").all()
        }

    def apply(self, address: str) -> None:
        """Let one file go into the ledger."""
        page = self.page
        page.goto(address)
        page.locator("summary", has_text="入库").first.click(timeout=SLOW)
        page.get_by_role("button", name="确认入库").click()
        expect(page.get_by_role("heading", name="逐行结果", exact=True)).to_be_visible(timeout=SLOW)

    def saved(self, trigger: Locator) -> tuple[str, bytes]:
        """A file that a press brings."""
        with self.page.expect_download(timeout=SLOW) as coming:
            trigger.click()
        path = self.folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return coming.value.suggested_filename, path.read_bytes()

    def check_doubts(self) -> None:
        """疑点: look at everybody of the county again."""
        page = self.page
        page.goto("/doubts")
        page.get_by_label("检查哪里").select_option(COUNTY)
        page.get_by_role("button", name="检查").first.click()
        expect(page.get_by_role("button", name="检查").first).to_be_visible(timeout=SLOW)


def rows_of(content: bytes, name: str) -> list[list[Cell]]:
    """The rows of the first sheet, read as any file that comes in."""
    return next([row for _, row in sheet.rows] for sheet in sheets(content, name=name))


def counts(page: Page, service: Service) -> tuple[int, int]:
    """How many people and how many stretches of work there are."""
    told = {"username": service.username, "password": service.password}
    token = page.request.post("/v1/token", form=told).json()["access_token"]
    found = [
        page.request.get(f"/v1/{what}?limit=1", headers={"Authorization": f"Bearer {token}"}).json()["total"]
        for what in ("workers", "spells")
    ]
    return found[0], found[1]


def tab(page: Page, words: str) -> Locator:
    return page.get_by_role("navigation", name="按结果").get_by_role("link", name=re.compile(f"^{words}"))


def figure(page: Page) -> int:
    """How many the sentence above a register says there are."""
    return int(page.locator("p.lead b").first.inner_text().replace(",", ""))


def below(page: Page) -> int:
    """What the places below a register's region add up to."""
    listed = page.locator("section[aria-labelledby=below] li b")
    return sum(int(words.replace(",", "")) for words in listed.all_inner_texts())


def on_paper(desk: Desk, name: str) -> str:
    """The printed page's words, and a picture of its first sheet."""
    page = desk.page
    desk.look(f"打印-{name}")
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 lying, within its margins
    page.screenshot(path=desk.folder / f"纸-{name}.png", full_page=True)
    printed = page.locator("body").inner_text()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(media="screen")
    return printed
