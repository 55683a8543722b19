"""更正证件号码: what it changes, what goes on meaning the person, and whose number it must not be."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from ledger.identity.matching import find_people
from models.doubt import Doubt, DoubtSeverity
from models.id_number import demo_id_number
from models.identity import FormerNumber, NumberOrigin
from models.worker import Sex, Worker

from .conftest import Visitor, World, made

WRONG = demo_id_number(date(1985, 3, 15), 71_000, Sex.FEMALE)
RIGHT = demo_id_number(date(1986, 3, 15), 71_002, Sex.MALE)
OTHERS = demo_id_number(date(1990, 1, 2), 71_004, Sex.MALE)
Clerk = Callable[[str], TestClient]


def correct(client: TestClient, worker_id: int, number: str, reason: str = "mistyped", **more: Any) -> Any:
    path = f"/v1/workers/{worker_id}"
    headers = {"If-Match": client.get(path).headers.get("ETag", '"1"')} | more.pop("headers", {})
    told = {"id_number": number, "reason": reason}
    return client.post(f"{path}/correct-id-number", json=told, headers=headers)


@pytest.fixture
def person(world: World) -> int:
    return int(world.worker(name="更正人", id_number=WRONG)["id"])


def test_the_right_number_and_the_former_one_both_mean_the_person(
    person: int, west: TestClient, session_as: Callable[[str], Session], keyring: Any
) -> None:
    answer = made(correct(west, person, RIGHT.lower()))
    assert (answer["birth_date"], answer["sex"]["code"]) == ("1986-03-15", "male")
    assert answer["id_number"] == RIGHT[:6] + "*" * 12
    session = session_as("zhenba")
    assert find_people(session, keyring, [WRONG, RIGHT]) == {WRONG: person, RIGHT: person}
    [former] = session.exec(select(FormerNumber)).all()
    assert former.origin is NumberOrigin.MISTYPED
    # An old list is the same person's; so is whoever registers her again under either number.
    for number in (WRONG, RIGHT):
        again = west.post("/v1/workers", json={"name": "更正人", "region": "610728", "id_number": number})
        assert (again.status_code, again.headers["Location"]) == (409, f"/v1/workers/{person}")
    # And back: the former number is the person's own again, kept once.
    made(correct(west, person, WRONG, "reissued"))
    session = session_as("zhenba")
    assert find_people(session, keyring, [WRONG, RIGHT]) == {WRONG: person, RIGHT: person}
    assert len(session.exec(select(FormerNumber)).all()) == 1


def test_a_number_that_was_anothers_means_the_person_no_more(
    person: int, west: TestClient, session_as: Callable[[str], Session], keyring: Any
) -> None:
    made(correct(west, person, RIGHT, "anothers"))
    assert find_people(session_as("zhenba"), keyring, [WRONG, RIGHT]) == {RIGHT: person}
    made(west.post("/v1/workers", json={"name": "真本人", "region": "610728", "id_number": WRONG}))


def test_a_missing_number_is_put_in(world: World, west: TestClient, session_as: Any, keyring: Any) -> None:
    without = world.worker(name="没有号码", id_number=None, sex="female", birth_date="1985-03-15")["id"]
    made(correct(west, without, RIGHT, "missing"))
    session = session_as("zhenba")
    assert find_people(session, keyring, [RIGHT]) == {RIGHT: without}
    assert session.exec(select(FormerNumber)).all() == []


def test_who_did_it_and_why_is_recorded_and_nothing_personal(
    person: int, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    made(correct(west, person, RIGHT))
    rows = session_as("zhenba").connection()
    plain = "".join(
        str(each) for each in rows.scalars(text("SELECT change FROM audit_event WHERE change IS NOT NULL"))
    )
    assert WRONG not in plain and RIGHT not in plain
    changes = made(west.get(f"/v1/workers/{person}/history"))["items"]
    found = {
        (change["action"]["code"], change["noun"]["code"]): {
            each["field"]["code"]: each for each in change["fields"]
        }
        for change in changes
    }
    fields = found["update", "worker"]
    assert fields["id_number"]["after"] == RIGHT[:6] + "*" * 12 + "（遮盖的几位不同）"
    assert fields["birth_date"]["before"] == "1985-03-15"
    assert found["correct", "id_number"]["reason"]["after"] == "原来的号码写错了"


def test_whose_number_it_is_already_lies_beside(person: int, world: World, west: TestClient) -> None:
    other = world.worker(name="另一人", id_number=OTHERS)["id"]
    refused = correct(west, person, OTHERS)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/id-number-of-another")
    assert refused.headers["content-type"] == "application/problem+json"
    assert OTHERS not in refused.text and "另一人" not in refused.text
    pair = made(west.get(refused.headers["Location"]))
    assert {pair["worker"]["id"], pair["other"]["id"]} == {person, other}
    assert pair["likeness"]["code"] == "same_number" and pair["verdict"] is None
    # The same refusal again is the same pair, also where somebody has told the two apart.
    told_apart = west.post(f"{refused.headers['Location']}/decide", json={"verdict": "different"})
    assert told_apart.status_code == 200
    again = correct(west, person, OTHERS)
    assert again.headers["Location"] == refused.headers["Location"]
    assert made(west.get(again.headers["Location"]))["verdict"] is None
    merged = west.post(f"{refused.headers['Location']}/decide", json={"verdict": "same", "keep": person})
    assert merged.status_code == 200, merged.text
    # Now it is the number of a record that went up in this one.
    part = correct(west, person, OTHERS)
    assert (part.status_code, part.json()["type"]) == (409, "/problems/id-number-of-merged")


def test_a_number_of_elsewhere_reveals_nothing(person: int, clerk: Clerk, west: TestClient) -> None:
    made(
        clerk("yangxian").post(
            "/v1/workers", json={"name": "外县人", "region": "610723", "id_number": OTHERS}
        )
    )
    before = west.get(f"/v1/workers/{person}").json()
    refused = correct(west, person, OTHERS)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/registered-elsewhere")
    assert "移交" in refused.json()["detail"]
    for secret in ("外县人", "洋县", "610723", OTHERS):
        assert secret not in refused.text
    assert "Location" not in refused.headers
    assert west.get(f"/v1/workers/{person}").json() == before


def test_what_is_refused_and_who_may(person: int, clerk: Clerk, west: TestClient) -> None:
    slip = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")
    for number, code in ((slip, "checksum"), ("123", "format"), (WRONG, "unchanged")):
        answer = correct(west, person, number)
        assert answer.status_code == 422
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("id_number", code)]
        assert number not in answer.text.replace(answer.json()["request_id"], "")
    assert correct(west, person, RIGHT, "because").status_code == 422
    assert correct(west, person, RIGHT, headers={"If-Match": '"77"'}).status_code == 412
    path, told = f"/v1/workers/{person}/correct-id-number", {"id_number": RIGHT, "reason": "mistyped"}
    assert west.post(path, json=told).status_code == 428
    assert correct(clerk("auditor"), person, RIGHT).status_code == 403
    assert correct(clerk("tongzhou"), person, RIGHT).status_code == 403
    assert correct(clerk("yangxian"), person, RIGHT).status_code == 404
    made(correct(clerk("jingyang"), person, RIGHT))


def test_sent_twice_it_is_done_once(person: int, west: TestClient) -> None:
    headers = {"Idempotency-Key": "n-1", "If-Match": '"1"'}
    path, told = f"/v1/workers/{person}/correct-id-number", {"id_number": RIGHT, "reason": "mistyped"}
    version = west.get(f"/v1/workers/{person}").headers["ETag"]
    first = west.post(path, json=told, headers=headers | {"If-Match": version})
    again = west.post(path, json=told, headers=headers | {"If-Match": version})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true" and again.json() == first.json()


def test_on_the_page(
    person: int, world: World, visitor: Callable[[str], Visitor], session_as: Callable[[str], Session]
) -> None:
    session = session_as("zhenba")
    day = date(2021, 9, 20)
    session.add(
        Doubt(
            rule="D22",
            severity=DoubtSeverity.ERROR,
            region="610728001",
            subject=b"22",
            worker_id=person,
            what="证件号码校验位不对",
            found_on=day,
            seen_on=day,
        )
    )
    session.commit()
    desk = visitor("zhenba")
    assert f'href="/workers/{person}#id-number"' in desk.get("/doubts/list")
    page = desk.get(f"/workers/{person}")
    assert 'id="id-number"' in page and "原来没有号码" not in page

    def version() -> str:
        [found] = set(re.findall(r'name="version" value="(\d+)"', desk.get(f"/workers/{person}")))
        return str(found)

    path = f"/workers/{person}/id-number"
    unsaid = desk.post(path, id_number=RIGHT, reason="", version=version())
    assert unsaid.status_code == 422 and RIGHT in unsaid.text  # what was typed stays in its field
    stale = desk.post(path, id_number=RIGHT, reason="mistyped", version="77")
    assert stale.status_code == 412
    other = world.worker(name="另一人", id_number=OTHERS)["id"]
    beside = desk.done(path, id_number=OTHERS, reason="mistyped", version=version())
    assert "是不是同一人" in beside and f"/workers/{other}" in beside and "没有改" in beside
    done = desk.done(path, id_number=RIGHT, reason="mistyped", version=version())
    assert "证件号码已更正" in done and "1986年3月15日" in done
    assert session_as("zhenba").get_one(Worker, person).birth_date == date(1986, 3, 15)
    assert "更正证件号码" not in visitor("auditor").get(f"/workers/{person}")
