"""疑点 on pages: what the clerk reads, presses, writes and takes back."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import Session
from starlette.testclient import TestClient

from models.sealing import Keyring

from .doubtful import OTHER_TOWN, TOWN, WORK, Ledger


@pytest.fixture
def ledger(world: Any, session_as: Callable[[str], Session], keyring: Keyring) -> Ledger:
    return Ledger(world, session_as("zhenba"), keyring)


def words(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def test_nothing_checked_nothing_left_something_left(
    ledger: Ledger, visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    clerk = visitor("zhenba")
    assert "还没有检查过" in words(clerk.get("/doubts"))
    worker = ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.session.commit()
    asked = clerk.post("/doubts/check")
    assert asked.headers["location"] == "/doubts"
    waiting = clerk.get("/doubts")
    assert "正在检查疑点" in waiting and 'hx-get="/doubts/progress/' in waiting
    clerk.post("/doubts/check")
    assert work() == 1, "pressed twice it is one check"
    page = words(clerk.get("/doubts"))
    assert "还有1条没处理，其中必须更正0条；上次检查2021年9月20日。" in page
    assert "务工月收入不合理" in page and "疑点在变少吗" in page
    assert "1条疑点没处理" in words(clerk.get("/today"))
    person = clerk.get(f"/workers/{worker}")
    assert "务工月收入45000元，高于30000元" in person and "1条疑点要处理" in person


def test_an_empty_ledger_has_no_doubts(visitor: Callable[[str], Any], work: Callable[[], int]) -> None:
    clerk = visitor("zhenba")
    clerk.post("/doubts/check")
    work()
    assert "目前没有疑点。上次检查2021年9月20日。" in words(clerk.get("/doubts"))
    assert "这里的记录都对得上" in clerk.get("/doubts/list")
    assert "没有发现" in clerk.get("/doubts/integrity")


def test_a_reason_is_written_and_taken_back(ledger: Ledger, visitor: Callable[[str], Any]) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.check()
    [doubt] = ledger.of(worker, "D17")
    number, back = doubt.id, f"/doubts/list?region={TOWN}"
    ledger.session.commit()
    clerk = visitor("zhenba")
    listed = clerk.get(back)
    assert f'href="/workers/{worker}#reports"' in listed and "注意是否把年收入" in listed
    told = {"reason": "厂里的技术总监，已核实", "back": back}
    assert "已保存" in clerk.done(f"/doubts/{number}/explain", **told)
    assert "厂里的技术总监" in clerk.get(back + "&state=explained")
    assert "没有疑点" in clerk.get(back)
    clerk.done(f"/doubts/{number}/reopen", back=back)
    assert "上次的说明：厂里的技术总监" in clerk.get(back)


def test_a_reason_that_is_none_is_asked_for_again(ledger: Ledger, visitor: Callable[[str], Any]) -> None:
    worker = ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.check()
    number = ledger.of(worker, "D17")[0].id
    ledger.session.commit()
    clerk = visitor("zhenba")
    answer = clerk.post(f"/doubts/{number}/explain", reason="嗯")
    assert answer.status_code == 422 and 'value="嗯"' in answer.text
    part = clerk.client.post(
        f"/doubts/{number}/explain",
        data={"reason": "嗯", "form_token": clerk.token},
        headers={"HX-Request": "true"},
    )
    assert part.status_code == 200 and part.text.lstrip().startswith("<li") and "open" in part.text
    good = clerk.client.post(
        f"/doubts/{number}/explain",
        data={"reason": "已打电话核实", "form_token": clerk.token},
        headers={"HX-Request": "true"},
    )
    assert "撤销说明" in good.text and "<html" not in good.text


def test_one_reason_for_all_that_are_ticked(ledger: Ledger, visitor: Callable[[str], Any]) -> None:
    workers = [ledger.person(replace(WORK, income=Decimal(45000)), phone=None) for _ in range(3)]
    ledger.check()
    ids = [ledger.of(worker, "D17")[0].id for worker in workers]
    ledger.session.commit()
    clerk = visitor("zhenba")
    back = "/doubts/list"
    assert "已写明原因" in clerk.done("/doubts/explain", ids=ids[:2], reason="同一家厂，已核实", back=back)
    assert "有1条没处理" in words(clerk.get(back))
    refused = clerk.post("/doubts/explain", reason="已核实", back=back)
    assert refused.status_code == 422 and "还没有选中疑点" in refused.text
    assert (
        clerk.post("/doubts/explain", ids=ids, reason="已核实", back="//evil.example")
        .headers["location"]
        .startswith("/?")
    )


def test_integrity_and_services_in_words(ledger: Ledger, visitor: Callable[[str], Any]) -> None:
    for _ in range(11):
        ledger.person(replace(WORK, income=Decimal(3500)), phone=None)
    ledger.person(labour_capability="skilled", phone=None)
    ledger.check()
    ledger.session.commit()
    clerk = visitor("zhenba")
    assert "本表“务工月收入”有11行填写，其中11行（100%）都是3500元" in clerk.get("/doubts/integrity")
    served = clerk.get("/doubts/services")
    assert "是技能劳动力，目前没有务工" in served and "不是错误" in served and "登记联系结果" in served
    assert "技能劳动力" not in words(clerk.get("/doubts/list")).replace("有技能或大专", "")


def test_a_township_sees_its_own_and_an_auditor_only_looks(
    ledger: Ledger, visitor: Callable[[str], Any]
) -> None:
    ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.person(replace(WORK, income=Decimal(46000)), phone=None, region=OTHER_TOWN)
    ledger.check()
    ledger.session.commit()
    township = visitor("jingyang").get("/doubts/list")
    assert "45000元" in township and "46000元" not in township
    auditor = visitor("auditor")
    assert '/explain"' not in auditor.get("/doubts/list") and "45000元" in auditor.get("/doubts/list")
    assert "重新检查" not in auditor.get("/doubts")
    assert auditor.post("/doubts/check").status_code == 403
    east = visitor("tongzhou")
    assert 'href="/doubts"' not in east.get("/") and "403" not in east.get("/doubts", 403)


def test_the_file_comes_without_a_token(ledger: Ledger, visitor: Callable[[str], Any]) -> None:
    ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.check()
    ledger.session.commit()
    clerk = visitor("zhenba")
    assert "45000元" in clerk.get(f"/doubts/file?region={TOWN}&rule=D17&state=open")
    assert "45000元" not in clerk.get(f"/doubts/file?region={OTHER_TOWN}")


def test_a_long_page_asks_the_database_no_more_than_a_short_one(
    ledger: Ledger, visitor: Callable[[str], Any], connection: Connection
) -> None:
    clerk = visitor("zhenba")

    def asked() -> int:
        count = 0

        def counted(*_: Any) -> None:
            nonlocal count
            count += 1

        event.listen(connection, "before_cursor_execute", counted)
        try:
            clerk.get("/doubts/list")
        finally:
            event.remove(connection, "before_cursor_execute", counted)
        return count

    ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.check()
    clerk.get("/doubts/list")
    few = asked()
    session = ledger.session
    for _ in range(12):
        ledger.person(replace(WORK, income=Decimal(45000)), phone=None)
    ledger.check()
    session.commit()
    assert asked() == few


def test_pages_are_for_those_who_see_the_ledger(client: TestClient, anonymous: TestClient) -> None:
    for path in ("/doubts", "/doubts/list", "/doubts/services", "/doubts/integrity", "/doubts/file"):
        assert anonymous.get(path, headers={"Accept": "text/html"}).status_code == 303, path
