"""村: the fifth level of registers and lists is a township and the name that its ledger has for a village."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, Asks
from ledger.villages import UNFILLED, villages_of
from models.doubt import Doubt, DoubtSeverity
from models.spell import SpellKind
from models.worker import Worker

from .conftest import Visitor, World, client_of, made

TOWN, OTHER_TOWN, COUNTY = "610728001", "610728101", "610728"
RELIEVED = [{"category": "relieved", "from_on": "2016-01-01"}]


@pytest.fixture
def people(world: World, clerk: Callable[[str], TestClient], session_as: Any) -> list[dict[str, Any]]:
    """Two in 东风村, one of them by the household; one in 红旗村; one of no village; one elsewhere; one of no township."""
    east_wind = world.household(village="东风村", hardship=RELIEVED)
    nowhere = world.household(hardship=RELIEVED)
    elsewhere = world.household(region=OTHER_TOWN, village="东风村", hardship=RELIEVED)
    county = world.household(region=COUNTY, hardship=RELIEVED)
    found = [
        world.worker(name="村甲", household_id=east_wind["id"]),
        world.worker(name="村乙", household_id=nowhere["id"]),
        world.worker(name="村丙", household_id=nowhere["id"]),
        world.worker(name="村丁", household_id=nowhere["id"]),
        world.worker(name="村戊", household_id=elsewhere["id"], region=OTHER_TOWN),
        world.worker(name="村己", household_id=county["id"], region=COUNTY),
    ]
    session: Session = session_as("zhenba")
    for at, name in ((1, "东风村"), (2, " 红旗村"), (3, " ")):
        row = session.get_one(Worker, found[at]["id"])
        row.village = name
        session.add(row)
    session.commit()
    neighbour = clerk("yangxian")
    home = made(
        neighbour.post("/v1/households", json=world.bodies.household(region="610723", hardship=RELIEVED))
    )
    told = world.bodies.worker(name="邻县", region="610723", household_id=home["id"])
    return [*found, made(neighbour.post("/v1/workers", json=told))]


def names(answer: Any) -> list[str]:
    return [row[5] for row in made(answer)["rows"]]


def test_a_register_is_asked_for_one_village(west: TestClient, people: Any) -> None:
    def ask(village: str, region: str = TOWN, view: str = "relieved") -> Any:
        return west.get(f"/v1/registers/{view}", params={"region": region, "village": village})

    assert names(ask("东风村")) == ["村甲", "村乙"]
    assert names(ask("东风村", OTHER_TOWN)) == ["村戊"]
    assert names(ask("红旗村")) == ["村丙"]
    assert names(ask(UNFILLED)) == ["村丁"]
    whole = made(west.get("/v1/registers/relieved", params={"region": TOWN}))
    assert [(part["village"], part["count"], part["code"]) for part in whole["parts"]] == [
        ("东风村", 2, TOWN),
        ("红旗村", 1, TOWN),
        (UNFILLED, 1, TOWN),
    ]
    for village, region, code in (
        ("东风村", COUNTY, "needs-township"),
        ("没有的村", TOWN, "unknown"),
    ):
        answer = ask(village, region)
        assert answer.status_code == 422
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("village", code)]
        assert village not in answer.text


def test_counts_add_up_at_five_levels_in_every_register(
    people: Any, world: World, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    world.spell()
    session = session_as("hanzhong")
    day = date(2021, 9, 20)
    for view in VIEWS.values():
        if view.asks is Asks.BATCH or view.parts is None:
            continue
        levels = 0
        queue = [Asked("61", day.replace(month=1, day=1), day)]
        while queue:
            asked = queue.pop()
            parts = view.parts(session, asked)
            if asked.village is None:
                assert sum(part.count for part in parts) == view.count(session, asked), (view.code, asked)
            for part in parts:
                if part.count and part.code is not None:
                    below = Asked(part.code, asked.from_on, day, village=part.village)
                    assert view.count(session, below) == part.count, (view.code, below)
                    levels = max(levels, len(part.code) + bool(part.village))
                    queue.append(below)
        assert levels in (0, 10)  # of a township, by village
        if view.code in ("relieved", "roster", "household"):
            assert levels == 10
    assert villages_of(session, TOWN) == ["东风村", "红旗村"]


def test_the_quarter_of_a_village(people: Any, world: World, west: TestClient, session_as: Any) -> None:
    spell = world.spell()
    session: Session = session_as("zhenba")
    row = session.get_one(Worker, spell["worker_id"])
    row.village = "红旗村"
    session.add(row)
    session.commit()
    assert spell["kind"]["label"] == SpellKind.WORKSHOP.label

    def figures(**more: str) -> dict[str, Any]:
        rows = made(west.get("/v1/registers/quarterly", params={"region": TOWN, **more}))["rows"]
        return {row[1]: row[3] for row in rows}

    whole, there, here = figures(), figures(village="红旗村"), figures(village="东风村")
    line = "就业帮扶车间吸纳就业"
    assert (whole[line], there[line], here[line]) == (1, 1, 0)
    # Of a workshop nobody knows the village: no figure is better than the township's.
    assert there["就业帮扶车间家数"] is None and whole["就业帮扶车间家数"] == 0


def test_a_villages_file_says_whose_it_is(
    people: Any, west: TestClient, work: Callable[[], int], clerk: Callable[[str], TestClient]
) -> None:
    told = {"view": "relieved", "region": TOWN, "village": "东风村", "format": "csv"}
    asked = made(west.post("/v1/exports", json=told))
    assert asked["village"] == "东风村" and "泾洋街道东风村" in asked["file_name"]
    work()
    done = made(west.get(f"/v1/exports/{asked['id']}"))
    assert done["rows"] == 2
    content = west.get(done["file"]).content.decode("utf-8-sig")
    assert "村甲" in content and "村乙" in content and "村丙" not in content
    households = made(
        west.post(
            "/v1/exports", json={"view": "household", "region": TOWN, "village": "东风村", "format": "csv"}
        )
    )
    work()
    done = made(west.get(f"/v1/exports/{households['id']}"))
    assert done["rows"] == 1


def test_lists_are_asked_for_one_village(west: TestClient, people: Any) -> None:
    def total(path: str, village: str) -> int:
        told = {"region": TOWN, "village": village}
        return int(made(west.get(path, params=told))["total"])

    assert [total("/v1/workers", each) for each in ("东风村", "红旗村", UNFILLED)] == [2, 1, 1]
    assert [total("/v1/households", each) for each in ("东风村", UNFILLED)] == [1, 1]
    for path in ("/v1/workers", "/v1/households", "/v1/doubts"):
        assert west.get(path, params={"village": "东风村"}).status_code == 422


def test_doubts_of_a_township_are_told_by_village(
    west: TestClient, people: Any, session_as: Any, app: Any, sessions: Any
) -> None:
    session: Session = session_as("zhenba")
    day = date(2021, 9, 20)
    for at, worker in enumerate(people[:5]):
        session.add(
            Doubt(
                rule="D01",
                severity=DoubtSeverity.ERROR,
                region=worker["region"]["code"],
                subject=bytes([at]),
                worker_id=worker["id"],
                what="务工信息不全",
                found_on=day,
                seen_on=day,
            )
        )
    session.commit()
    summary = made(west.get("/v1/doubts/summary", params={"region": TOWN}))
    assert summary["villages"] == [
        {"village": "东风村", "open": 2},
        {"village": "红旗村", "open": 1},
        {"village": UNFILLED, "open": 1},
    ]
    assert sum(each["open"] for each in summary["villages"]) == summary["open"]
    found = made(west.get("/v1/doubts", params={"region": TOWN, "village": "红旗村"}))
    assert [item["worker"]["name"] for item in found["items"]] == ["村丙"]
    assert session.exec(select(Doubt).where(col(Doubt.region) == OTHER_TOWN)).one()
    township = client_of(app, sessions, "jingyang")
    assert made(township.get("/v1/doubts/summary", params={"region": TOWN}))["villages"]


def test_a_village_is_two_presses_from_its_register(visitor: Callable[[str], Visitor], people: Any) -> None:
    desk = visitor("zhenba")

    def press(page: str, words: str) -> str:
        [address] = re.findall(rf'<a href="([^"]+)">{words}</a>', page)
        return desk.get(address.replace("&amp;", "&"))

    town = press(desk.get("/registers/relieved"), "泾洋街道")
    village = press(town, "东风村")
    assert "泾洋街道东风村，截至" in village and "共<b>2</b>人" in village
    assert "村甲" in village and "村丙" not in village
    [printed] = re.findall(r'href="(/registers/relieved/print[^"]+)"', village)
    paper = desk.get(printed.replace("&amp;", "&"))
    assert "镇巴县泾洋街道东风村<" in paper and "共2人" in paper and "村丙" not in paper
    page = desk.done("/registers/relieved/export", region=TOWN, village="东风村")
    assert "东风村_20210920" in page
    # A village that was chosen in one township is none of another's.
    other = desk.get(f"/registers/relieved?region={OTHER_TOWN}&village={quote('红旗村')}&village_of={TOWN}")
    assert "村戊" in other
    for path in ("/workers", "/households", "/households/idle", "/doubts/list", "/doubts/services"):
        assert "东风村" in desk.get(f"{path}?region={TOWN}&village={quote('东风村')}&village_of={TOWN}")
        assert desk.get(f"{path}?region={OTHER_TOWN}&village={quote('红旗村')}&village_of={TOWN}")
