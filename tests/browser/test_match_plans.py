"""编制方案 in a browser, on the generated county: made, read, changed by hand, approved, and the list of who leaves."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .desk import COUNTY, SLOW, Desk

pytestmark = [pytest.mark.browser, pytest.mark.server]


def rest(page: Page, service: Any, path: str) -> Any:
    """What the service answers the same clerk over REST."""
    told = {"username": service.username, "password": service.password}
    token = page.request.post("/v1/token", form=told).json()["access_token"]
    return page.request.get(path, headers={"Authorization": f"Bearer {token}"}).json()


def people_of(page: Page, service: Any, plan: str) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    cursor = ""
    while True:
        answer = rest(page, service, f"/v1{plan}/persons?limit=200{cursor}")
        found |= {each["worker_id"]: each for each in answer["items"]}
        if not answer["next_cursor"]:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


def settled(page: Page) -> None:
    expect(page.get_by_role("status").first).to_contain_text("重新安排其余的人", timeout=SLOW)


def test_the_story_of_a_plan(clerk: Any, service: Any, tmp_path: Path) -> None:
    page = clerk.page
    desk = Desk(page, tmp_path)
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="推荐").click()
    page.get_by_role("link", name="编制方案", exact=True).click()
    expect(page.locator("main")).to_contain_text("编制新方案")
    desk.look("没有方案")
    page.get_by_role("link", name="编制新方案").click()
    page.get_by_label("方案名称").fill("秋季第一批")
    page.get_by_label("哪里的人").select_option(COUNTY)
    page.get_by_label("就近就业").check()
    page.get_by_label("至少").first.fill("5")
    page.get_by_role("button", name="先看有多少人").click()
    expect(page.get_by_role("status").first).to_contain_text("现在没有工作的有", timeout=SLOW)
    desk.look("先看")
    page.get_by_role("button", name="编制方案", exact=True).click()
    expect(page.get_by_role("heading", name="安排得怎么样？")).to_be_visible(timeout=SLOW * 3)
    address = re.sub(r"\?.*", "", page.url).removeprefix(service.url)
    page.locator("summary", has_text="各类人员的图").click()
    expect(page.locator(".chart svg").first).to_be_visible()
    desk.look("方案")

    # Seats are not oversold, couples go together, the quota is kept or told.
    plan, people = rest(page, service, f"/v1{address}"), people_of(page, service, address)
    posts = {each["vacancy"]["id"]: each for each in rest(page, service, f"/v1{address}/posts")}
    assert plan["plan"]["placed"] > 0
    assert all(post["filled"] <= post["seats"] for post in posts.values())
    expect(page.locator("p.lead")).to_contain_text(f"安排了{plan['plan']['placed']}人")
    assert plan["quotas"][0]["met"] or plan["shortfalls"]
    going = [line for line in people.values() if line["together"] and line["vacancy"]]
    where: dict[str, set[str]] = {}
    for line in going:
        where.setdefault(line["worker"]["name"], set()).add(line["vacancy"]["region"]["code"][:6])
    assert going
    for line in going:
        # Of whoever has that name somebody goes to the same county.
        assert all(line["vacancy"]["region"]["code"][:6] in where[other] for other in line["together"])

    # Three people by hand.
    alone = [line for line in people.values() if line["vacancy"] and not line["together"]][:3]
    for line in alone:
        page.goto(f"{address}/persons/{line['worker_id']}")
        desk.look("换岗")
        into = re.compile("^换到")
        page.get_by_role("button", name=into).or_(page.get_by_role("link", name=into)).first.click()
        if page.url.count("/posts/"):
            # The post is full: who gives way is said first.
            expect(page.locator("p.lead")).to_contain_text("要让出名额")
            desk.look("会影响谁")
            page.get_by_role("button", name="确认换到这里").click()
        settled(page)
    moved = people_of(page, service, address)
    for line in alone:
        assert moved[line["worker_id"]]["decision"]["code"] == "move"
        assert moved[line["worker_id"]]["vacancy"]["id"] != line["vacancy"]["id"]
    page.goto(f"{address}?vacancy={moved[alone[0]['worker_id']]['vacancy']['id']}#people")
    page.get_by_role("button", name=re.compile("^撤销对")).first.click()
    settled(page)
    page.get_by_role("button", name=re.compile("^不安排(?!人)")).first.click()
    settled(page)

    # It waits for approval; one is approved, then everybody.
    page.goto("/today")
    expect(page.get_by_role("link", name=re.compile("个方案等您批准"))).to_be_visible(timeout=SLOW)
    page.goto(f"{address}?state=proposed#people")
    # Who goes with somebody is approved with them: one who goes alone.
    lone = page.locator("table.plan-people tbody tr").filter(has_not_text="同行：")
    lone.get_by_role("checkbox", name=re.compile("^选(?!中)")).first.check()
    page.get_by_role("button", name="批准选中的人").click()
    expect(page.get_by_role("status").first).to_contain_text("已批准", timeout=SLOW)
    page.locator("summary", has_text="全部批准").click()
    page.get_by_role("button", name="确认全部批准").click()
    expect(page.locator("h1 .state")).to_have_text("已批准", timeout=SLOW * 3)
    desk.look("已批准")
    plan = rest(page, service, f"/v1{address}")
    page.get_by_role("link", name=re.compile("^输送批次：")).click()
    expect(page.locator("p.lead")).to_contain_text(f"名单上{plan['lines']['approved']}人")
    assert desk.wrong == []
    assert clerk.complaints == []
