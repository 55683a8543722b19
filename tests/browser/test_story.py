"""The story in a browser: log in, look, put somebody forward, start, see the target move; import, place again."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.server]

REGION, TASK = "5223", "转移农村劳动力就业"


def advertisements(folder: Path) -> Path:
    """A file of four: one whole, one without pay, one that wants women only, one that is no advertisement."""
    whole = {
        "title": "缝纫工",
        "company": "测试晨曦服装有限公司",
        "region": "江苏省 - 南通市",
        "salary": "5000-7000",
        "headcount": "12人",
        "education": "不限",
        "gender_req": "不限",
        "posted": "2015-03-20",
        "deadline": "2015-06-30",
        "description": "负责流水线缝纫和整烫,计件工资,包吃包住,工作地点:南通市通州区。",
    }
    lines = [
        whole,
        whole | {"title": "包装工", "salary": "面议"},
        whole | {"title": "质检员", "gender_req": "女"},
    ]
    file = folder / "postings.jsonl"
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(text + "\n{not an advertisement\n", encoding="utf-8")
    return file


def done(page: Page) -> int:
    """How many the home page counts for the task."""
    page.goto("/")
    task = page.locator("li.task", has=page.get_by_role("link", name=TASK, exact=True)).first
    return int(task.locator(".figures b").inner_text())


def free_worker(page: Page, region: str) -> None:
    """Open somebody of the region who has never worked by the ledger and for whom there are vacancies."""
    page.goto(f"/workers?region={region}")
    while True:
        people = page.locator("#list tbody tr", has=page.get_by_text("未就业", exact=True))
        links = [link.get_attribute("href") for link in people.locator("th a").all()]
        following = page.get_by_role("link", name="下一页")
        onward = following.get_attribute("href") if following.count() else None
        for link in links:
            page.goto(link)
            if page.locator(".matches > li .act").count() and not page.locator(".cards, .time .work").count():
                return
        assert onward, "nobody who could be put forward"
        page.goto(onward)


def start(page: Page) -> None:
    """Confirm the start of the application under way."""
    card = page.locator(".cards > li").first
    card.locator("summary", has_text="上岗").click()
    card.get_by_role("button", name="确认上岗").click()
    expect(page.get_by_role("status").first).to_contain_text("已登记上岗")


def test_the_story(watched, service, tmp_path: Path) -> None:
    page = watched.page
    page.goto(service.login_url)
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2021年9月20日")
    expect(page.get_by_text("业务日期")).to_be_visible()
    before = done(page)

    # People are counted, not starts: somebody who worked this year would be in the count already.
    free_worker(page, REGION)
    name = page.get_by_role("heading", level=1).inner_text().split()[0]
    best = page.locator(".matches > li").first
    best.locator("summary").click()
    expect(best.locator(".confirm")).to_contain_text(name)
    best.get_by_role("button", name="确认推荐").click()
    expect(page.get_by_role("status").first).to_contain_text("已推荐")
    page.get_by_role("button", name="录用").click()
    expect(page.get_by_role("status").first).to_contain_text("已登记录用")
    page.get_by_role("button", name="接受").click()
    start(page)
    expect(page.locator(".time .work").first).to_contain_text("2021年9月20日")
    assert done(page) == before + 1

    page.goto("/imports")
    page.locator("input[type=file]").set_input_files(advertisements(tmp_path))
    page.get_by_label("文件的时点").fill("2015-04-01")
    page.get_by_label("进入哪里的台账").select_option("610728")
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator("p.lead")).to_contain_text("共4行", timeout=30_000)
    for words in ("1行完整", "1行缺项", "1行违规", "1行未能读取"):
        expect(page.locator("p.lead")).to_contain_text(words)
    expect(page.locator(".notice.warn")).to_contain_text("2364天")
    page.get_by_role("link", name="质检员").click()
    expect(
        page.get_by_role("heading", name="哪些话违规,怎么改?".replace(",", "，").replace("?", "？"))
    ).to_be_visible()

    page.goto("/vacancies?q=缝纫工&state=published")
    page.locator("#list tbody tr", has_text="测试晨曦").locator("a").click()
    seats = page.locator("aside")
    expect(seats).to_contain_text("还有12个")
    first = page.locator(".matches > li").first
    first.locator("summary").click()
    first.get_by_role("button", name="确认推荐").click()
    expect(page.get_by_role("status").first).to_contain_text("已推荐")
    start(page)
    expect(seats).to_contain_text("还有11个")
    assert watched.complaints == []


def test_forms_work_without_scripts(browser: Browser, service) -> None:
    with browser.new_context(base_url=service.url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("用户名").fill(service.username)
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
        expect(page.get_by_label("用户名")).to_have_value(service.username)
        page.get_by_label("密码").fill(service.password)
        page.get_by_role("button", name="登录").click()
        free_worker(page, REGION)
        page.get_by_text("查看完整号码").click()
        page.get_by_label("用途").select_option(label="核对证件")
        page.get_by_role("button", name="确认查看").click()
        expect(page.locator("aside")).to_contain_text("完整号码只显示这一次")
        page.goto(page.url.removesuffix("/numbers"))
        expect(page.locator("aside")).to_contain_text("****")
        page.get_by_role("navigation", name="主菜单").get_by_role("link", name="台账").click()
        page.get_by_label("姓名或拼音").fill("zzzz")
        page.get_by_role("button", name="查找").click()
        expect(page.locator("#list")).to_contain_text("没有找到符合条件的人")
