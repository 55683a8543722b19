"""The pages of 随访: the list, a call noted on it, a promise kept, who left."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from models.spell import EmploymentSpell, SpellKind

TODAY = date(2021, 9, 20)


@pytest.fixture
def worker(world: Any, session_as: Callable[[str], Session]) -> int:
    number = int(world.worker(name="测试随访")["id"])
    session = session_as("zhenba")
    began = TODAY - timedelta(days=10)
    session.add(
        EmploymentSpell(
            worker_id=number, kind=SpellKind.FLEXIBLE, region="320612", started_on=began, observed_until=began,
            origin_region="610728001",
        )
    )  # fmt: skip
    session.commit()
    return number


def test_a_call_is_noted_on_the_list(worker: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    page = desk.get("/follow-ups")
    assert "到期没联系的有<b>1</b>人" in page and "过期8天" in page
    back = "/follow-ups?region=&whose="
    done = desk.done(
        f"/workers/{worker}/contacts", found="in_difficulty", difficulty="lodging", note="宿舍漏雨",
        means="phone", contacted_on="2021-09-20", back=back,
    )  # fmt: skip
    assert "已记下这次随访" in done and "今天没有到期的随访" in done
    assert "待解决：食宿问题" in desk.get("/follow-ups?whose=all")
    person = desk.get(f"/workers/{worker}")
    assert "宿舍漏雨" in person and "zhenba" in person
    assert "宿舍漏雨" in desk.get(f"/workers/{worker}/history")


def test_what_is_missing_is_told_where_it_was_typed(worker: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    typed = {"found": "left", "note": "说下周回", "contacted_on": "2021-09-20", "back": f"/workers/{worker}"}
    answer = desk.post(f"/workers/{worker}/contacts", **typed)
    assert answer.status_code == 422
    assert "已经离岗的要填最后一天上班的日期" in answer.text and "说下周回" in answer.text
    answer = desk.post(f"/workers/{worker}/contacts", **typed | {"back": "/follow-ups"})
    assert answer.status_code == 422 and "说下周回" in answer.text
    done = desk.done(
        f"/workers/{worker}/contacts",
        **typed | {"left_on": "2021-09-18", "leave_reason": "not_asked", "returned_home": "true"},
    )
    assert "已登记离岗" in done
    page = desk.get("/follow-ups/leavers")
    assert "返乡回流" in page and "9月22日前" in page
    assert "测试随访" not in desk.get("/follow-ups/leavers?only=at_risk")


def test_a_promise_is_kept(worker: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    told = {"found": "in_difficulty", "difficulty": "unpaid", "contacted_on": "2021-09-20", "means": "visit"}
    desk.done(f"/workers/{worker}/contacts", **told)
    page = desk.get("/follow-ups/tasks")
    assert "拖欠工资" in page and "2021年9月27日前解决" in page
    task = page.split("/follow-ups/tasks/")[1].split("/done")[0]
    answer = desk.post(f"/follow-ups/tasks/{task}/done", outcome="单位已补发", version="7")
    assert answer.status_code == 412
    assert "没有待办的事" in desk.done(f"/follow-ups/tasks/{task}/done", outcome="单位已补发", version="1")
    assert "单位已补发" in desk.get("/follow-ups/tasks?state=done")


def test_who_calls_is_divided_on_the_list(worker: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    assert "先在名单里给人打勾" in desk.post("/follow-ups/take").text
    assert "随访分工已保存" in desk.done("/follow-ups/take", worker=[worker], back="/follow-ups?whose=mine")
    assert "由zhenba随访" in desk.get("/follow-ups?whose=mine")
    desk.done("/follow-ups/release", worker=[worker])
    assert "由我随访的，今天没有到期的" in desk.get("/follow-ups?whose=mine")


def test_calls_are_given_on_from_the_list_and_taken_back(worker: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    page = desk.get("/follow-ups")
    number = page.split("jingyang（")[0].rsplit('value="', 1)[1].split('"')[0]
    assert "请选择交给谁随访" in desk.post("/follow-ups/give", worker=[worker]).text
    assert "先在名单里给人打勾" in desk.post("/follow-ups/give", account_id=number).text
    desk.done("/follow-ups/give", worker=[worker], account_id=number)
    assert "由jingyang随访（zhenba交办）" in desk.get("/follow-ups?whose=given")
    assert "其中过期1人，由我随访的1人" in visitor("jingyang").get("/today")
    desk.done("/follow-ups/take-back", worker=[worker], back="/follow-ups?whose=given")
    assert "没有交给别人随访的人" in desk.get("/follow-ups?whose=given")


def test_who_may_only_look_gets_no_form(worker: int, visitor: Callable[[str], Any]) -> None:
    page = visitor("auditor").get("/follow-ups")
    assert "测试随访" in page and "登记联系结果" not in page
    assert visitor("auditor").post(f"/workers/{worker}/contacts", found="at_work").status_code == 403
    assert visitor("tongzhou").client.get("/follow-ups").status_code == 403
