"""一个人的时间线 and 双向核实 as pages: what is drawn, what is proved by their forms, what each side sees."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.pages.timeline_drawing import LEFT, RIGHT, WIDTH, draw
from api.schemas.timeline import TimelinePublic

from .conftest import Visitor, World, made
from .test_evidence import PDF, prove

Visits = Callable[[str], Visitor]


@pytest.fixture
def spell(world: World) -> dict[str, Any]:
    """A person at work in the east since 25 August; today is 20 September."""
    post = world.vacancy(valid_from="2021-08-20")["id"]
    application = world.application(vacancy_id=post)["id"]
    started = made(
        world.west.post(f"/v1/applications/{application}/start", json={"started_on": "2021-08-25"})
    )
    return made(world.west.get(f"/v1/spells/{started['spell_id']}"))


def test_everything_of_one_person_stands_on_one_line(
    west: TestClient, east: TestClient, spell: dict[str, Any]
) -> None:
    path = f"/v1/workers/{spell['worker_id']}"
    made(prove(west, spell["id"], ("流水.pdf", PDF)))
    made(prove(west, spell["id"], proof="statement", covers_from="2021-08-25", covers_to="2021-09-10"))
    gone = {"found": "not_at_work", "means": "employer", "found_on": "2021-09-18"}
    made(east.post(f"/v1/spells/{spell['id']}/confirm", json=gone))
    made(west.post(f"{path}/contacts", json={"found": "at_work", "contacted_on": "2021-09-16"}))
    told = made(west.get(f"{path}/timeline"))
    [each] = told["spells"]
    assert [(part["grade"]["code"], part["days"]) for part in each["verified"]] == [
        ("D", 7), ("B", 15), ("D", 1),
    ]  # fmt: skip
    assert (each["verified_days"], each["days"], each["differs"]) == (23, 23, True)
    assert [look["side"]["code"] for look in each["confirmations"]] == ["destination"]
    assert [len(proof["attachments"]) for proof in each["evidence"]] == [0, 0, 1]
    assert told["stability"]["rule"]["is_reference"] is True
    assert told["stability"]["possible_on"] == "2021-11-24"
    assert (told["from_on"], told["to_on"]) == ("2021-08-25", "2021-11-24")
    assert len(told["contacts"]) == 1

    drawing = draw(TimelinePublic.model_validate(told))
    assert [lane.words for lane in drawing.lanes] == ["务工", "佐证 B", "佐证 D", "核实", "随访"]
    assert {line.look for line in drawing.lines} == {"today", "possible"}
    for bar in drawing.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH - RIGHT + 3
    today = next(line.x for line in drawing.lines if line.look == "today")
    assert max(mark.x for mark in drawing.marks) < today
    assert [mark.look for mark in drawing.marks] == ["gone", "call"]


def test_labels_do_not_lie_on_each_other_and_long_lives_have_few_ticks(
    west: TestClient, spell: dict[str, Any]
) -> None:
    told = TimelinePublic.model_validate(made(west.get(f"/v1/workers/{spell['worker_id']}/timeline")))
    [one] = told.spells
    many = [
        one.model_copy(update={"from_on": date(2012, 1, 1) + timedelta(days=200 * at)}) for at in range(18)
    ]
    drawing = draw(told.model_copy(update={"spells": many, "from_on": date(2012, 1, 1)}))
    for at, label in enumerate(drawing.labels):
        for other in drawing.labels[at + 1 :]:
            apart = abs(label.x - other.x) >= len(label.words) * 10 or label.y != other.y
            assert apart or label.end or other.end
    assert 5 <= len(drawing.ticks) <= 17
    empty = draw(told.model_copy(update={"spells": [], "contacts": [], "stability": None}))
    assert (empty.bars, empty.marks) == ([], [])


def test_a_clerk_proves_and_confirms_on_the_persons_page(
    visitor: Visits, spell: dict[str, Any], west: TestClient
) -> None:
    west_page = visitor("zhenba")
    path = f"/workers/{spell['worker_id']}/timeline"
    assert path in west_page.get(f"/workers/{spell['worker_id']}")
    page = west_page.get(path)
    assert "<svg" in page
    assert "还没有佐证" in page
    told = {"proof": "certificate", "covers_from": "2021-08-25", "covers_to": "2021-09-30", "marks": ["seal"]}
    refused = west_page.post(f"/spells/{spell['id']}/evidence", **told)
    assert refused.status_code == 422
    assert "还没有上的班证明不了" in refused.text
    assert 'value="2021-09-30"' in refused.text
    answer = west_page.client.post(
        f"/spells/{spell['id']}/evidence",
        data=told | {"covers_to": "2021-09-20", "form_token": west_page.token},
        files={"file": ("工资证明.pdf", PDF)},
    )
    assert answer.status_code == 303
    page = west_page.get(path)
    assert "单位证明（缺联系电话、统一社会信用代码）" in page
    [link] = re.findall(r'action="(/spells/[^"]+/attachments/[0-9]+)"', page)
    refused = west_page.client.get(link)
    assert (refused.status_code, "请先选择打开附件的用途" in refused.text) == (422, True)
    assert west_page.client.get(f"{link}?reason=claim").content == PDF
    nothing = west_page.post(link.rsplit("/", 1)[0])
    assert nothing.status_code == 422
    confirmed = {"found": "at_work", "means": "person", "found_on": "2021-09-20"}
    assert "核实结果已记下" in west_page.done(f"/spells/{spell['id']}/confirm", **confirmed)
    again = west_page.post(f"/spells/{spell['id']}/confirm", **confirmed)
    assert again.status_code == 409
    assert "没有重复登记" in again.text
    assert visitor("yangxian").client.get(f"{link}?reason=claim").status_code == 404
    # Who may not see full numbers may not open what they stand on.
    assert visitor("auditor").client.get(link).status_code == 403


def test_the_east_ticks_whom_it_met(visitor: Visits, spell: dict[str, Any], world: World) -> None:
    east = visitor("tongzhou")
    page = east.get("/confirmations")
    assert "测试甲" in page
    assert "/workers/" not in page
    assert "双向核实" in east.get("/")
    told = {
        "found": "at_work",
        "means": "on_site",
        "found_on": "2021-09-20",
        "whole": "1",
        "side": "destination",
    }
    assert "先在名单里给人打勾" in east.post("/confirmations", **told).text
    done = east.done("/confirmations", spell=[spell["id"]], **told)
    assert "现在没有要核实的" in done
    [proof] = made(world.west.get(f"/v1/spells/{spell['id']}/evidence"))["items"]
    assert (proof["grade"]["code"], proof["covers_from"]) == ("C", "2021-08-25")
    assert "随访" in visitor("zhenba").get("/confirmations")
