"""Every page at three sizes: nothing to complain of, nothing sticks out, nothing that a reader with aids would miss."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from api.demo_account import USERNAME
from models.id_number import demo_id_number
from models.worker import Sex

pytestmark = [pytest.mark.browser, pytest.mark.server]

DESK, HAND = {"width": 1366, "height": 768}, {"width": 360, "height": 800}
A4 = {"width": 718, "height": 1010}
"""The printable part of an A4 sheet in CSS pixels."""
SIZES = {"desk": DESK, "hand": HAND, "a4": A4}
FILE_NAME = re.compile(r"held\.jsonl|\.(xlsx?|ods|csv|jsonl|zip)|Excel|CSV|Ctrl\+P")
"""What is Latin everywhere: the names of files and of what they are opened with."""


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


def sent(page: Page, file: Path, purpose: str = "apply") -> str:
    """The page of a file that was read, matched and waits to be let in or compared."""
    page.goto("/imports")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("进入哪里的台账").select_option("610728")
    page.get_by_text("指定文件种类，或只对账不入库").click()
    page.get_by_label("用途").select_option(purpose)
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("#progress")).to_have_count(0, timeout=60_000)
    return page.url.partition("?")[0]


def ledger(page: Page, folder: Path) -> dict[str, str]:
    """The pages of files, findings, doubles and lists, with something on each of them."""
    away = folder / "月报.xlsx"
    files_of(away)
    preview = sent(page, away)
    page.locator("summary", has_text="入库").first.click()
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_text("撤销这次入库")).to_be_visible(timeout=60_000)
    compared = sent(page, away, "compare")
    page.get_by_role("button", name="开始对账").click()
    expect(page.locator("main")).to_contain_text("两边一致", timeout=60_000)
    broken = folder / "坏的.xlsx"
    broken.write_bytes(away.read_bytes()[:900])
    asked = folder / "花名册.csv"
    asked.write_text("姓名,证件号码,联系电话,在哪家厂\n测一,,10000000001,测试厂\n", "utf-8")
    pages = {
        "applied": preview,
        "comparison": compared.replace("imports", "comparisons"),
        "failed": sent(page, broken),
        "mapping": sent(page, asked),
    }
    page.goto("/dispatches")
    page.get_by_text("新建批次").click()
    page.get_by_label("批次名称").fill("第一批")
    page.get_by_label("送人的地区").select_option("610728")
    page.get_by_role("button", name="新建", exact=True).click()
    page.wait_for_url("**/dispatches/*")
    pages["dispatch"] = page.url
    page.goto("/courses")
    page.get_by_text("登记培训班").click()
    page.get_by_label("名称").fill("第一期")
    page.get_by_label("办班的地区").select_option("610728")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/courses/*")
    pages["course"] = page.url
    page.goto("/frozen-reports")
    page.get_by_role("button", name="冻结").click()
    page.wait_for_url("**/frozen-reports/*")
    frozen = page.url.partition("?")[0]
    return pages | {"frozen": frozen, "frozen-line": f"{frozen}/lines/1", "frozen-print": f"{frozen}/print"}


def files_of(path: Path) -> None:
    """Three rows of the national system's layout: one in order, one without a start, one with a number that slipped."""
    number = demo_id_number(date(1980, 5, 6), 777, Sex.MALE)
    other = demo_id_number(date(1981, 5, 6), 779, Sex.FEMALE)
    heads = ["村", "户编号", "户类型", "姓名", "证件号码", "与户主关系", "联系电话", "是否务工", "开始时间"]
    heads += ["务工所在省", "务工所在市", "务工所在县", "务工企业名称", "务工月收入", "就业渠道"]
    work = ["江苏省", "南通市", "通州区", "测试厂", "4500", "东西部劳务协作"]
    slip = "0" if number[-1] != "0" else "1"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("已外出务工信息")
    for row, cells in enumerate(
        [
            heads,
            ["一村", "61072801", "脱贫户", "测一", number, "户主", "10000000001", "是", "2021年03月", *work],
            ["一村", "61072801", "脱贫户", "测二", other, "配偶", "10000000002", "是", "", *work],
            ["一村", "61072802", "脱贫户", "测三", number[:-1] + slip, "户主", "", "是", "2021年03月", *work],
        ]
    ):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    book.close()


