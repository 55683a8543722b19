"""The pages of plans, parts, typed figures and frozen reports, gone through by a clerk's hand."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from models.target import Target
from outcomes.decomposition import own_number, shares
from outcomes.progress import progress

from .conftest import World, made
from .test_dividing import begin, target


def test_a_task_from_the_plan_to_its_proof(world: World, visitor: Callable[[str], Any]) -> None:
    west = world.west
    begin(west, "610728001")
    desk = visitor("zhenba")
    plan = west.get("/v1/plans").json()["items"][0]
    assert plan["title"] in desk.get("/plans")
    page = desk.get(f"/plans/{plan['id']}")
    assert "实现转移就业370人" in page and "已有<b>1</b>人" in page and "台账不统计，还没有填报" in page

    whole = f"/targets/{target(west, '就地就近转移就业')}"
    assert "还没有分给各地" in desk.get(whole)
    page = desk.done(f"{whole}/parts", region="610728001", figure="300")
    assert "还有<b>70</b>没有分下去" in page and "分解数已保存" in page
    page = desk.done(f"{whole}/parts", region="610728101", figure="90")
    assert "比总数多20" in page
    answer = desk.post(f"{whole}/parts", region="610728103", figure="371")
    assert (
        answer.status_code == 422 and "不能大于上级的任务数" in answer.text and 'value="371"' in answer.text
    )
    [first, second] = west.get(f"/v1{whole}/parts").json()["items"]
    page = desk.done(f"{whole}/parts/{second['id']}", figure="70", version=second["version"])
    assert "正好分完" in page
    page = desk.done(f"{whole}/parts/{first['id']}/withdraw", version=first["version"])
    assert "还有<b>300</b>没有分下去" in page
    person = west.get(f"/v1{whole}/persons").json()["items"][0]["worker"]["id"]
    page = desk.get(f"{whole}/persons/{person}")
    assert "镇巴车间" in page and "还没有佐证" in page


def test_a_task_without_a_rule_says_from_when_on_nobody_is_stable_in_time(
    world: World, visitor: Callable[[str], Any]
) -> None:
    page = visitor("zhenba").get(f"/targets/{target(world.west, '就地就近转移就业')}")
    assert "最晚2021年12月31日上岗仍能计入" in page
    assert (
        "按本局参考口径：满3个月，2021年10月1日以后（不含当天）上岗的，到2021年12月31日不能算稳定就业。"
        in page
    )


def target_plan(west: Any) -> str:
    """The page of 镇巴's plan."""
    plans = made(west.get("/v1/plans"))["items"]
    return f"/plans/{next(each['id'] for each in plans if each['region']['code'] == '610728')}"


def test_several_regions_are_measured_against_the_sum_of_their_parts(
    world: World, session_as: Callable[[str], Session]
) -> None:
    for region in ("610728001", "610728101", "610728101"):
        begin(world.west, region)
    number = target(world.west, "就地就近转移就业")
    session, day = session_as("zhenba"), date(2021, 9, 20)
    row = session.get_one(Target, number)
    mine = ("610728101", "610728001", "610728001001")
    assert own_number(session, row, mine) is None, "nothing was divided"
    made(world.west.post(f"/v1/targets/{number}/parts", json={"region": "610728001", "figure": 200}))
    assert own_number(session, row, mine) is None, "one of the two has none"
    made(world.west.post(f"/v1/targets/{number}/parts", json={"region": "610728101", "figure": 100}))
    assert own_number(session, row, mine) == 300
    told = shares(session, row, progress(session, row, day), day, {}, mine)
    assert [(each.region, each.number, each.done) for each in told] == [
        ("610728001", 200, 1), ("610728101", 100, 2)
    ]  # fmt: skip
    for whole in (("610728", "610728001"), ("6107",), ("320612",)):
        assert own_number(session, row, whole) is None
        assert shares(session, row, progress(session, row, day), day, {}, whole) == ()


def test_a_township_is_measured_against_its_own_part(world: World, visitor: Callable[[str], Any]) -> None:
    begin(world.west, "610728001")
    begin(world.west, "610728101")
    path = f"/targets/{target(world.west, '就地就近转移就业')}"
    township, east = visitor("jingyang"), visitor("tongzhou")
    page = township.get(path)
    assert "您能看到的范围里没有分到任务数的地方" in page and "还差" not in page
    assert "全县目标，本乡镇未分解；陕西省汉中市镇巴县共<b>370</b>人" in page
    plan = target_plan(world.west)
    assert "全县目标，本乡镇未分解" in township.get(plan) and "全县目标，本乡镇未分解" in township.get("/")
    for region, figure in (("610728001", 200), ("610728101", 300)):
        made(world.west.post(f"/v1{path}/parts", json={"region": region, "figure": figure}))
    page = township.get(path)
    assert "分到<b>200</b>人，是全部任务370人的一部分" in page and "已有<b>1</b>人，还差<b>199</b>人" in page
    told = township.get(plan)
    assert "分到<b>200</b>人" in told and "已有<b>1</b>人" in told and "还差199人" in told
    home = township.get("/")
    assert "<b>1</b> / 200人" in home and "这里是您的地区分到的" in home and 'class="bar' in home
    assert 'data-goal="200"' in page and "您只能看到自己辖区的" in page and "分下去的一共" not in page
    page = east.get(path)
    assert "您能看到的范围里没有人" in page
    assert not any(words in page for words in ("已有<b>", "预计", "还没有分给各地"))


