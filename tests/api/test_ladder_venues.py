"""Fairs and stations over REST."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session
from starlette.testclient import TestClient

from models.fair import FairKind
from outcomes.ladder import counts

from .conftest import made
from .ladder_commands import FAIR, STATION, Ladder
from .test_ladder import ladder, refused

__all__ = ["ladder"]


def test_fairs_are_held_when_their_day_has_come(
    ladder: Ladder, west: TestClient, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    fair = ladder.fair()
    made(west.post("/v1/fairs", json=FAIR | {"kind": "online", "held_on": "2021-12-01"}))
    off = made(west.post("/v1/fairs", json=FAIR | {"held_on": "2021-05-01"}))
    headers = {"If-Match": f'"{off["version"]}"'}
    assert (
        made(west.patch(f"/v1/fairs/{off['id']}", json={"called_off": True}, headers=headers))["held"]
        is False
    )
    for field, value in (("held_on", "2023-09-21"), ("held_on", "2099-01-01")):
        assert "两年" in refused(west.post("/v1/fairs", json=FAIR | {field: value}), 422)
    assert refused(west.post("/v1/fairs", json=FAIR | {"attended": 3, "agreed": 4}), 422)
    assert refused(west.post("/v1/fairs", json=FAIR | {"held_on": "2021-12-01", "attended": 3}), 422)
    assert [each["id"] for each in made(west.get("/v1/fairs", params={"held": True}))["items"]] == [fair]
    assert made(west.get("/v1/fairs", params={"from_on": "2021-04-01"}))["total"] == 2
    assert clerk("yangxian").get(f"/v1/fairs/{fair}").status_code == 404
    session = session_as("zhenba")
    year = (["6107"], date(2021, 1, 1), date(2021, 9, 20))
    held = counts.fairs(session, *year)
    assert [each.identity for each in held] == [fair] and held == counts.fairs(
        session, *year, [FairKind.SPECIAL]
    )
    assert counts.fairs(session, *year, [FairKind.ONLINE]) == counts.fairs(session, [], *year[1:]) == []


def test_a_station_its_staff_and_their_visits(
    ladder: Ladder, west: TestClient, east: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    station = ladder.station()
    path, employer = f"/v1/stations/{station}", ladder.visited()
    assert refused(west.post("/v1/stations", json=STATION))
    assert refused(west.post("/v1/stations", json=STATION | {"region": "610728001"}), 422)
    assert "设站日期" in refused(west.post("/v1/stations", json=STATION | {"opened_on": "2021-09-21"}), 422)
    told = {"employer_id": employer, "found": "wages", "people_seen": 9, "note": "两个月没发"}
    # The place knows that the station is there and what it found; who works there is not its to say.
    assert made(east.get(path))["name"] == STATION["name"]
    assert east.post(f"{path}/staff", json={"username": "tongzhou"}).status_code == 403
    # Somebody of another county sees nothing, until they work there.
    staff = clerk("yangxian")
    assert staff.get(path).status_code == staff.post(f"{path}/visits", json=told).status_code == 404
    assert refused(west.post(f"{path}/staff", json={"username": "没有的人"}), 422)
    assert made(west.post(f"{path}/staff", json={"username": "yangxian"})) == {"changed": 1}
    assert made(west.post(f"{path}/staff", json={"username": "yangxian"})) == {"changed": 0}
    for wrong in ({"visited_on": "2021-02-28"}, {"employer_id": ladder.keeper()}, {"people_seen": 10_001}):
        refused(staff.post(f"{path}/visits", json=told | wrong), 422)
    visit = made(staff.post(f"{path}/visits", json=told))
    assert (visit["found"]["label"], visit["by"]) == ("拖欠工资", "yangxian")
    assert staff.patch(path, json={"address": "x"}, headers={"If-Match": '"1"'}).status_code == 403
    found = made(east.get(path))
    assert (found["staff"], found["visits"], found["last_visit"]) == (1, 1, "2021-09-20")
    made(west.post(f"{path}/staff/end", json={"username": "yangxian"}))
    assert staff.post(f"{path}/visits", json=told).status_code in (403, 404)
    assert [each["until"] for each in made(west.get(f"{path}/staff"))] == ["2021-09-20"]
    assert made(west.get(f"{path}/visits"))["total"] == 1


def test_a_field_is_called_what_its_form_calls_it(ladder: Ladder, west: TestClient) -> None:
    for path, words in (
        ("/v1/fairs", ("招聘会名称：必填", "招聘会类型：必填")),
        ("/v1/stations", ("工作站名称：必填", "设站日期：必填")),
        ("/v1/courses", ("培训班名称：必填", "开班日期：必填")),
        (f"/v1/stations/{ladder.station()}/visits", ("走访结果：必填",)),
        (f"/v1/workshops/{ladder.keeper()}/recognise", ("车间形式：必填",)),
        (f"/v1/workshops/{ladder.keeper()}/rate", ("评价等级：必填",)),
    ):
        told = refused(west.post(path, json={}), 422)
        assert all(each in told for each in words), told
    assert "姓名（名称）：必填" in refused(west.post("/v1/workers", json={}), 422)
