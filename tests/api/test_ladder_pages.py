"""The pages of the ladder: the clock, a person's way into a public post, workshops, classes, fairs, stations."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from models.spell import SpellKind

from .claiming import Claimants
from .conftest import Visitor, World, made
from .ladder_commands import Ladder


@pytest.fixture
def desk(visitor: Callable[[str], Visitor]) -> Visitor:
    return visitor("zhenba")


@pytest.fixture
def ladder(west: TestClient, people: Claimants) -> Ladder:
    return Ladder(west, people)


def words(page: str) -> str:
    """What a reader sees."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page.partition("<main")[2].partition("</main>")[0]))


def test_before_there_is_anything(desk: Visitor, visitor: Callable[[str], Visitor]) -> None:
    for path, empty in (
        ("/public-posts", "现在没有人在公益性岗位上"),
        ("/workshops", "没有符合条件的车间"),
        ("/entrepreneurs", "采纳后会列在这里"),
        ("/fairs", "还没有招聘会"),
        ("/stations", "还没有工作站"),
        ("/courses", "还没有培训班"),
    ):
        page = desk.get(path)
        assert empty in words(page), path
        assert 'aria-current="page"' in page
    assert "还没有核对文件" in words(desk.get("/public-posts"))
    east = visitor("tongzhou")
    for path in ("/fairs", "/stations"):
        page = words(east.get(path))
        assert "您能看到的范围里没有" in page and "登记后" not in page and "已举办0" not in page
    east.get("/public-posts", 403)


def test_a_person_from_the_offers_to_the_exit(ladder: Ladder, desk: Visitor) -> None:
    worker, keeper = ladder.person(offered=False, name="兜底甲"), ladder.keeper()
    path = f"/workers/{worker}"
    assert "12个月内没有推荐过市场岗位的记录" in words(desk.get(path))
    offer = {"what": "县茶厂拣茶工", "offered_on": "2021-09-01", "answer": "refused"}
    assert "选原因" in desk.post(f"{path}/job-offers", rung="market", **offer).text
    place = {"employer_id": keeper, "post_kind": "保洁员", "started_on": "2021-09-10", "monthly_income": 600}
    told = desk.post(f"{path}/public-posts", cadre_relation="none", **place)
    assert told.status_code == 409 and "没有推荐过帮扶车间" in told.text and 'value="保洁员"' in told.text
    for rung in ("market", "workshop"):
        desk.done(f"{path}/job-offers", rung=rung, reason="health", **offer)
    page = words(desk.done(f"{path}/public-posts", cadre_relation="none", **place))
    assert "第1次安置：2021年9月10日起，期限到2024年9月9日" in page and "本人不去：健康原因" in page
    listed = desk.get("/public-posts?region=610728001")
    assert "在岗1人，没有人需要退出" in words(listed) and "兜底甲" in listed
    spell = re.findall(r"/public-posts/(\d+)/leave", listed)[0]
    assert (
        "延期应晚于"
        in desk.post(f"/public-posts/{spell}/extend", until="2022-01-01", reason="policy", basis="12号").text
    )
    page = desk.done(f"/public-posts/{spell}/extend", until="2025-06-30", reason="policy", basis="12号")
    assert "到2025年6月30日（已延期）" in words(page)
    page = words(desk.done(f"/public-posts/{spell}/withdraw-extension", reason="登记错了人"))
    assert "到2024年9月9日，" in page and "撤回延期" not in page
    page = desk.done(f"/public-posts/{spell}/leave", ended_on="2021-09-20", leave_reason="not_asked")
    assert "2021年9月20日退出" in words(page) and "/leave" not in page
    other = ladder.served("2018-01-01", name="名单乙")
    page = desk.get("/public-posts?exit=overdue")
    assert "期满未退出1人" in words(page) and "没有申报" in words(page)
    assert "/public-posts/file?region=&amp;exit=overdue" in page
    file = desk.client.get("/public-posts/file?exit=overdue")
    [head, line] = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, line, strict=True))
    assert (told["姓名"], str(told["期限到"]), told["提醒"]) == (
        "名单乙",
        "2020-12-31",
        "期满未退出",
    )
    page = words(desk.done(f"/public-posts/{other}/declare", cadre_relation="cadre"))
    assert "本人是村干部1人" in page
    assert "已不再任职或申报有误" in desk.post(f"/public-posts/{other}/declare", cadre_relation="none").text
    file = desk.client.get("/public-posts/file?exit=cadre")
    [head, line] = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert dict(zip(head, line, strict=True))["提醒"] == "期满未退出、本人是村干部"
    page = desk.done(f"/public-posts/{other}/declare", cadre_relation="none", reason="mistaken")
    assert "本人是村干部1人" not in words(page)


