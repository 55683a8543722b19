"""驻站人员: sees its own county's people at work, confirms with a press and takes it back, and problems go both ways."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions
from api.deps import act_as, narrow
from api.rights import Action
from api.security import account_by_username
from models.id_number import mask_id_number

from .conftest import Visitor, World, made
from .ladder_commands import STATION
from .stationed import Stationed
from .test_confirmations import evidence, made_list
from .test_evidence import problem

THERE = {"found": "at_work", "means": "on_site"}
HARDSHIP = {"hardship": [{"category": "monitored_unstable", "from_on": "2021-01-01"}]}


@pytest.fixture
def stationed(world: World, clerk: Callable[[str], TestClient]) -> Stationed:
    return Stationed(world, clerk)


@pytest.fixture
def other_county(clerk: Callable[[str], TestClient], east: TestClient, stationed: Stationed) -> int:
    """Somebody of 洋县 is at work in the same firm."""
    yang = World(clerk("yangxian"), east)
    person = yang.worker(region="610723001", name="外县人")["id"]
    told = {"worker_id": person, "vacancy_id": stationed.post["id"]}
    application = made(yang.west.post("/v1/applications", json=told))["id"]
    path = f"/v1/applications/{application}/start"
    return int(made(yang.west.post(path, json={"started_on": "2021-08-25"}))["spell_id"])


def people(staff: TestClient, **asked: Any) -> list[dict[str, Any]]:
    return list(made(staff.get("/v1/stations/people", params=asked))["items"])


def test_who_sits_at_a_station_sees_its_countys_people_by_name_alone(
    stationed: Stationed, other_county: int, west: TestClient
) -> None:
    body = stationed.world.bodies.worker(name="测试乙", phone="10000000077")
    home = made(west.post("/v1/households", json=stationed.world.bodies.household()))["id"]
    person = made(west.post("/v1/workers", json=body | {"household_id": home}))["id"]
    told = {"worker_id": person, "vacancy_id": stationed.post["id"]}
    application = made(west.post("/v1/applications", json=told))["id"]
    made(west.post(f"/v1/applications/{application}/start", json={"started_on": "2021-08-25"}))
    stationed.at_work()
    answer = stationed.staff.get("/v1/stations/people", params={"employer_id": stationed.firm})
    assert sorted(each["name"] for each in made(answer)["items"]) == ["测试乙", "测试甲"]
    told_of = made(answer)["items"][0]
    assert told_of["worker_id"] is None and told_of["home"]["code"] == "610728"
    for kept in (body["id_number"], mask_id_number(body["id_number"]), "10000000077", "外县人", "marginal"):
        assert kept not in answer.text
    [firm] = made(stationed.staff.get("/v1/stations/firms"))["items"]
    assert (firm["employer_id"], firm["people"], firm["unconfirmed"]) == (stationed.firm, 2, 2)
    # Whoever is no station's account has no such people, whatever else it may do there.
    assert people(stationed.world.east) == people(west) == []
    assert stationed.staff.get("/v1/workers").status_code == 403
    assert stationed.staff.get(f"/v1/spells/{other_county}/confirmations").status_code == 404
    assert stationed.staff.post(f"/v1/spells/{other_county}/confirm", json=THERE).status_code == 404
    noted = stationed.staff.post(f"/v1/spells/{other_county}/problems", json={"difficulty": "unpaid"})
    assert noted.status_code == 404


def test_the_database_shows_a_station_nobody_but_its_countys_people(
    stationed: Stationed, other_county: int, sessions: Sessions, connection: Connection
) -> None:
    mine = stationed.at_work()
    with sessions() as session:
        account = account_by_username(session, stationed.username)
        assert account is not None
        caller = act_as(session, account)
        seen = set(session.connection().scalars(text("SELECT id FROM employment_spell")))
        assert mine in seen and other_county not in seen
        names = text("SELECT spell_id FROM names_at_work(CAST(:ids AS bigint[]))")
        found = session.connection().scalars(names, {"ids": [mine, other_county]})
        assert list(found) == [mine]
        for table in ("worker", "household", "application", "contact", "doubt", "import", "audit_event"):
            assert session.connection().scalar(text(f'SELECT count(*) FROM "{table}"')) == 0, table
        # Its right is to look, not to read the ledger of the place.
        assert session.connection().scalar(text("SELECT app_scope()::text")) == "{}"
        narrow(session, caller, Action.CONFIRM)
        assert session.connection().scalar(
            text("SELECT count(*) FROM employment_spell WHERE id = :id"), {"id": mine}
        )
        insert = text(
            "INSERT INTO spell_confirmation (created_at, spell_id, side, found, means, found_on, account_id, is_demo) "
            "VALUES (now(), :spell, 'station', 'at_work', 'on_site', '2021-09-20', :account, false)"
        )
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.execute(insert, {"spell": other_county, "account": account})


def test_a_closed_station_looks_after_nobody(stationed: Stationed, west: TestClient) -> None:
    stationed.at_work()
    assert len(people(stationed.staff)) == 1
    path = f"/v1/stations/{stationed.station}"
    version = {"If-Match": west.get(path).headers["ETag"]}
    made(west.patch(path, json={"closed_on": "2021-09-20"}, headers=version))
    assert people(stationed.staff) == []
    assert made(stationed.staff.get("/v1/stations/firms"))["items"] == []


def test_a_confirmation_pressed_by_mistake_is_taken_back_with_all_that_it_did(
    stationed: Stationed, west: TestClient, east: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    spell = stationed.at_work()
    before = made(west.get(f"/v1/spells/{spell}"))
    kept = made(stationed.staff.post(f"/v1/spells/{spell}/confirm", json=THERE | {"since": "2021-08-25"}))
    [person] = people(stationed.staff)
    assert (person["this_month"], person["undo_id"], person["met_on"]) == (True, kept["id"], "2021-09-20")
    assert evidence(west, spell) == [("C", "2021-08-25", "2021-09-20")]
    undo = f"/v1/confirmations/{kept['id']}/undo"
    for somebody in (west, east, clerk("yangxian")):
        assert somebody.post(undo).status_code in (404, 409)
    assert len(evidence(west, spell)) == 1
    assert made(stationed.staff.post(undo)) == {"changed": 1}
    assert stationed.staff.post(undo).status_code == 404
    after = made(west.get(f"/v1/spells/{spell}"))
    assert after["observed_until"] == before["observed_until"]
    assert evidence(west, spell) == []
    [person] = people(stationed.staff)
    assert (person["this_month"], person["undo_id"]) == (False, None)
    # Both are on record, and it can be pressed again.
    history = made(west.get(f"/v1/workers/{after['worker_id']}/history"))["items"]
    actions = [each["action"]["code"] for each in history if each["noun"]["code"] == "spell_confirmation"]
    assert sorted(actions) == ["create", "delete"]
    made(stationed.staff.post(f"/v1/spells/{spell}/confirm", json=THERE))
    assert evidence(west, spell) == [("C", "2021-09-20", "2021-09-20")]


def test_what_somebody_else_knows_stays_known(
    stationed: Stationed, west: TestClient, east: TestClient
) -> None:
    spell = stationed.at_work()
    path = f"/v1/spells/{spell}"
    first = made(stationed.staff.post(f"{path}/confirm", json=THERE))["id"]
    second = made(east.post(f"{path}/confirm", json=THERE))["id"]
    made(stationed.staff.post(f"/v1/confirmations/{first}/undo"))
    assert made(west.get(path))["observed_until"] == "2021-09-20", "the district saw her too"
    assert evidence(west, spell) == [("C", "2021-09-20", "2021-09-20")], "and proves it now"
    made(east.post(f"/v1/confirmations/{second}/undo"))
    assert made(west.get(path))["observed_until"] in (None, "2021-08-25")
    assert evidence(west, spell) == []


def test_yesterdays_confirmation_and_one_of_a_corrected_spell_stand(
    stationed: Stationed, west: TestClient, sessions: Sessions
) -> None:
    spell = stationed.at_work()
    old = made(stationed.staff.post(f"/v1/spells/{spell}/confirm", json=THERE))["id"]
    made(west.post(f"/v1/spells/{spell}/correct", json={"started_on": "2021-08-26", "reason": "核对"}))
    problem(stationed.staff.post(f"/v1/confirmations/{old}/undo"), 409, "confirmation-stands")
    [fresh] = people(stationed.staff)
    assert fresh["undo_id"] is None, "the look stands with the record that it was noted on"
    with sessions() as session:
        account = account_by_username(session, stationed.username)
        act_as(session, account or 0)
        yesterday = text(
            "INSERT INTO spell_confirmation (created_at, spell_id, side, found, means, found_on, account_id, is_demo) "
            "VALUES (now() - interval '1 day', :spell, 'station', 'at_work', 'on_site', '2021-09-19', :account, false)"
        )
        session.connection().execute(yesterday, {"spell": fresh["spell_id"], "account": account})
        session.commit()
    looks = made_list(stationed.staff.get(f"/v1/spells/{fresh['spell_id']}/confirmations"))
    problem(stationed.staff.post(f"/v1/confirmations/{looks[-1]['id']}/undo"), 409, "confirmation-stands")


def test_a_problem_noted_at_a_firm_is_the_home_countys_to_see_to(
    stationed: Stationed, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    spell = stationed.at_work()
    worker = made(west.get(f"/v1/spells/{spell}"))["worker_id"]
    path = f"/v1/spells/{spell}/problems"
    noted = made(stationed.staff.post(path, json={"difficulty": "unpaid", "note": "8月没发"}))
    assert (noted["name"], noted["difficulty"]["label"], noted["due_on"]) == (
        "测试甲",
        "拖欠工资",
        "2021-09-27",
    )
    assert "8月没发" not in str(noted), "what was said is the home county's to read"
    [task] = made(west.get("/v1/support-tasks"))["items"]
    assert (task["id"], task["worker"]["id"], task["station"]) == (noted["id"], worker, "镇巴驻通州工作站")
    [contact] = made_list(west.get(f"/v1/workers/{worker}/contacts"))
    assert (contact["note"], contact["means"]["code"], contact["caller"]) == ("8月没发", "station", "驻站甲")
    # The same again is the same promise; another one is another.
    again = made(stationed.staff.post(path, json={"difficulty": "unpaid"}))
    leaving = made(stationed.staff.post(path, json={"difficulty": "leaving"}))
    assert again["id"] == noted["id"] != leaving["id"]
    assert made(stationed.staff.get("/v1/stations/problems", params={"state": "open"}))["total"] == 2
    own = f"/v1/stations/problems/{noted['id']}"
    problem(stationed.staff.post(f"{own}/finish", json={"outcome": "已补发"}), 409, "not-handed")
    [person] = people(stationed.staff)
    assert {each["code"] for each in person["problems"]} == {"unpaid", "leaving"}
    # The scope of the one person ended with her problem.
    assert stationed.staff.get("/v1/support-tasks").status_code == 403
    headers = {"If-Match": west.get(f"/v1/support-tasks/{noted['id']}").headers["ETag"]}
    told = {"outcome": "已补发"}
    made(west.post(f"/v1/support-tasks/{noted['id']}/done", json=told, headers=headers))
    [done] = made(stationed.staff.get("/v1/stations/problems", params={"state": "done"}))["items"]
    assert done["outcome"] == "已补发"


def test_a_problem_that_is_handed_to_the_station_is_answered_there(
    stationed: Stationed, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    # The county heard of it by telephone; nobody at the station knows of it yet.
    worker = made(west.get(f"/v1/spells/{stationed.at_work()}"))["worker_id"]
    found = {"found": "in_difficulty", "difficulty": "lodging", "note": "宿舍漏雨"}
    made(west.post(f"/v1/workers/{worker}/contacts", json=found))
    [task] = made(west.get("/v1/support-tasks"))["items"]
    assert made(stationed.staff.get("/v1/stations/problems"))["items"] == []
    path, station = f"/v1/support-tasks/{task['id']}/hand", {"station_id": stationed.station}
    assert clerk("yangxian").post(path, json=station).status_code == 404
    problem(west.post(path, json={"station_id": 999_999}), 422, "invalid")
    problem(west.post(path, json={}), 422, "invalid")
    assert made(west.post(path, json=station))["handed_on"] == "2021-09-20"
    own = f"/v1/stations/problems/{task['id']}"
    [mine] = made(stationed.staff.get("/v1/stations/problems", params={"handed": True}))["items"]
    assert (mine["name"], mine["employer_id"]) == ("测试甲", stationed.firm)
    back = made(stationed.staff.post(f"{own}/return", json={"answer": "宿舍是县里租的"}))
    assert back["handed_on"] is None
    problem(stationed.staff.post(f"{own}/finish", json={"outcome": "修好了"}), 409, "not-handed")
    [task] = made(west.get("/v1/support-tasks"))["items"]
    assert (task["answer"], task["state"]["code"]) == ("宿舍是县里租的", "open")
    made(west.post(path, json=station))
    done = made(stationed.staff.post(f"{own}/finish", json={"outcome": "屋顶已修好"}))
    assert (done["state"]["code"], done["done_on"]) == ("done", "2021-09-20")
    [task] = made(west.get("/v1/support-tasks"))["items"]
    assert (task["outcome"], task["state"]["code"]) == ("屋顶已修好", "done")
    problem(west.post(path, json=station), 409, "already-done")


def test_whose_data_is_only_stored_is_nobody_the_station_knows(
    stationed: Stationed, west: TestClient, connection: Connection
) -> None:
    spell = stationed.at_work()
    path = f"/v1/spells/{spell}/problems"
    made(stationed.staff.post(path, json={"difficulty": "health"}))
    worker = made(west.get(f"/v1/spells/{spell}"))["worker_id"]
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": worker})
    assert people(stationed.staff) == []
    assert made(stationed.staff.get("/v1/stations/problems"))["items"] == []
    problem(stationed.staff.post(path, json={"difficulty": "unpaid"}), 409, "restricted")
    assert stationed.staff.get("/v1/stations/firms").json()["items"] == []


def test_a_problem_of_somebody_put_away_meanwhile_is_settled_no_more(
    stationed: Stationed, west: TestClient, connection: Connection
) -> None:
    task = stationed.handed()
    worker = made(west.get(f"/v1/support-tasks/{task}"))["worker"]["id"]
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": worker})
    found = made(stationed.staff.get("/v1/stations/problems"))
    assert (found["items"], found["total"]) == ([], 0), "counted and listed by one rule"
    path = f"/v1/stations/problems/{task}"
    problem(stationed.staff.post(f"{path}/finish", json={"outcome": "已办"}), 409, "restricted")
    problem(stationed.staff.post(f"{path}/return", json={"answer": "不清楚"}), 409, "restricted")


def test_two_stations_of_one_place_are_one_accounts(
    stationed: Stationed, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    second = made(west.post("/v1/stations", json=STATION | {"name": "第二个站"}))["id"]
    warden = clerk("warden")
    [mine] = made(warden.get("/v1/accounts", params={"role": "station", "q": stationed.username}))["items"]
    path, told = f"/v1/accounts/{mine['id']}/bindings", {"role": "station", "station_id": second}
    assert len(made(warden.post(path, json=told))["bindings"]) == 2
    assert len(made(warden.post(path, json=told))["bindings"]) == 2, "the same one stands"
    assert [each["name"] for each in made_list(west.get(f"/v1/stations/{second}/staff"))] == ["驻站甲"]
    ended = {"account_id": mine["id"]}
    assert made(west.post(f"/v1/stations/{stationed.station}/staff/end", json=ended)) == {"changed": 1}
    assert stationed.staff.get("/v1/stations/people").status_code == 200, "the other one is still hers"
    assert made(west.post(f"/v1/stations/{second}/staff/end", json=ended)) == {"changed": 1}
    assert stationed.staff.get("/v1/stations/people").status_code == 403, "and with it the rights, at once"


def test_a_day_with_a_telephone(
    stationed: Stationed, visitor: Callable[[str], Visitor], west: TestClient
) -> None:
    """Home, firm, one press, a mistake taken back, all ticked, a problem, and what the county handed over."""
    spells = [stationed.at_work(name=name) for name in ("测试甲", "测试乙", "测试丙")]
    phone = visitor(stationed.username)
    assert phone.client.get("/").headers["location"] == "/stations/today"
    home = phone.get("/stations/today")
    firm = f"/stations/firms/{stationed.firm}"
    assert firm in home and "本月还没有核实的有<b>3</b>人" in home
    assert all(name in phone.get(firm) for name in ("测试甲", "测试乙", "测试丙"))
    page = phone.done(firm, here=str(spells[0]))
    assert "本月还有<b>2</b>人没有核实" in page and "核实结果已记下" in page
    [undo] = re.findall(rf'formaction="({firm}/undo/\d+)"', page)
    assert "本月还有<b>3</b>人没有核实" in phone.done(undo)
    refused = phone.post(firm)
    assert refused.status_code == 422 and "打勾" in refused.text
    page = phone.done(firm, spell=[str(number) for number in spells[:2]], whole="1")
    assert "本月还有<b>1</b>人没有核实" in page
    assert evidence(west, spells[0])[0][:2] == ("C", "2021-08-25")
    page = phone.done(firm, gone=str(spells[2]))
    assert "与记录不一致" in page
    assert [each["spell_id"] for each in made(west.get("/v1/confirmations"))["items"]] == [spells[2]]
    form = f"/stations/people/{spells[1]}/problem"
    assert "测试乙有什么问题" in phone.get(form)
    lost = phone.post(form, note="只写了这句")
    assert lost.status_code == 422 and "只写了这句" in lost.text
    assert "报给县里" in phone.done(form, difficulty="unpaid", note="没发工资")
    [task] = made(west.get("/v1/support-tasks"))["items"]
    # The county hands it over on its page.
    county = visitor("zhenba")
    assert "由镇巴驻通州工作站报来" in county.get("/follow-ups/tasks")
    handed = county.done(f"/follow-ups/tasks/{task['id']}/hand", station_id=str(stationed.station))
    assert "已交给镇巴驻通州工作站办理" in handed
    assert "县里交给我办的" in phone.get("/stations/today")
    short = phone.post(f"/stations/problems/{task['id']}/finish", outcome="好")
    assert short.status_code == 422 and 'value="好"' in short.text
    assert "已办结" in phone.done(f"/stations/problems/{task['id']}/finish", outcome="工资已补发")
    assert "工资已补发" in phone.get("/stations/problems?state=done")
    for path in ("/stations/today", firm, form):
        assert county.client.get(path).status_code in (200, 404)
    assert "台账里没有本县的人" in county.get(firm)
