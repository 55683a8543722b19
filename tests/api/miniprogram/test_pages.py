"""What the bureau sees of it: among what waits today, each number the length of its list, and the pages to act on."""

import re
from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from .conftest import Phone, Someone, made

PNG = b"\x89PNG\r\n\x1a\n" + b"a payslip"


def waiting(desk: Any) -> dict[str, tuple[int, str]]:
    """By words how many, and where it leads."""
    page = desk.client.get("/today", headers={"HX-Request": "true"}).text
    found = re.findall(r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', page)
    return {words: (int(number), href) for href, number, words in found}


def test_who_asks_by_wechat_is_decided_on_a_page(
    world: Any, west: TestClient, phone: Callable[..., Phone], visitor: Any
) -> None:
    body = world.bodies.worker(name="测试核", phone="10000000091")
    person = made(west.post("/v1/workers", json=body))
    mine = phone("10000000092")
    mine.log_in()
    mine.verify()
    number = mine.bind(person, body["id_number"])["binding_id"]
    desk = visitor("jingyang")
    assert waiting(desk)["个微信号等核对"] == (1, "/bindings")
    page = desk.get("/bindings")
    assert "测试核" in page and "100****0092" in page
    assert "已绑定，本人可以用微信办事了" in desk.done(f"/bindings/{number}/decide", agreed="yes")
    assert made(mine.get(f"/people/{person['id']}"))["name"] == "测试核"
    again = desk.post(f"/bindings/{number}/decide", agreed="yes")
    assert again.status_code == 409 and "已经核对过" in again.text
    assert "测试核" in desk.get("/bindings?state=in_force")
    assert "已解除" in desk.done(f"/bindings/{number}/end")
    assert mine.get(f"/people/{person['id']}").status_code == 404
    assert "个微信号等核对" not in waiting(desk)


def test_call_backs_payslips_and_starts_wait_among_the_rest(
    world: Any, west: TestClient, east: TestClient, bound: Callable[..., Someone], visitor: Any
) -> None:
    person = bound(name="测试等")
    mine = person.phone
    made(mine.post(f"{mine.mine}/calls", {"words": "想问补贴"}))
    application = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": world.vacancy()["id"]}))["id"]
    made(east.post(f"/v1/applications/{application}/offer", json={}))
    made(mine.post(f"{mine.mine}/applications/{application}/start"))
    desk = visitor("zhenba")
    told = waiting(desk)
    assert (told["人等回电"], told["人说已经上岗"]) == (
        (1, "/call-requests"),
        (1, "/applications?start_told=true"),
    )
    assert "本人说2021年9月20日已上岗" in desk.get("/applications?start_told=true")
    page = desk.get("/call-requests")
    assert "想问补贴" in page and "共1人" in page
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert "已登记回电" in desk.done(f"/call-requests/{call['id']}/done")
    assert "测试等" in desk.get("/call-requests?open=false")
    made(west.post(f"/v1/applications/{application}/start", json={}))
    sent = made(mine.post(f"{mine.mine}/payslips", data={"month": "2021-09"}, files={"file": ("a.png", PNG)}))
    told = waiting(desk)
    assert told["张工资条等核对"] == (1, "/payslips")
    assert "人说已经上岗" not in told and "人等回电" not in told
    assert "打开第1张" in desk.get("/payslips")
    assert "已采用" in desk.done(f"/payslips/{sent['id']}/decide", kind="wage_flow")
    assert "没有等核对的工资条" in desk.get("/payslips")


def test_another_county_sees_none_of_it(bound: Callable[..., Someone], visitor: Any) -> None:
    mine = bound(name="测试别").phone
    made(mine.post(f"{mine.mine}/calls", {"words": "想问补贴"}))
    desk = visitor("yangxian")
    for path in ("/call-requests", "/bindings?state=in_force", "/payslips"):
        assert "测试别" not in desk.get(path), path
