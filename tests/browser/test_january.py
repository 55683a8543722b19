"""A clerk's January: six files dropped in one go, mended, applied; 疑点 worked to zero; registers and the return."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ledger.registers.five import FIVE

from . import january
from .conftest import Service, Watched, serving
from .desk import COUNTY, SLOW, Desk, below, counts, figure, on_paper, rows_of, tab

pytestmark = [pytest.mark.browser, pytest.mark.server]

TOWNSHIP = "610728102"
ROSTER, AWAY, POSTS = "盐场镇花名册.xlsx", "已外出务工信息.xlsx", "通州测试家纺岗位表.xlsx"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own, in January; what other tests find in theirs is left alone."""
    folder = tmp_path_factory.mktemp("january")
    with serving(folder, WENGANG_DEMO_SCALE="0.02", WENGANG_BUSINESS_DATE="2022-01-20") as started:
        yield started


@pytest.fixture
def desk(clerk: Watched, tmp_path: Path) -> Desk:
    clerk.page.set_default_timeout(20_000)
    return Desk(clerk.page, tmp_path)


@pytest.mark.deep
def test_her_january(desk: Desk, clerk: Watched, service: Service) -> None:
    page = desk.page
    before = counts(page, service)
    take_in(desk)
    after = counts(page, service)
    # Ten of those away (two of them monitored besides), one more monitored, four with plans, three of the roster;
    # two more once their numbers were put right, one on the page and one in the error workbook.
    assert after[0] - before[0] == 10 + 1 + 4 + 3 + 2
    the_same_again(desk, service)
    assert counts(page, service) == after
    work_to_zero(desk)
    registers(desk)
    monthly_return(desk)
    assert counts(page, service)[0] == after[0]
    assert desk.wrong == []
    assert clerk.complaints == []


def take_in(desk: Desk) -> None:
    """All six files, one question, previews, one look at two records, and the mended rows."""
    page = desk.page
    desk.send(january.files())
    expect(page.get_by_role("status").first).to_contain_text("文件已收下")
    found = desk.checked()
    assert set(found) == set(january.files())
    desk.look("导入过的文件")
    page.goto(found[ROSTER])
    expect(page.locator("p.lead")).to_contain_text("有表头认不出")
    desk.look("表头")
    page.get_by_label(f"“{january.UNKNOWN_HEADING}”对应到").select_option(label="务工单位")
    page.get_by_role("button", name="对应好了").click()
    expect(page.locator("p.lead")).to_contain_text("5行新增，2行有错", timeout=SLOW)

    for name in ("户信息.csv", "监测对象信息.ods", AWAY, "计划外出务工信息.csv"):
        desk.apply(found[name])
        desk.look(f"入库后-{name}")
    # Held against the ledger anew, now that the others are in it.
    page.goto(found[ROSTER])
    expect(page.locator("p.lead")).to_contain_text(
        "共7行：3行新增，1行有变化，2行有错、要改好才能入库，1行疑似已在台账", timeout=SLOW
    )
    tab(page, "有变化").click()
    expect(page.locator("tbody del")).to_have_text("100****0000")
    expect(page.locator("tbody ins")).to_have_text("100****0900")
    desk.look("有变化")
    tab(page, "新增").click()
    expect(page.locator("tbody")).to_contain_text("没有这个月份")
    desk.apply(found[ROSTER])
    desk.look("花名册入库后")

    page.get_by_role("link", name="疑似同一人，去判断").click()
    desk.look("疑似重复")
    page.locator("main tbody a").first.click()
    expect(page.locator("table.compare")).to_contain_text("两边第17、18位不同")
    desk.look("对照")
    page.get_by_label("怎么判断的").fill("电话问过本人，花名册抄错一位")
    page.get_by_role("button", name="是同一人，归入左边的档案").click()
    expect(page.get_by_role("status").first).to_contain_text("已认定是同一人")

    page.goto(found[ROSTER])
    expect(page.locator("p.lead")).to_contain_text("2行有错")
    tab(page, "有错").click()
    row = page.locator("tbody tr", has_text=january.name(17))
    row.locator("summary", has_text="在这里改").click()
    row.locator("input[name=cell-id_number]").fill(january.number(17))
    desk.look("在这里改")
    row.get_by_role("button", name="保存并核对").click()
    expect(page.get_by_role("status").first).to_contain_text("这一行已处理")
    expect(page.locator("p.lead")).to_contain_text("1行有错")

    name, content = desk.saved(page.get_by_role("link", name="下载要改的行"))
    assert name == "盐场镇花名册-需更正.xlsx"
    desk.send({name: mended(content)})
    expect(page.locator("p.lead")).to_contain_text("共1行：1行新增", timeout=SLOW)
    desk.apply(page.url)
    # What came back mended needs nothing more where it came from.
    page.goto(found[ROSTER])
    tab(page, "有错").click()
    row = page.locator("tbody tr", has_text=january.name(18))
    row.locator("summary", has_text="在这里改").click()
    row.get_by_role("button", name="这一行不要").click()
    expect(page.get_by_role("status").first).to_contain_text("这一行已处理")
    tab(page, "要补正").click()
    row = page.locator("tbody tr", has_text=january.name(19))
    row.locator("summary").first.click()
    row.get_by_role("button", name="不用改了").click()
    expect(page.get_by_role("status").first).to_contain_text("这一行已处理")

    desk.apply(found[POSTS])
    expect(page.locator("p.lead")).to_contain_text("2行完整、已发布")
    expect(page.locator("tbody tr", has_text="质检员")).to_contain_text("违规待改")
    desk.look("岗位表")
    reword(desk)
    everything_is_in(desk, {*found, name})