def pages(page: Page, folder: Path) -> dict[str, str]:
    """A name and an address for every kind of page, found by following the first link of each list."""
    result = imported(page, folder)
    more = ledger(page, folder)

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
        "history": first("/workers", "#list tbody a") + "/history",
        "applications": "/applications",
        "application": first("/applications", "main tbody td a"),
        "employers": "/employers",
        "employer": first("/employers", "main tbody a"),
        "households": "/households",
        "idle": "/households/idle",
        "new-household": "/households/new",
        "household": first("/households", "#list tbody a"),
        "reports": "/reports",
        "reported": first("/reports", "#list tbody a"),
        "duplicates": "/duplicates",
        "handovers": "/handovers",
        "comparisons": "/comparisons",
        "doubts": "/doubts",
        "doubt-list": "/doubts/list",
        "integrity": "/doubts/integrity",
        "services": "/doubts/services",
        "plans": "/plans",
        "plan": first("/plans", "main tbody a"),
        "frozen-reports": "/frozen-reports",
        "registers": "/registers",
        "register": "/registers/relieved",
        "print": "/registers/relieved/print",
        "month": "/registers/away",
        "quarter": "/registers/quarterly",
        "dispatches": "/dispatches",
        "record": "/record",
        "courses": "/courses",
        "benefits": "/benefits",
        "benefit": "/benefits/demo_travel",
        "key-employers": "/benefits/employers",
        "public-posts": "/public-posts",
        "workshops": "/workshops",
        "workshop": first("/workshops?recognised=yes", "main tbody a"),
        "entrepreneurs": "/entrepreneurs",
        "fairs": "/fairs",
        "stations": "/stations",
        "station": first("/stations", "main tbody a"),
        "follow-ups": "/follow-ups",
        "support-tasks": "/follow-ups/tasks",
        "leavers": "/follow-ups/leavers",
        "vacancies": "/vacancies",
        "vacancy": first("/vacancies?state=published", "#list tbody a"),
        "held": first("/vacancies?state=held", "#list tbody a"),
        "imports": "/imports",
        "import": result,
        "accounts": "/accounts",
        "own-account": "/me",
        "account": first("/accounts", "main tbody a"),
        "account-events": "/accounts/events",
        "spent-invitation": "/invitation/spent",
        "login": "/login",
        "used-link": "/login/used",
        "missing": "/nothing-here",
    } | more


def grave(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def looked_at(
    page: Page, name: str, address: str, pictures: Path | None, sizes: Iterable[str] = tuple(SIZES)
) -> list[str]:
    """What is wrong with a page at some sizes. With pictures of each, axe also looks at the desk's size."""
    wrong: list[str] = []
    for size in sizes:
        page.emulate_media(media="print" if size == "a4" else "screen")
        page.set_viewport_size(SIZES[size])
        page.goto(address)
        if pictures:
            page.screenshot(path=pictures / f"{name}-{size}.png", full_page=True)
        across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if across > 0:
            wrong.append(f"{name} at {size}: sticks out by {across} px")
        # A name to log in by is spelt in letters.
        said = FILE_NAME.sub("", page.locator("body").inner_text()).replace(USERNAME, "")
        foreign = re.findall(r"[A-Za-z]{3,}", said)
        if foreign:
            wrong.append(f"{name} at {size}: {foreign}")
        if size == "hand" or (pictures and size == "desk"):
            wrong += [f"{name} at {size}: {one}" for one in grave(page)]
    page.emulate_media(media="screen")
    page.set_viewport_size(DESK)
    return wrong


def test_every_page_at_three_sizes(clerk, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """In the hand each of them; at the desk and on paper each third, all where the deep tests are asked for."""
    page = clerk.page
    pictures = tmp_path if pytestconfig.getoption("--deep") else None
    wrong = [
        one
        for at, (name, address) in enumerate(pages(page, tmp_path).items())
        for one in looked_at(page, name, address, pictures, SIZES if pictures or at % 3 == 0 else ["hand"])
    ]
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
