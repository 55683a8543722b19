"""上报与采纳 and 变更记录 as pages: what waits is decided there, and a refusal keeps what was typed."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from models.base import now

Visitor = Callable[[str], Any]
FIRST = {"working": True, "started": "2021-03-01", "region": "320612", "employer": "先去的厂", "income": 4500}
OTHER = {"working": True, "started": "2021-06-01", "region": "320612", "employer": "后去的厂"}


@pytest.fixture
def worker(world: Any, west: TestClient) -> int:
    """Somebody at one factory, reported at another."""
    number: int = world.worker(name="页上人")["id"]
    for body in (FIRST, OTHER):
        assert west.post(f"/v1/workers/{number}/reports", json=body).status_code == 201
    return number


def waiting(west: TestClient, worker: int) -> int:
    told = west.get("/v1/reports", params={"worker_id": worker, "waiting": True}).json()["items"]
    number: int = told[0]["id"]
    return number


def test_what_waits_is_listed_and_decided(visitor: Visitor, worker: int, west: TestClient) -> None:
    clerk, number = visitor("zhenba"), waiting(west, worker)
    listed = clerk.get("/reports")
    assert "有<b>1</b>条上报" in listed and "页上人" in listed and "与另一单位的务工重叠" in listed
    assert "没有要核实的上报" in clerk.get("/reports?region=610728002")
    page = clerk.get(f"/workers/{worker}")
    assert "后去的厂" in page and f'action="/reports/{number}/accept"' in page
    refused = clerk.post(f"/reports/{number}/refuse", reason=" ")
    assert refused.status_code == 422 and "请写明是怎样核实的" in refused.text
    answer = clerk.post(f"/reports/{number}/accept", reason="电话联系本人")
    assert answer.status_code == 303 and answer.headers["location"].endswith("report-accept#reports")
    page = clerk.get(f"/workers/{worker}?done=report-accept")
    assert "已采纳" in page and "人工核实（电话联系本人）" in page and "2021年6月起，在岗" in page
    assert clerk.post(f"/reports/{number}/reverse").status_code == 303
    assert f'action="/reports/{number}/accept"' in clerk.get(f"/workers/{worker}")
    assert clerk.post(f"/reports/{number}/refuse", reason="本人说没有去").status_code == 303
    assert "没有要核实的上报" in clerk.get("/reports")


def test_a_correction_that_is_wrong_keeps_what_was_typed(
    visitor: Visitor, worker: int, west: TestClient
) -> None:
    clerk, number = visitor("zhenba"), waiting(west, worker)
    typed = {
        "instead_of": str(number),
        "working": "yes",
        "started": "2021-06",
        "place": "没有这个地方",
        "employer": "打的字",
    }
    wrong = clerk.post(f"/workers/{worker}/reports", **typed)
    assert wrong.status_code == 422 and "没有找到这个地名" in wrong.text and 'value="打的字"' in wrong.text
    typed |= {"place": "江苏省南通市通州区", "employer": "先去的厂", "started": "2021-03"}
    assert clerk.post(f"/workers/{worker}/reports", **typed).status_code == 303
    assert "没有要核实的上报" in clerk.get("/reports")


def test_those_who_may_only_look_get_no_buttons(visitor: Visitor, worker: int, west: TestClient) -> None:
    number = waiting(west, worker)
    auditor = visitor("auditor")
    page = auditor.get(f"/workers/{worker}")
    assert "上报与采纳" in page and "/reports/" not in page.replace('href="/reports"', "")
    assert auditor.post(f"/reports/{number}/refuse", reason="x").status_code == 403
    assert visitor("yangxian").get(f"/workers/{worker}/history", 404)


def test_the_record_of_changes(visitor: Visitor, worker: int, west: TestClient) -> None:
    shown = west.get(f"/v1/workers/{worker}")
    changed = west.patch(
        f"/v1/workers/{worker}",
        json={"education": "college", "phone": "10000000088"},
        headers={"If-Match": shown.headers["ETag"]},
    )
    assert changed.status_code == 200
    clerk = visitor("zhenba")
    page = clerk.get(f"/workers/{worker}/history")
    assert "初中 → 大专" in page and "zhenba" in page and "修改基本情况" in page
    assert "10000000088" not in page and "100****0088" in page
    assert re.search(r"共<b>\d+</b>次变更", page)
    assert "那一天还没有这份档案" in clerk.get(f"/workers/{worker}/history?on=2021-01-01")
    # The day of the county, which is tomorrow's by UTC from four in the afternoon.
    today = clerk.get(f"/workers/{worker}/history?on={now().astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}")
    assert "当时的务工记录" in today and "先去的厂" in today
    assert "请选择日期" in clerk.get(f"/workers/{worker}/history?on=x", 422)


def test_somebody_who_works_for_herself(visitor: Visitor, world: Any, west: TestClient) -> None:
    worker = world.worker(name="自己干")["id"]
    body = {"working": True, "started": "2021-03-01", "employer": "打零工", "channel": "灵活就业"}
    assert (
        west.post(f"/v1/workers/{worker}/reports", json=body).json()["decision"]["outcome"]["code"] == "opens"
    )
    page = visitor("zhenba").get(f"/workers/{worker}")
    assert "现在是<b>灵活就业</b>，2021年3月开始" in page and "None" not in page
    assert "在岗" in visitor("zhenba").get("/workers?q=自己干")