def reword(desk: Desk) -> None:
    """The post that wants women only: the firm drops the demand, and it is published like the others."""
    page = desk.page
    page.goto("/vacancies?state=held")
    page.locator("#list tbody tr", has_text="质检员").filter(has_text="南通测试家纺").first.locator(
        "a"
    ).first.click()
    expect(page.locator("p.lead")).to_contain_text("处违规限制")
    desk.look("改写岗位")
    form = page.locator("#mend form")
    for box in form.locator("input[name=confirmed_removed]").all():
        box.check()
    words = form.get_by_label("岗位内容和要求")
    words.fill("\n".join(line for line in words.input_value().splitlines() if "女" not in line))
    form.get_by_role("button", name="保存").click()
    expect(page.locator("p.lead")).to_contain_text("可以发布")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("p.lead")).to_contain_text("还招5人")


def everything_is_in(desk: Desk, files: set[str]) -> None:
    """Every file is in the ledger, and no row of a list of people waits for somebody."""
    page = desk.page
    page.goto("/imports")
    for name in files:
        row = page.locator("#list tbody tr").filter(has=page.get_by_role("link", name=name, exact=True))
        expect(row.locator("[data-head=现在怎样]")).to_have_text("已入库")
        if name != POSTS:
            expect(row.locator("[data-head=要您处理]")).to_have_text("—")
    desk.look("都入库了")


def mended(content: bytes) -> bytes:
    """The error workbook, the bad cells put right by somebody who has the papers."""
    rows = rows_of(content, "需更正.xlsx")
    heading = next(row for row in rows if "身份证号" in row)
    whose, at = heading.index("姓名"), heading.index("身份证号")
    right = {january.name(each): january.number(each) for each in range(30)}
    [bad, unread] = rows[rows.index(heading) + 1 :]
    assert [bad[whose], unread[whose]] == [january.name(18), january.name(19)]
    assert "改好才能入库" in str(bad[0])
    assert "这一格没有采用" in str(unread[0])
    bad[at] = right[str(bad[whose])]
    # Nobody knows the month that was written as a thirteenth: that row is not sent back.
    rows.remove(unread)
    return january.book([("花名册", [["" if cell is None else cell for cell in row] for row in rows])])


def the_same_again(desk: Desk, service: Service) -> None:
    """The very same file, and the same rows in other files: applied, they change nothing."""
    page = desk.page
    before = counts(page, service)
    desk.send({AWAY: january.away()})
    expect(page.get_by_role("status").first).to_contain_text("以前导入过")
    desk.send({"再来一次.csv": january.away_again(), "户信息再来.csv": january.households() + b"\r\n"})
    found = desk.checked()
    for name, rows in (("再来一次.csv", 11), ("户信息再来.csv", 9)):
        page.goto(found[name])
        expect(page.locator("p.lead")).to_contain_text(f"共{rows}行：{rows}行与台账一致。", timeout=SLOW)
        desk.apply(found[name])
        expect(page.locator("p.lead")).to_contain_text("与台账一致", timeout=SLOW)
    assert counts(page, service) == before


def mend(desk: Desk, what: str, form: str, change: dict[str, str], *, whose: str = "") -> None:
    """Follow one finding to where it is mended, fill in and save."""
    page = desk.page
    page.goto(f"/doubts/list?region={COUNTY}")
    case = page.locator("section.case", has_text=whose) if whose else page.locator("section.case")
    case.locator("li.doubt", has_text=what).first.get_by_role("link", name="去更正").click()
    page.locator("summary", has_text=form).first.click()
    fields = page.locator("details[open] form").first
    for label, value in change.items():
        field = fields.get_by_label(label)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    desk.look(f"更正-{form}")
    fields.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")


