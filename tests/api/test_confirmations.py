"""双向核实: each side tells what it found of its own; where they differ it is shown, and nothing is overwritten."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.database import owner_connection
from models.confirmation import SpellConfirmation

from .conftest import World, made
from .test_evidence import problem

THERE = {"found": "at_work", "means": "on_site"}
GONE = {"found": "not_at_work", "means": "employer"}


@pytest.fixture
def spell(world: World) -> dict[str, Any]:
    """A person at work in the east since 25 August; today is 20 September."""
    post = world.vacancy(valid_from="2021-08-20")["id"]
    application = world.application(vacancy_id=post)["id"]
    started = made(
        world.west.post(f"/v1/applications/{application}/start", json={"started_on": "2021-08-25"})
    )
    return made(world.west.get(f"/v1/spells/{started['spell_id']}"))


def waiting(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    return list(made(client.get("/v1/confirmations", params=asked))["items"])


def evidence(client: TestClient, spell_id: int) -> list[tuple[str, str, str]]:
    found = made(client.get(f"/v1/spells/{spell_id}/evidence"))["items"]
    return sorted((each["grade"]["code"], each["covers_from"], each["covers_to"]) for each in found)


def test_the_east_finds_whom_it_is_to_look_for_and_says_what_it_found(
    west: TestClient, east: TestClient, clerk: Callable[[str], TestClient], spell: dict[str, Any]
) -> None:
    path = f"/v1/spells/{spell['id']}/confirm"
    [told] = waiting(east)
    assert (told["name"], told["worker_id"], told["home"]["code"]) == ("测试甲", None, "610728")
    assert (told["differs"], told["findings"]) == (False, [])
    assert waiting(clerk("station"))[0]["spell_id"] == spell["id"]
    assert [waiting(east, region=code) for code in ("610728", "310000")] == [[], []]
    assert len(waiting(east, region="3206")) == 1
    assert waiting(west) == []  # seen within the last months
    kept = made(east.post(path, json=THERE | {"since": "2021-08-25"}))
    assert (kept["side"]["code"], kept["by"], kept["contradicted"]) == ("destination", "tongzhou", False)
    assert waiting(east) == waiting(clerk("station")) == []
    assert evidence(west, spell["id"]) == [("C", "2021-08-25", "2021-09-20")]
    assert made(west.get(f"/v1/spells/{spell['id']}"))["observed_until"] == "2021-09-20"
    problem(east.post(path, json=THERE), 409, "already-confirmed")
    made(west.post(path, json={"found": "at_work", "means": "person"}))
    assert evidence(west, spell["id"]) == [("C", "2021-08-25", "2021-09-20")], "as good was there"
    sides = [each["side"]["code"] for each in made_list(west.get(f"/v1/spells/{spell['id']}/confirmations"))]
    assert sides == ["destination", "origin"]
    assert clerk("yangxian").post(path, json=THERE).status_code == 404
    history = made(west.get(f"/v1/workers/{spell['worker_id']}/history"))["items"]
    assert {"双向核实", "佐证", "务工记录"} <= {each["noun"]["label"] for each in history}


def made_list(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_who_was_met_once_was_not_met_for_a_season(west: TestClient, east: TestClient, world: World) -> None:
    post = world.vacancy(valid_from="2021-02-20")["id"]
    application = world.application(vacancy_id=post)["id"]
    begun = {"started_on": "2021-03-01"}
    fresh = made(west.post(f"/v1/applications/{application}/start", json=begun))["spell_id"]
    kept = made(east.post(f"/v1/spells/{fresh}/confirm", json=THERE | {"since": "2021-08-19"}))
    assert kept["means"]["label"] == "现场核实"
    assert sorted(evidence(west, fresh)) == [
        ("C", "2021-09-20", "2021-09-20"),
        ("D", "2021-08-19", "2021-09-20"),
    ]
    month = THERE | {"found_on": "2021-09-19", "since": "2021-08-19"}
    made(east.post(f"/v1/spells/{fresh}/confirm", json=month))
    assert ("C", "2021-08-19", "2021-09-19") in evidence(west, fresh), "31 days"


def test_sides_that_differ_are_shown_until_the_record_or_the_finding_changes(
    west: TestClient, east: TestClient, clerk: Callable[[str], TestClient], spell: dict[str, Any]
) -> None:
    path = f"/v1/spells/{spell['id']}"
    made(clerk("station").post(f"{path}/confirm", json=THERE | {"found_on": "2021-09-10"}))
    made(east.post(f"{path}/confirm", json=GONE | {"found_on": "2021-09-18"}))
    assert evidence(west, spell["id"]) == [("C", "2021-09-10", "2021-09-10")]
    [told] = waiting(west, differs="true")
    assert told["worker_id"] == spell["worker_id"]
    assert {each["side"]["code"]: each["contradicted"] for each in told["findings"]} == {
        "station": False, "destination": True,
    }  # fmt: skip
    seen = made(west.get(path))
    assert (seen["ended_on"], seen["observed_until"]) == (None, "2021-09-10"), "no silent overwrite"
    assert waiting(east) == [], "it has told what it found"
    # A correction of the days does not make what was found forgotten.
    fresh = made(west.post(f"{path}/correct", json={"started_on": "2021-08-26", "reason": "核对"}))
    assert [each["spell_id"] for each in waiting(west)] == [fresh["id"]]
    problem(east.post(f"{path}/confirm", json=THERE), 409, "already-corrected")
    # The end that was recorded agrees with both: she worked on the 10th, and was gone on the 18th.
    made(
        west.post(
            f"/v1/spells/{fresh['id']}/end", json={"ended_on": "2021-09-15", "leave_reason": "not_asked"}
        )
    )
    assert waiting(west) == waiting(east) == []
    made(east.post(f"/v1/spells/{fresh['id']}/confirm", json=THERE))
    assert [each["ended_on"] for each in waiting(west)] == ["2021-09-15"], "seen after her last day"
    assert evidence(west, fresh["id"]) == [("C", "2021-09-10", "2021-09-10")]


def test_what_cannot_be_is_refused_and_nothing_is_kept(
    west: TestClient,
    east: TestClient,
    clerk: Callable[[str], TestClient],
    spell: dict[str, Any],
    session_as: Callable[[str], Session],
) -> None:
    path = f"/v1/spells/{spell['id']}/confirm"
    for told in (
        THERE | {"found_on": "2021-09-21"},
        THERE | {"found_on": "2021-08-24"},
        THERE | {"found_on": "2021-09-31"},
        THERE | {"since": "2021-08-24"},
        THERE | {"since": "2021-09-20", "found_on": "2021-09-19"},
        GONE | {"since": "2021-09-01"},
        {"found": "perhaps", "means": "on_site"},
        {"found": "at_work"},
    ):
        problem(east.post(path, json=told), 422, "invalid")
    problem(east.post(path, json=THERE | {"side": "origin"}), 403, "not-this-side")
    problem(west.post(path, json=THERE | {"side": "station"}), 403, "not-this-side")
    assert clerk("auditor").post(path, json=THERE).status_code == 403
    assert clerk("auditor").get("/v1/confirmations").status_code == 403
    session = session_as("zhenba")
    assert session.exec(select(SpellConfirmation)).all() == []
    assert evidence(west, spell["id"]) == []


def test_the_database_lets_each_side_speak_for_itself_alone(
    spell: dict[str, Any], session_as: Callable[[str], Session], connection: Connection
) -> None:
    insert = text(
        "INSERT INTO spell_confirmation (created_at, spell_id, side, found, means, found_on, account_id, is_demo) "
        "VALUES (now(), :spell, :side, 'at_work', 'on_site', :on, CAST(:account AS bigint), false)"
    )
    for username, side in (("tongzhou", "origin"), ("zhenba", "destination"), ("yangxian", "origin")):
        mine = session_as(username).connection().scalar(text("SELECT app_account()"))
        told = {"spell": spell["id"], "side": side, "on": "2021-09-01", "account": mine}
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.execute(insert, told)
    mine = session_as("tongzhou").connection().scalar(text("SELECT app_account()"))
    right = {"spell": spell["id"], "side": "destination", "on": "2021-09-01", "account": mine}
    for wrong in ({"account": None}, {"account": mine + 1}, {"on": "2021-08-24"}):
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.execute(insert, right | wrong)
    connection.execute(insert, right)
    for change in ("UPDATE spell_confirmation SET found = 'unknown'", "DELETE FROM spell_confirmation"):
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.execute(text(change))
    names = text("SELECT count(*) FROM names_at_work(CAST(:ids AS bigint[]))")
    assert connection.scalar(names, {"ids": [spell["id"]]}) == 1
    session_as("yangxian")
    assert connection.scalar(names, {"ids": [spell["id"]]}) == 0


def test_whose_data_is_only_stored_is_looked_for_by_nobody(
    west: TestClient, east: TestClient, spell: dict[str, Any], connection: Connection
) -> None:
    assert waiting(west, side="origin") == []
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": spell["worker_id"]})
    assert [each["name"] for each in waiting(east)] == []
    path = f"/v1/spells/{spell['id']}/confirm"
    problem(west.post(path, json=THERE), 409, "restricted")
    problem(east.post(path, json=THERE), 409, "restricted")


@pytest.fixture
def pairings(database: Any) -> Iterator[dict[str, int]]:
    """Both western counties are paired with the eastern district; what the accounts were bound to comes back."""
    paired = text(
        "INSERT INTO pairing (created_at, origin_region, destination_region, programme, valid_from) "
        "VALUES (now(), :origin, '320612', '测试协作', '2021-01-01') RETURNING id"
    )
    with owner_connection(database.owner) as owner:
        before = owner.execute(text("SELECT id, pairing_id FROM account_binding")).all()
        numbers = {origin: owner.scalar(paired, {"origin": origin}) for origin in ("610723", "610728")}
    yield numbers
    with owner_connection(database.owner) as owner:
        for number, pairing in before:
            told = {"id": number, "pairing": pairing}
            owner.execute(text("UPDATE account_binding SET pairing_id = :pairing WHERE id = :id"), told)
        owner.execute(text("DELETE FROM pairing WHERE id = ANY(:ids)"), {"ids": list(numbers.values())})


def bind(database: Any, name: str, pairing: int | None) -> None:
    bound = text(
        "UPDATE account_binding SET pairing_id = :pairing FROM account "
        "WHERE account.id = account_id AND username = :name"
    )
    with owner_connection(database.owner) as owner:
        owner.execute(bound, {"pairing": pairing, "name": name})


@pytest.mark.parametrize("name", ["tongzhou", "station"])
def test_who_is_bound_to_a_pairing_looks_for_that_countys_people_alone(
    name: str,
    clerk: Callable[[str], TestClient],
    spell: dict[str, Any],
    database: Any,
    pairings: dict[str, int],
) -> None:
    looks, found = clerk(name), f"/v1/spells/{spell['id']}/confirmations"
    assert [each["spell_id"] for each in waiting(looks)] == [spell["id"]]
    bind(database, name, pairings["610723"])
    assert waiting(looks) == []
    problem(looks.post(f"/v1/spells/{spell['id']}/confirm", json=THERE), 403, "not-this-side")
    assert looks.get(found).status_code == 404
    bind(database, name, pairings["610728"])
    assert [each["spell_id"] for each in waiting(looks)] == [spell["id"]]
    assert made_list(looks.get(found)) == []


def test_without_a_pairing_a_station_looks_for_nobody_and_a_district_for_its_partners_alone(
    east: TestClient,
    clerk: Callable[[str], TestClient],
    spell: dict[str, Any],
    database: Any,
    pairings: dict[str, int],
) -> None:
    bind(database, "station", None)
    assert waiting(clerk("station")) == []
    assert clerk("station").get(f"/v1/spells/{spell['id']}/confirmations").status_code == 404
    # Somebody of a county that is paired with another district works here too.
    yang = World(clerk("yangxian"), east)
    person = yang.worker(region="610723001")["id"]
    told = {"worker_id": person, "vacancy_id": yang.vacancy()["id"]}
    other = made(yang.west.post("/v1/applications", json=told))["id"]
    there = made(yang.west.post(f"/v1/applications/{other}/start", json={}))["spell_id"]
    assert [each["spell_id"] for each in waiting(east)] == [spell["id"], there], "while both are paired"
    with owner_connection(database.owner) as owner:
        ended = "UPDATE pairing SET valid_until = '2021-09-19' WHERE id = :id"
        owner.execute(text(ended), {"id": pairings["610723"]})
    assert [each["spell_id"] for each in waiting(east)] == [spell["id"]], "the pairing is over"
    problem(east.post(f"/v1/spells/{there}/confirm", json=THERE), 403, "not-this-side")
    assert east.get(f"/v1/spells/{there}/confirmations").status_code == 404


def test_each_side_is_looked_from_where_its_own_role_is(
    west: TestClient, spell: dict[str, Any], database: Any, clerk: Callable[[str], TestClient]
) -> None:
    """The county's clerk who sits at the station as well does not speak for the district's own people."""
    with owner_connection(database.owner) as owner:
        account = owner.scalar(text("SELECT id FROM account WHERE username = 'zhenba'"))
        second = owner.scalar(
            text(
                "INSERT INTO account_binding (created_at, account_id, role, region, pairing_id) SELECT now(), :id, "
                "'station', '320612', min(id) FROM pairing WHERE origin_region = '610728' RETURNING id"
            ),
            {"id": account},
        )
    try:
        path = f"/v1/spells/{spell['id']}/confirm"
        assert [each["spell_id"] for each in waiting(west, side="station")] == [spell["id"]]
        made(west.post(path, json=THERE | {"side": "station"}))
        assert waiting(west, side="origin", region="320612") == []
        own = made(west.get("/v1/me"))
        assert {role["code"] for role in own["roles"]} == {"county", "station"}
        assert west.post("/v1/workers", json={"name": "测试乙", "region": "320612001"}).status_code in (
            403,
            422,
        )
    finally:
        with owner_connection(database.owner) as owner:
            owner.execute(text("DELETE FROM account_binding WHERE id = :id"), {"id": second})
