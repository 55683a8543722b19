"""编制新方案: what a number of the form means is never guessed, and what is wrong is told beside its field."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from .conftest import Visitor, World
from .planned import LEAVES, Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount_0": "20"}, "要保证：监测对象至少占20%（"),
        ({"amount_0": "20", "unit_0": "people"}, "要保证：监测对象至少20人（"),
        ({"amount_0": "２０人"}, "要保证：监测对象至少20人（"),
        ({"amount_0": "20%", "unit_0": "people"}, "要保证：监测对象至少占20%（"),
        ({"amount_0": "120"}, "第1条：比例不能超过100%。要写人数的，请把单位改成“人”"),
        ({"amount_0": "2.5", "unit_0": "people"}, "第1条：人数写成整数"),
        ({"amount_0": "5", "group_0": ""}, "第1条：请选择是哪些人"),
        ({"places": "999999"}, "第1个代码不在行政区划表里"),
        ({"places": "通州"}, "没有找到“通州”"),
        ({"bus_0": "320612"}, "包车第1辆：开到哪里、至少坐多少人都要填"),
        ({"bus_1": "320612", "least_1": "满"}, "包车第2辆：人数写成整数"),
        ({"bus_0": "320612", "least_0": "3", "bus_1": "320612", "least_1": "4"}, "同一个地方只写一次"),
        ({"bus_0": "320612100", "least_0": "30"}, "包车：第1个代码不在行政区划表里"),
        ({"bus_0": "320612", "least_0": "３０人"}, "符合条件、现在没有工作的有"),
    ],
)
def test_what_is_typed_is_said_back(
    planning: Planning, visitor: Callable[[str], Visitor], typed: dict[str, str], said: str
) -> None:
    planning.people(1), planning.posts(1)
    told = {"region": "610728", "departs_on": LEAVES, "wants": "out", "group_0": "monitored"} | typed
    answer = visitor("zhenba").post("/match-plans/new", step="preview", **told)
    assert said in answer.text