def test_a_workshop_on_its_page(ladder: Ladder, desk: Visitor, visitor: Callable[[str], Visitor]) -> None:
    employer = ladder.workshop(relieved=5, others=1)
    path = f"/workshops/{employer}"
    assert "今天在岗6人，其中脱贫劳动力5人" in words(desk.get("/workshops"))
    assert "日期不能晚于今天" in desk.post(f"{path}/recognise", form="plant", recognised_on="2021-10-01").text
    desk.done(f"{path}/recognise", form="plant", recognised_on="2021-09-01", basis="8号文")
    page = words(desk.done(f"{path}/rate", year=2021, grade="excellent"))
    assert (
        "2021年9月1日认定为厂房式，当天在岗6人，其中脱贫劳动力5人，8号文" in page and "2021年：优秀" in page
    )
    assert "认定有效1家" in words(desk.get("/workshops?recognised=yes"))
    assert "撤销" in words(desk.done(f"{path}/revoke", revoked_on="2021-09-20", reason="停产"))
    assert visitor("jingyang").post(f"{path}/rate", year=2021, grade="failed").status_code == 403


def test_a_class_to_order_from_the_form(world: World, people: Claimants, desk: Visitor) -> None:
    post = world.vacancy()
    course = {"region": "610728", "name": "家纺委培", "kind": "sponsored", "started_on": "2021-03-01"}
    refused = desk.post("/courses", employer="没有的厂", post="平车工", **course)
    assert "没有找到这个单位的这个岗位" in refused.text and "家纺委培" in refused.text
    page = desk.post("/courses", employer="测试家纺有限公司", post="平车工", skill="平车", **course)
    number = page.headers["location"].split("/")[-1]
    worker = world.worker(name="学员甲", skills={})["id"]
    made(world.west.post(f"/v1/courses/{number}/enrolments", json={"worker_ids": [worker]}))
    people.spell(
        worker, started="2021-05-01", ended=None, region="320612", kind=SpellKind.MARKET,
        employer_id=post["employer_id"], vacancy_id=post["id"],
    )  # fmt: skip
    told = words(desk.get(f"/courses/{number}"))
    assert "到这个岗位上岗1人，到这个单位上岗1人" in told and "2021年5月1日" in told
    assert "今年培训1人次，其中订单、委培、“1+2”1人次" in words(desk.get("/courses"))
    desk.done(f"/courses/{number}/complete", worker=worker, certificate="证-3")
    person = words(desk.get(f"/workers/{worker}"))
    assert "证书证-3，掌握“平车”" in person and "技能平车" in person


def test_fairs_and_stations_from_their_forms(
    ladder: Ladder, desk: Visitor, visitor: Callable[[str], Visitor]
) -> None:
    fair = {"region": "610728", "name": "协作专场", "kind": "special", "held_on": "2021-03-06"}
    assert "没有找到" in desk.post("/fairs", partner="某某国", **fair).text
    page = desk.done("/fairs", partner="江苏省南通市通州区", **fair)
    assert "今年已举办1场，其中专题招聘1场" in words(page) and "南通市通州区联合举办" in words(page)
    number = re.findall(r'action="/fairs/(\d+)"', page)[0]
    sent = {"employers": 30, "seats": 900, "attended": 400, "agreed": 60, "held_on": "2021-03-06"}
    page = desk.done(f"/fairs/{number}", version=1, **sent)
    assert "30" in page and "900" in page
    assert desk.post(f"/fairs/{number}", version=1, **sent).status_code == 412
    assert desk.post(f"/fairs/{number}", **sent).status_code == 422
    assert "今年已举办0场" in words(desk.done(f"/fairs/{number}", version=2, called_off=1, **sent))

    station = {"name": "驻通州工作站", "kept_by": "610728", "opened_on": "2021-03-01"}
    page = desk.done("/stations", region="江苏省南通市通州区", **station)
    path = re.findall(r'href="(/stations/\d+)"', page)[0]
    assert "没有这个账号" in desk.post(f"{path}/staff", username="无此人").text
    assert "tongzhou，2021年9月20日起" in words(desk.done(f"{path}/staff", username="tongzhou"))
    ladder.visited()
    assert "没有找到这个名称" in desk.post(f"{path}/visits", employer="无此厂", found="in_order").text
    visit = {"employer": "通州家纺厂", "found": "wages", "people_seen": 5, "note": "欠两个月"}
    assert "拖欠工资" in words(desk.done(f"{path}/visits", **visit))
    assert "不再" in words(desk.get(path))
    assert "2021年9月20日止" in words(desk.done(f"{path}/staff", username="tongzhou", end=1))
    east = visitor("tongzhou")
    assert "欠两个月" in east.get(path) and "登记走访" not in east.get(path)