def test_who_waits_is_already_counted_without_a_rule_and_is_called_from_paper(
    world: World, visitor: Callable[[str], Any]
) -> None:
    called, _ = (begin(world.west, region) for region in ("610728001", "610728101"))
    worker = f"/v1/workers/{called}"
    etag = world.west.get(worker).headers["ETag"]
    made(world.west.patch(worker, json={"phone": "10000000001"}, headers={"If-Match": etag}))
    desk, path = visitor("zhenba"), f"/targets/{target(world.west, '就地就近转移就业')}"
    page = desk.get(f"{path}?show=waiting")
    assert "按本局参考口径能稳定的人，已计入任务数（2人）" in page and "就能算上" not in page
    assert "要完成任务，2021年12月31日前（含当天）还要新上岗<b>368</b>人" in page
    assert f'{path}/calls?as_of=2021-09-20">打印名单' in page
    paper = desk.get(f"{path}/calls?within=610728001")
    assert paper.count("测试甲") == 1 and "镇巴车间" in paper and "2021年12月19日" in paper
    assert "100****0001" in paper and "10000000001" not in paper and "共1人" in paper
    paper = desk.get(f"{path}/calls")
    assert paper.count("测试甲") == 2 and "没有电话" in paper
    # Who has no telephone is visited: last, under a heading of her own.
    assert "其中1人没有电话、要上门，排在最后" in paper
    assert paper.index("100****0001") < paper.index("要上门（没有登记电话）")
    rest = desk.get(f"{path}/calls?begin=1")
    assert rest.count("测试甲") == 1 and "第2—2人" in rest and "打印前面的" in rest
    visitor("tongzhou").get(f"{path}/calls", 403)


def test_a_figure_is_typed_with_its_file(world: World, visitor: Callable[[str], Any]) -> None:
    west, desk = world.west, visitor("zhenba")
    path = f"/targets/{target(west, '出台脱贫人口稳定就业政策')}"
    assert "还没有人填报" in desk.get(path)
    typed = {"figure": "1", "as_of": "2021-09-01", "proof": "镇政发〔2021〕8号"}
    answer = desk.post(f"{path}/figures", **typed | {"figure": "一"})
    assert answer.status_code == 422 and "镇政发〔2021〕8号" in answer.text
    assert "填报<b>1</b>" in desk.done(f"{path}/figures", **typed)
    assert "填报<b>2</b>" in desk.done(f"{path}/figures", **typed | {"figure": "2"})
    assert "已作废：重新填报" in desk.get(path)
    assert "填报<b>2</b>" in desk.get("/plans/1")
    figure = next(
        each["id"] for each in west.get(f"/v1{path}/figures").json()["items"] if not each["superseded_at"]
    )
    made(west.post(f"/v1/figures/{figure}/file", files={"file": ("政策.pdf", b"%PDF-1.7 x")}))
    assert "政策.pdf" in desk.get(path)
    assert "%PDF-1.7" in desk.get(f"/figures/{figure}/file")
    page = desk.done(f"{path}/figures/{figure}/withdraw", reason="文号写错")
    assert "已作废：文号写错" in page and "台账不统计此项，还没有人填报" in page


@pytest.mark.parametrize("username", ["zhenba", "jingyang"])
def test_a_report_is_frozen_read_and_printed(
    world: World, visitor: Callable[[str], Any], username: str
) -> None:
    person = begin(world.west, "610728001")
    desk = visitor(username)
    page = desk.get("/frozen-reports")
    if username == "jingyang":
        assert "点“冻结”" not in page and "您能看到的范围里没有冻结的报表" in page
        assert desk.post("/frozen-reports", period="2021-09", region="610728001").status_code == 403
        return
    page = desk.done("/frozen-reports", period="2021-09", region="610728")
    assert "已冻结" in page and "与冻结时一致" in page
    desk.done("/frozen-reports", period="2021-09", region="610728")
    listed = desk.get("/frozen-reports")
    assert len(set(re.findall(r"第\d+号", listed))) == 2
    report = world.west.get("/v1/frozen-reports").json()["items"][0]
    lines = world.west.get(f"/v1/frozen-reports/{report['id']}").json()["items"]
    line = next(each["line"] for each in lines if each["label"] == "就地就近转移就业")
    page = desk.get(f"/frozen-reports/{report['id']}/lines/{line}")
    assert "测试甲" in page and "镇巴车间" in page and "有<b>1</b>人" in page
    paper = desk.get(f"/frozen-reports/{report['id']}/print")
    assert (
        report["content_sha256"] in paper.replace(" ", "")
        and 'data-chart="tasks"' in paper
        and "370人" in paper
    )
    assert (
        person
        == world.west.get(f"/v1/frozen-reports/{report['id']}/lines/{line}/persons").json()["items"][0][
            "worker_id"
        ]
    )
    wrong = desk.post("/frozen-reports", period="2022-01", region="610728")
    assert wrong.status_code == 422 and "这个时期还没有开始" in wrong.text