def work_to_zero(desk: Desk) -> None:
    """疑点: what can be mended is mended by its link, the rest has one reason; then there are none."""
    page = desk.page
    desk.check_doubts()
    desk.look("疑点")
    page.get_by_role("link", name="镇巴县盐场镇").click()
    expect(page.locator("p.lead")).to_contain_text("盐场镇有")
    waiting = figure(page)
    # Eleven of hers: five people and a household of the national system's files, five people of the roster.
    assert waiting >= 11
    in_villages = page.locator("section[aria-labelledby=villages-head] li b").all_inner_texts()
    assert sum(map(int, in_villages)) == waiting
    desk.look("逐条处理")

    mend(desk, "联系电话有10位", "修改基本情况", {"联系电话": january.phone(4)})
    mend(desk, "填写为在校生", "修改基本情况", {"在校生": "不在校"})
    mend(desk, "月收入54000元", "更正", {"月收入": "5400"})
    mend(desk, "没有填写务工月收入、所属行业", "更正", {"月收入": "4100", "所属行业": "制造业"})
    told = {"所属行业": "制造业", "就业渠道": "自发外出务工", "是否点对点输送": "否"}
    for each in (16, 17, 18, 20):
        mend(desk, "没有填写所属行业、就业渠道", "更正", told, whose=january.name(each))
    mend(desk, "没有填写结束时间", "更正", {"现在是否在务工": "是", "开始月份": "2021-03", **told})
    mend(desk, "不晚于上一段的结束月份", "更正", {"开始月份": "2021-07"})
    mend(desk, "登记了外出务工补贴措施", "修改户的情况", {"帮扶措施": ""})

    desk.check_doubts()
    page.goto(f"/doubts/list?region={TOWNSHIP}")
    if waiting > 11:
        assert figure(page) == waiting - 11
    else:
        expect(page.locator("p.lead")).to_contain_text("没有")
    page.goto(f"/doubts/list?region={COUNTY}")
    left_over = figure(page)
    left = page.locator("#list").inner_text()
    mended_people = {january.name(each) for each in (1, 2, 3, 4, 5, 16, 17, 18, 19, 20)}
    assert {words for words in (*mended_people, "外出务工补贴") if words in left} == set()
    desk.look("剩下的")
    page.get_by_label("全选本页").check()
    page.get_by_label("给打勾的疑点写同一个原因").fill("已逐个电话核实，情况属实")
    page.locator("#many").get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("已写明原因")
    desk.check_doubts()
    expect(page.locator("p.lead")).to_contain_text("目前没有疑点")
    page.goto(f"/doubts/list?region={COUNTY}&state=explained")
    assert figure(page) == left_over
    page.goto("/doubts")
    desk.look("没有疑点")


def registers(desk: Desk) -> None:
    """The five registers of her township: looked at, and on paper; and one village's, two presses from the county's."""
    page = desk.page
    page.goto("/registers")
    desk.look("报表")
    page.goto(f"/registers/relieved?region={COUNTY}")
    assert below(page) == figure(page)
    page.get_by_role("link", name="盐场镇", exact=True).click()
    expect(page.locator("p.lead")).to_contain_text("盐场镇，截至")
    page.get_by_role("link", name=january.VILLAGE, exact=True).click()
    expect(page.locator("p.lead")).to_contain_text(f"盐场镇{january.VILLAGE}，截至")
    of_village = figure(page)
    desk.look("一个村的册")
    page.get_by_role("link", name="打印").click()
    printed = on_paper(desk, "一个村的册")
    assert f"盐场镇{january.VILLAGE}" in printed and f"共{of_village}人" in printed
    for view in FIVE:
        page.goto(f"/registers/{view.code}?region={TOWNSHIP}")
        expect(page.locator("p.lead")).to_contain_text("盐场镇")
        there = figure(page)
        assert below(page) == there, view.code
        desk.look(view.title)
        page.goto(f"/registers/{view.code}/print?region={TOWNSHIP}")
        printed = on_paper(desk, view.title)
        assert f"共{there}{view.unit}" in printed
        if view.code in ("relieved", "transferred"):
            assert there >= 9
            names = {january.name(each) for each in (0, 1, 2, 4, 5, 6, 7, 8, 9)}
            assert {name for name in names if name not in printed} == set(), view.code


def monthly_return(desk: Desk) -> None:
    """The return with its numbers in full: months apart, numbers as texts, and nothing new when it comes back."""
    page = desk.page
    page.goto(f"/registers/away?region={COUNTY}")
    page.locator("summary", has_text="下载完整号码").click()
    page.get_by_label("用途").fill("报送2022年1月月报")
    desk.look("月报")
    page.get_by_role("button", name="写明用途并下载").click()
    link = page.locator("#list tbody a").first
    expect(link).to_be_visible(timeout=SLOW)
    desk.look("导出的文件")
    told = page.locator("#list tbody tr").first.locator("[data-head=行数]").inner_text()
    name, content = desk.saved(link)
    rows = rows_of(content, name)
    heading = next(row for row in rows if "证件号码" in row)
    whose, first, last = (heading.index(each) for each in ("证件号码", "开始时间", "结束时间"))
    stretches: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows[rows.index(heading) + 1 :]:
        filled = [*row, *[None] * (len(heading) - len(row))]
        assert isinstance(filled[whose], str)
        stretches[str(filled[whose])].append((str(filled[first]), str(filled[last] or "9999年12月")))
    assert sum(len(months) for months in stretches.values()) == int(told.replace(",", ""))
    assert {january.number(each) for each in (*range(10), 16, 17, 18, 19, 20)} <= set(stretches)
    for months in stretches.values():
        ordered = sorted(months)
        assert all(ended < began for (_, ended), (began, _) in pairwise(ordered))
    desk.send({name: content})
    expect(page.locator("p.lead")).to_contain_text(re.compile(r"^共(\d+)行：\1行与台账一致。$"), timeout=SLOW)
