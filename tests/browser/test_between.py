"""移交 as each county and the city see it, 数据真实性 and a village's register, with something on each page."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from models.account import Role
from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import Service, Watched, employ, log_in
from .test_looks import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.server]

OURS, THEIRS, CITY = "县一", "县二", "市里"
NAMES = ("赵桂兰", "钱建国", "孙秀英", "李国强", "周玉梅")
REASONS = (
    "已随婚姻迁入本县",
    "本人在本县务工并登记",
    "全家搬到本县安置点",
    "户口已迁入",
    "本人要求在本县登记",
)
HEADS = (
    "村", "户编号", "户类型", "姓名", "证件号码", "与户主关系", "联系电话", "是否务工", "开始时间", "务工所在省",
    "务工所在市", "务工所在县", "务工企业名称", "务工月收入", "工资证明编号",
)  # fmt: skip
SLOW = 120_000


def number(each: int) -> str:
    return demo_id_number(date(1970 + each % 30, 1 + each % 12, 1 + each % 28), 940 + 2 * each, Sex.FEMALE)


class Rest:
    """The service's REST door as one account uses it."""

    def __init__(self, page: Page, service: Service, username: str) -> None:
        self.request = page.request
        told = {"username": username, "password": service.password}
        token = self.request.post("/v1/token", form=told).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.request.post(path, data=body, headers=self.headers)
        assert answer.ok, answer.text()
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def employed(service: Service) -> None:
    employ(service, OURS, Role.COUNTY, "610728")
    employ(service, THEIRS, Role.COUNTY, "610723")
    employ(service, CITY, Role.CITY, "6107")


def requested(page: Page, service: Service) -> list[int]:
    """Five people of ours whom the neighbour has registered too: two wait, one is agreed, refused and withdrawn each."""
    ours, theirs = Rest(page, service, OURS), Rest(page, service, THEIRS)
    found = []
    for each, (name, reason) in enumerate(zip(NAMES, REASONS, strict=True)):
        told = {"name": name, "id_number": number(each), "phone": f"1000009{each:04d}"}
        ours.post("/v1/workers", region="610728101", **told)
        asked = theirs.post("/v1/workers", region="610723", handover_reason=reason, **told)
        found.append(int(asked["id"]))
    ours.post(f"/v1/handovers/{found[2]}/agree", answer="核实过，同意")
    ours.post(f"/v1/handovers/{found[3]}/refuse", answer="本人仍在本县居住，户口没有迁出")
    theirs.post(f"/v1/handovers/{found[4]}/withdraw", answer="登记有误")
    return found


def test_a_hand_over_as_each_of_them_sees_it(
    employed: None, watched: Watched, service: Service, tmp_path: Path
) -> None:
    page = watched.page
    page.set_default_timeout(SLOW)
    waits, _, agreed, refused, withdrawn = requested(page, service)
    wrong: list[str] = []

    def look(who: str, **addresses: str) -> None:
        nonlocal wrong
        log_in(page, service, who)
        for name, address in addresses.items():
            wrong += looked_at(page, name, address, tmp_path)

    each = {"open": waits, "agreed": agreed, "refused": refused, "withdrawn": withdrawn}
    look(OURS, ours="/handovers", **{f"ours-{name}": f"/handovers/{at}" for name, at in each.items()})
    page.goto("/handovers")
    expect(page.locator("p.lead")).to_contain_text("2个")
    page.get_by_role("link", name="去答复").first.click()
    page.locator("summary", has_text="不同意").click()
    page.get_by_role("button", name="确认不同意").click()
    assert page.locator("input[name=answer]:invalid").count() > 0  # a reason is asked for
    look(THEIRS, theirs="/handovers", **{f"theirs-{name}": f"/handovers/{at}" for name, at in each.items()})
    page.goto("/handovers")
    expect(page.locator("p.lead")).to_contain_text("我们提出的还有2个在等对方答复")
    expect(page.locator("main")).to_contain_text(NAMES[0])
    expect(page.locator("main")).not_to_contain_text("镇巴")
    look(CITY, city="/handovers", **{"city-refused": f"/handovers/{refused}"})
    page.goto("/handovers")
    # One that the county refused waits for the city too.
    expect(page.locator("p.lead")).to_contain_text("有3个移交申请等您裁定")
    page.locator(".cards li", has_text=NAMES[3]).get_by_role("link", name="去裁定").click()
    page.locator("summary", has_text="裁定移交").click()
    page.locator("details[open] input[name=answer]").fill("以户籍迁入地为准")
    page.get_by_role("button", name="确认裁定移交").click()
    expect(page.locator("p.lead")).to_contain_text("上级裁定移交")
    assert wrong == []
    assert watched.complaints == []


def copied() -> bytes:
    """Fourteen rows that nobody asked anybody for: one wage, one telephone, one certificate, a row twice."""
    rows = []
    for each in range(14):
        village = "东风村" if each < 8 else "红旗村"
        phone = "10000098888" if each < 6 else f"1000009{each:04d}"
        proof = "证2022-001" if each < 5 else ""
        rows.append(
            (village, f"6107280199{each:02d}", "脱贫户", f"{'吴郑王冯陈褚卫'[each % 7]}{'春夏'[each // 7]}花",
             number(20 + each % 14), "户主", phone, "是", "2021年03月", "江苏省", "南通市", "通州区",
             "南通测试家纺有限公司", "4500", proof)
        )  # fmt: skip
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("已外出务工信息")
        for row, cells in enumerate([HEADS, *rows, rows[9]]):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return stream.getvalue()


def test_what_was_filled_in_by_the_dozen(
    employed: None, watched: Watched, service: Service, tmp_path: Path
) -> None:
    page = watched.page
    page.set_default_timeout(SLOW)
    log_in(page, service, OURS)
    page.goto("/imports")
    file = {"name": "泾洋街道.xlsx", "mimeType": "application/octet-stream", "buffer": copied()}
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_label("进入哪里的台账").select_option("610728")
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/*")
    page.locator("summary", has_text="入库").first.click(timeout=SLOW)
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_text("撤销这次入库")).to_be_visible(timeout=SLOW)
    page.goto("/doubts/integrity")
    for title in ("整列填成同一个内容", "多户共用一个联系电话", "多人共用一份工资证明"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator("main")).to_contain_text("名册：泾洋街道.xlsx")
    wrong = looked_at(page, "integrity", "/doubts/integrity", tmp_path)
    for rule in ("D23", "D24", "D25"):
        wrong += looked_at(page, f"list-{rule}", f"/doubts/list?region=610728&rule={rule}", tmp_path)
    # A township that is chosen brings its villages to choose from, without a press.
    page.goto("/workers")
    page.get_by_label("户籍地").select_option("610728101")
    page.locator("#village").select_option(index=1)
    page.wait_for_url("**/workers?*village=*")
    expect(page.locator("#list [role=status]")).to_contain_text("符合条件")
    page.get_by_label("户籍地").select_option("610728102")
    expect(page.locator("#village")).to_have_value("")
    wrong += looked_at(page, "register", "/registers/transferred?region=610728", tmp_path)
    assert wrong == []
    assert watched.complaints == []
