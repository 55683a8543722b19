"""Pages for somebody with two roles in two regions: each part of a page is of the regions of the role that allows it."""

from collections.abc import Callable

import pytest

from .conftest import Visitor, World, made

Bound = Callable[[list[tuple[str, str]]], None]
NAME = "测试两处"
NUMBERS = "查看完整号码"


@pytest.fixture
def person(world: World) -> int:
    """Somebody of the western county who left work and waits to be looked after, at a post that is there."""
    post = world.vacancy(valid_from="2021-08-20")
    worker = int(world.worker(name=NAME)["id"])
    told = {"worker_id": worker, "vacancy_id": post["id"]}
    application = made(world.west.post("/v1/applications", json=told))["id"]
    spell = made(world.west.post(f"/v1/applications/{application}/start", json={"started_on": "2021-08-25"}))[
        "spell_id"
    ]
    ended = {"ended_on": "2021-09-18", "leave_reason": "not_asked"}
    made(world.west.post(f"/v1/spells/{spell}/end", json=ended))
    return worker


def test_who_administers_here_and_works_there_sees_nobody_of_here(
    person: int, visitor: Callable[[str], Visitor], bound: Bound
) -> None:
    alone = visitor("zhenba")
    assert NAME in alone.get("/workers") and "离岗还没推荐新岗位" in alone.get("/today")
    bound([("county", "610723"), ("administrator", "610728")])
    desk = visitor("zhenba")
    for path in ("/", "/today", "/workers", "/households", "/follow-ups/leavers", "/vacancies", "/employers"):
        page = desk.get(path)
        assert NAME not in page and "离岗还没推荐新岗位" not in page, path
    assert desk.client.get(f"/workers/{person}").status_code == 404
    menu = desk.get("/")
    assert 'href="/workers"' in menu and 'href="/accounts"' in menu, "both are his, each in its region"
    assert "jingyang" in desk.get("/accounts"), "the accounts are of here"
    own = desk.get("/me")
    assert "县级经办人（陕西省汉中市洋县）" in own and "系统管理员（陕西省汉中市镇巴县）" in own


def test_a_page_about_one_person_offers_what_may_be_done_there(
    person: int, visitor: Callable[[str], Visitor], bound: Bound
) -> None:
    bound([("county", "610728"), ("auditor", "610723")])
    assert NUMBERS in visitor("zhenba").get(f"/workers/{person}")
    bound([("auditor", "610728"), ("county", "610723")])
    desk = visitor("zhenba")
    page = desk.get(f"/workers/{person}")
    assert NAME in page and NUMBERS not in page
    shown = desk.post(f"/workers/{person}/numbers", reason="verify")
    assert (shown.status_code, NAME in shown.text) == (404, False)
