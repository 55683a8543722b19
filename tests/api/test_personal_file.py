"""个人信息副本: all that is held of a person, in words, and who made it."""

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from sqlmodel import Session
from starlette.testclient import TestClient

from api.personal_file.gathering import label
from api.personal_file.sections import LEFT_OUT, SECTIONS, naming_people

from .conftest import World, made
from .test_consents import say

_HAN = re.compile("[\u4e00-\u9fff]")


def test_every_table_that_names_a_person_is_in_it_or_says_why_not() -> None:
    told = {section.table for section in SECTIONS}
    assert not told & LEFT_OUT.keys() and all(LEFT_OUT.values())
    assert naming_people() <= told | LEFT_OUT.keys()


def test_every_column_has_a_chinese_name() -> None:
    wordless = {
        (section.table, name)
        for section in SECTIONS
        for name in section.columns
        if not _HAN.search(label(section.table, name))
    }
    assert wordless == set()


def test_no_two_columns_of_a_table_are_called_alike() -> None:
    for section in SECTIONS:
        names = [label(section.table, name) for name in section.columns]
        assert len(set(names)) == len(names), (section.table, names)


def opened(answer: Any) -> tuple[str, dict[str, list[dict[str, str]]]]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        page, plain = (archive.read(f"个人信息副本.{kind}").decode() for kind in ("html", "json"))
    return page, json.loads(plain)


def test_a_person_reads_all_that_is_held(
    world: World, west: TestClient, visitor: Callable[[str], Any], session_as: Callable[[str], Session]
) -> None:
    home = world.household()
    body = world.bodies.worker(name="副本某", household_id=home["id"])
    worker = made(west.post("/v1/workers", json=body))["id"]
    made(west.get(f"/v1/workers/{worker}/matches"))
    application = world.application(worker_id=worker)
    made(west.post(f"/v1/applications/{application['id']}/start", json={}))
    told = {"found": "in_difficulty", "difficulty": "lodging", "note": "宿舍漏雨想换"}
    made(west.post(f"/v1/workers/{worker}/contacts", json=told))
    made(say(west, worker, "messages", speaker="family"))
    asked = {"about": "ranking", "wish": "想看看理由"}
    made(west.post(f"/v1/workers/{worker}/review-requests", json=asked))
    desk = visitor("zhenba")
    desk.post(f"/workers/{worker}/numbers", reason="call")
    other = world.worker(name="别的人")["id"]
    page, plain = opened(west.get(f"/v1/workers/{worker}/copy", params={"reason": "self"}))
    facts = plain["基本情况"][0]
    assert (facts["姓名"], facts["证件号码"]) == ("副本某", body["id_number"])
    assert facts["联系电话"] == "+8610000000001" and facts["性别"] == "女"
    assert plain["随访"][0]["随访情况"] == "宿舍漏雨想换"
    assert plain["同意登记"][0]["谁说的"] == "家庭成员代为转达"
    assert plain["人工复核"][0]["本人要求"] == "想看看理由"
    assert plain["向用人单位提供的信息"][0]["用人单位"] == "测试家纺有限公司"
    assert "姓名" in plain["向用人单位提供的信息"][0]["提供了哪几项"]
    ranked = plain["出现过的推荐名单（有分数和理由）"]
    assert ranked[0]["排第几"] == "1" and float(ranked[0]["分数"]) > 0 and ranked[0]["理由"]
    assert [row["状态"] for row in plain["推荐"]] == ["已上岗"]
    assert plain["务工记录"][0]["开始"] == "2021-09-20"
    assert {row["做了什么"] for row in plain["谁看过"]} == {"查看完整号码", "出具本副本"}
    assert {row["用途"] for row in plain["谁看过"]} == {"打电话联系本人", "本人要求"}
    assert any("推荐" in row["做了什么"] for row in plain["全部变更"])
    assert "副本某" in page and "宿舍漏雨想换" in page and "别的人" not in page
    assert not re.search(r"[a-z]{4,}_[a-z]+", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    assert other != worker


def test_who_may_make_one_and_what_for(
    world: World, west: TestClient, clerk: Callable[[str], TestClient], visitor: Callable[[str], Any]
) -> None:
    worker = world.worker()["id"]
    path = f"/v1/workers/{worker}/copy"
    assert west.get(path).status_code == 422
    assert clerk("auditor").get(path, params={"reason": "self"}).status_code == 403
    assert clerk("yangxian").get(path, params={"reason": "self"}).status_code == 404
    desk = visitor("zhenba")
    assert "请先选择是谁要的" in desk.get(f"/workers/{worker}/copy?reason=x", 422)
    made(say(west, worker, "service", no=True))
    _, plain = opened(desk.client.get(f"/workers/{worker}/copy", params={"reason": "guardian"}))
    assert plain["基本情况"][0]["限制使用"] == "是", (
        "whose data is only stored has a right to it all the same"
    )
