"""户 over REST and on the pages: as of a day, without employment, asked about work, moved in and out."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def person(world: Any, household: int, **facts: Any) -> dict[str, Any]:
    made: dict[str, Any] = world.worker(household_id=household, labour_capability="ordinary", **facts)
    return made


def test_a_household_is_told_as_of_a_day(world: Any, west: TestClient) -> None:
    household = world.household(
        hardship=[
            {
                "category": "marginal",
                "from_on": "2020-06-01",
                "to_on": "2021-06-30",
                "risk_cleared_on": "2021-03-01",
            }
        ]
    )
    path = f"/v1/households/{household['id']}"
    for day, categories, monitored in (
        ("2020-05-31", [], False),
        ("2020-06-01", ["marginal"], True),
        ("2021-03-01", ["marginal"], False),
        ("2021-07-01", [], False),
    ):
        told = west.get(path, params={"as_of": day}).json()["standing"]
        codes = [category["code"] for category in told["categories"]]
        assert (told["as_of"], codes, told["monitored"]) == (day, categories, monitored)


def test_one_category_holds_once_on_a_day(
    world: Any, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    twice = [
        {"category": "marginal", "from_on": "2021-01-01"},
        {"category": "marginal", "from_on": "2021-03-01"},
    ]
    body = {"number": "TEST-9001", "region": "610728", "hardship": twice}
    refused = west.post("/v1/households", json=body)
    assert refused.status_code == 422, refused.text
    assert "同一类别不能重复登记" in refused.text
    twice[0]["to_on"] = "2021-02-28"
    made = west.post("/v1/households", json=body)
    assert made.status_code == 201, made.text
    path = f"/v1/households/{made.json()['id']}"
    # Both move at once: while they do, they may meet.
    moved = [twice[0] | {"to_on": "2021-04-30"}, {"category": "marginal", "from_on": "2021-05-01"}]
    etag = {"If-Match": west.get(path).headers["ETag"]}
    assert west.patch(path, json={"hardship": moved}, headers=etag).status_code == 200
    etag = {"If-Match": west.get(path).headers["ETag"]}
    assert west.patch(path, json={"hardship": [*moved, twice[1]]}, headers=etag).status_code == 422
    typed = {
        "category": "marginal",
        "from_on": "2021-06-01",
        "version": str(west.get(path).json()["version"]),
    }
    page = visitor("zhenba").post(f"{path.removeprefix('/v1')}/hardship", **typed)
    assert page.status_code == 422 and "同一类别不能重复登记" in page.text
    assert len(west.get(path).json()["hardship"]) == 2


def test_lists_by_number_category_and_monitoring_as_of_a_day(world: Any, west: TestClient) -> None:
    marginal = world.household(hardship=[{"category": "marginal", "from_on": "2021-01-01"}])["id"]
    relieved = world.household(hardship=[{"category": "relieved", "from_on": "2015-01-01"}], relocated=True)
    path = "/v1/households"
    assert ids(west.get(path, params={"number": relieved["number"]})) == [relieved["id"]]
    assert ids(west.get(path, params={"category": "relieved"})) == [relieved["id"]]
    assert ids(west.get(path, params={"relocated": True})) == [relieved["id"]]
    assert ids(west.get(path, params={"monitored": True})) == [marginal]
    assert ids(west.get(path, params={"monitored": False})) == [relieved["id"]]
    assert ids(west.get(path, params={"monitored": True, "as_of": "2020-12-31"})) == []


def test_nobody_at_work_where_somebody_could_be(world: Any, west: TestClient) -> None:
    def listed(**asked: Any) -> list[int]:
        return ids(west.get("/v1/households", params={"without_employment": True} | asked))

    idle, working, old, pupil = (world.household(hardship=[])["id"] for _ in range(4))
    person(world, idle)
    employed = person(world, working)
    person(world, working)
    world.worker(household_id=old, labour_capability="none")
    world.worker(household_id=pupil, id_number=None, birth_date="2008-01-01")
    assert listed() == [idle, working]
    post = world.vacancy()
    world.application(worker_id=employed["id"], vacancy_id=post["id"])
    [application] = west.get("/v1/applications", params={"worker_id": employed["id"]}).json()["items"]
    started = west.post(f"/v1/applications/{application['id']}/start", json={})
    assert started.status_code == 200, started.text
    assert listed() == [idle]
    assert listed(as_of="2021-09-19") == [idle, working]
    [member] = [
        each
        for each in west.get(f"/v1/households/{working}").json()["members"]
        if each["worker_id"] == employed["id"]
    ]
    assert member["work"]["employer"] == "测试家纺有限公司"
    assert member["work"]["started_on"] == "2021-09-20"


def test_those_monitored_come_first_and_townships_stay_together(world: Any, west: TestClient) -> None:
    plain = world.household(hardship=[])["id"]
    monitored = world.household()["id"]
    other = world.household(region="610728101")["id"]
    for household, region in ((plain, "610728001"), (monitored, "610728001"), (other, "610728101")):
        person(world, household, region=region)
    found = ids(west.get("/v1/households", params={"without_employment": True}))
    assert found == [monitored, plain, other]
    first = west.get("/v1/households", params={"without_employment": True, "limit": 1}).json()
    rest = west.get(
        "/v1/households",
        params={"without_employment": True, "limit": 2, "cursor": first["next_cursor"]},
    )
    assert ids(rest) == [plain, other]


def test_a_household_that_was_asked_keeps_when_and_what(world: Any, west: TestClient) -> None:
    household = world.household()["id"]
    person(world, household)
    path = f"/v1/households/{household}/contact"
    assert west.post(path, json={"on": "2021-09-21"}).status_code == 422
    told = west.post(path, json={"on": "2021-09-18", "note": "下月可以去"}).json()
    assert (told["contacted_on"], told["contact_note"]) == ("2021-09-18", "下月可以去")
    asked = {"without_employment": True, "contacted": False}
    assert ids(west.get("/v1/households", params=asked)) == []
    assert ids(west.get("/v1/households", params=asked | {"contacted": True})) == [household]


def test_a_merged_record_is_no_member(
    world: Any, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    household = world.household()["id"]
    gone, kept = person(world, household)["id"], world.worker()["id"]
    session_as("zhenba").connection().execute(
        text("UPDATE worker SET merged_into = :kept WHERE id = :gone"), {"kept": kept, "gone": gone}
    )
    assert west.get(f"/v1/households/{household}").json()["members"] == []
    assert ids(west.get("/v1/households", params={"without_employment": True})) == []


# --- the neighbouring township ------------------------------------------------------------------------------------


def test_a_township_knows_the_hardship_of_its_people_whose_household_lies_next_door(
    world: Any, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    next_door, stranger = (world.household(region="610728101")["id"] for _ in range(2))
    mine = person(world, next_door, region="610728001")["id"]
    township = clerk("jingyang")
    assert township.get(f"/v1/workers/{mine}").json()["hardship"]["code"] == "marginal"
    assert township.get(f"/v1/households/{next_door}").status_code == 404
    connection = session_as("jingyang").connection()
    seen = set(connection.scalars(text("SELECT household_id FROM hardship_period")))
    assert next_door in seen
    assert stranger not in seen
    changed = connection.execute(
        text("UPDATE hardship_period SET to_on = '2021-09-01' WHERE household_id = :id"), {"id": next_door}
    )
    removed = connection.execute(
        text("DELETE FROM hardship_period WHERE household_id = :id"), {"id": next_door}
    )
    assert (changed.rowcount, removed.rowcount) == (0, 0)


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_household_is_registered_and_its_members_move(
    world: Any, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    clerk = visitor("zhenba")
    refused = clerk.post("/households", number="新-1", region="", village="河边村")
    assert refused.status_code == 422
    assert "河边村" in refused.text
    made = clerk.post(
        "/households", number="新-1", region="610728001", category="marginal", from_on="2021-01-01"
    )
    assert made.status_code == 303, made.text
    path = made.headers["location"].partition("?")[0]
    household = int(path.rpartition("/")[2])
    worker = world.worker(name="搬来的人")
    assert "搬来的人" in clerk.get(f"{path}?q=banlai")
    moved = clerk.post(f"{path}/members", worker_id=worker["id"], relation="spouse")
    assert moved.status_code == 303, moved.text
    told = west.get(f"/v1/workers/{worker['id']}").json()
    assert (told["household_id"], told["relation_to_head"]["code"]) == (household, "spouse")
    assert "搬来的人" in clerk.get("/households/idle")
    assert clerk.post(f"{path}/members/{worker['id']}/leave").status_code == 303
    assert west.get(f"/v1/workers/{worker['id']}").json()["household_id"] is None


def test_hardship_is_added_closed_cleared_and_taken_off(
    world: Any, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    clerk, household = visitor("zhenba"), world.household(hardship=[])["id"]
    path = f"/households/{household}/hardship"

    def now() -> dict[str, Any]:
        told: dict[str, Any] = west.get(f"/v1/households/{household}").json()
        return told

    def change(step: str, **typed: str) -> Any:
        named = {"category": "marginal", "from_on": "2021-01-01", "version": str(now()["version"])}
        return clerk.post(path + step, **(named | typed))

    assert change("").status_code == 303
    assert change("/close").status_code == 422
    assert change("/close", risk_cleared_on="2021-08-01").status_code == 303
    assert change("/close", to_on="2021-08-31").status_code == 303
    [period] = now()["hardship"]
    assert (period["to_on"], period["risk_cleared_on"]) == ("2021-08-31", "2021-08-01")
    assert change("/close", to_on="2020-01-01").status_code == 422
    assert change("/close", to_on="2021-08-30", version="1").status_code == 412
    assert change("/remove").status_code == 303
    assert now()["hardship"] == []


def test_a_person_finds_the_household_by_number_or_by_a_members_name(
    world: Any, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    clerk, household = visitor("zhenba"), world.household()
    person(world, household["id"], name="户主大叔", relation_to_head="head")
    worker = world.worker()["id"]
    path = f"/workers/{worker}/household"
    for sought in (household["number"], "户主大叔", "huzhu"):
        assert f"户编号 {household['number']}" in clerk.get(f"{path}?q={sought}")
    assert clerk.post(path, household_id=str(household["id"]), relation="daughter").status_code == 303
    assert west.get(f"/v1/workers/{worker}").json()["household_id"] == household["id"]
    assert f"户编号 {household['number']}" in clerk.get(f"/workers/{worker}")
    assert clerk.post(path, household_id="").status_code == 303
    assert west.get(f"/v1/workers/{worker}").json()["household_id"] is None


def test_a_person_whose_household_lies_next_door_has_a_page(
    world: Any, visitor: Callable[[str], Any]
) -> None:
    household = world.household(region="610728101")
    worker = person(world, household["id"], region="610728001")["id"]
    page = visitor("jingyang").get(f"/workers/{worker}")
    assert "边缘易致贫户" in page
    assert "另一个乡镇" in page
    assert household["number"] not in page


def test_the_list_of_those_to_be_asked_is_worked_through(world: Any, visitor: Callable[[str], Any]) -> None:
    clerk, household = visitor("zhenba"), world.household()["id"]
    person(world, household, name="在家的人")
    page = clerk.get("/households/idle")
    assert "在家的人" in page
    assert "还没有问过" in page
    path = f"/households/{household}/contact"
    refused = clerk.post(path, on="2099-01-01", note="记得保留", back="idle")
    assert refused.status_code == 422
    assert "记得保留" in refused.text
    done = clerk.post(path, on="2021-09-19", note="去问过了", back="idle")
    assert done.headers["location"] == "/households/idle?done=contacted"
    assert "去问过了" in clerk.get("/households/idle")
    assert "没有符合条件的户" in clerk.get("/households/idle?contacted=false")
