"""A fair prepared by a clerk at the console, and a kiosk that stands there."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Service, log_in

COUNTY = "610728"
SLOW = 60_000


@dataclass(frozen=True)
class Invited:
    """Somebody with a printed code."""

    worker: int
    name: str
    code: str


class Clerk:
    """The clerk over REST, for what is prepared, and at the console for what is printed."""

    def __init__(self, service: Service) -> None:
        self.guest = 0
        self.rest = httpx.Client(base_url=service.url, timeout=60)
        told = {"username": service.username, "password": service.password}
        token = self.rest.post("/v1/token", data=told).json()["access_token"]
        self.rest.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, **told: Any) -> Any:
        answer = self.rest.request(method, path, **told)
        assert answer.is_success, answer.text
        return answer.json()

    def fair(self, booths: int = 4, people: int = 4) -> int:
        """A fair of today's with so many booths, and people without work who are invited."""
        told = {
            "region": COUNTY,
            "name": "秋季专场招聘会",
            "kind": "special",
            "held_on": "2021-09-20",
            "place": "县体育馆",
        }
        fair = self.ask("POST", "/v1/fairs", json=told)["id"]
        workers = self.ask("GET", "/v1/workers", params={"region": COUNTY, "limit": 200})["items"]
        free = [
            each["id"]
            for each in workers
            if not each["employed"] and not each["restricted"] and each["age"] and 25 <= each["age"] <= 45
        ]
        # The booths are those of the posts that suit the first of them.
        for worker in free:
            found = self.ask("GET", f"/v1/workers/{worker}/matches", params={"limit": 50})["items"]
            by_employer: dict[int, list[int]] = {}
            for each in found:
                by_employer.setdefault(each["vacancy"]["employer_id"], []).append(each["vacancy"]["id"])
            if len(found) >= 8 and len(by_employer) >= booths:
                free.remove(worker)
                free.insert(0, worker)
                break
        for number, (employer, ids) in enumerate(list(by_employer.items())[:booths], 1):
            told = {"number": str(number), "employer_id": employer, "vacancy_ids": ids[:3]}
            self.ask("POST", f"/v1/fairs/{fair}/booths", json=told)
        self.ask("POST", f"/v1/fairs/{fair}/invitations", json={"worker_ids": free[:people]})
        self.guest = free[0]
        self.cards(fair)
        return int(fair)

    def cards(self, fair: int) -> None:
        """Have the cards made, and wait for them."""
        job = self.ask("POST", f"/v1/fairs/{fair}/cards")["id"]
        for _ in range(600):
            told = self.ask("GET", f"/v1/jobs/{job}")
            if told["state"]["code"] == "done":
                return
            assert told["state"]["code"] in ("queued", "running"), told
            time.sleep(0.5)
        raise TimeoutError("no cards")

    def device(self, fair: int, name: str) -> tuple[int, str]:
        """A new device's number, and its code."""
        told = self.ask("POST", f"/v1/fairs/{fair}/devices", json={"name": name})
        return told["id"], told["code"]

    def board(self, fair: int) -> Any:
        return self.ask("GET", f"/v1/fairs/{fair}/board")

    def visits(self, fair: int) -> Any:
        return self.ask("GET", f"/v1/fairs/{fair}/visits")["items"]


def printed(page: Page, fair: int, clerk: Clerk) -> list[Invited]:
    """The codes on the printed invitations."""
    page.goto(f"/fairs/{fair}/invitations/print")
    numbers = {
        each["worker"]["name"]: each["worker"]["id"]
        for each in clerk.ask("GET", f"/v1/fairs/{fair}/invitations")["items"]
    }
    found = []
    for each in page.locator("article").all():
        name = each.locator("h2").inner_text()
        code = re.sub(r"\s", "", each.locator(".code").inner_text())
        found.append(Invited(numbers[name], name, code))
    # Whom the booths suit first.
    return sorted(found, key=lambda each: each.worker != clerk.guest)


def enrolled(context: BrowserContext, code: str) -> Page:
    """A kiosk that is enrolled, has what it needs, and goes on without the network."""
    page = context.new_page()
    page.goto("/kiosk")
    page.get_by_label("启用码").fill(code)
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("专场招聘会", timeout=SLOW)
    expect(page.locator("#state")).to_contain_text("全部上传", timeout=SLOW)
    while not page.evaluate("navigator.serviceWorker.controller !== null"):
        page.wait_for_timeout(100)
    return page


def scan(page: Page, text: str) -> None:
    """What a scanner types: the code and Enter, faster than a hand."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


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
