"""给用人单位的名单: what the occasion needs, of those who agree, each of them on record."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select
from starlette.testclient import TestClient

from ledger.consents.disclosing import FOR
from models.disclosure import SENSITIVE, Disclosure, DisclosureReason, Told
from models.spell import SpellKind

from .conftest import World, made
from .test_consents import problem, say


def table(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200, answer.text
    [sheet] = CalamineWorkbook.from_filelike(BytesIO(answer.content)).sheet_names
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name(sheet).to_python()
    return [[cell for cell in row if cell != ""] for row in rows]


def test_what_is_sensitive_is_for_claims_alone() -> None:
    assert set(FOR) == set(DisclosureReason)
    assert {reason for reason, fields in FOR.items() if fields & SENSITIVE} == {DisclosureReason.CLAIM}
    assert all(Told.ID_NUMBER not in fields for fields in FOR.values())


@pytest.fixture
def batch(world: World, west: TestClient) -> dict[str, Any]:
    """Two people on their way to one employer."""
    post = world.vacancy()
    number = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "甲", "departs_on": "2021-09-25"})
    )["id"]
    people = []
    for name in ("接站一", "接站二"):
        person = world.worker(name=name)["id"]
        applied = made(west.post("/v1/applications", json={"worker_id": person, "vacancy_id": post["id"]}))[
            "id"
        ]
        made(world.east.post(f"/v1/applications/{applied}/offer"))
        made(west.post(f"/v1/applications/{applied}/accept"))
        made(west.post(f"/v1/dispatches/{number}/members", json={"application_ids": [applied]}))
        people.append(person)
    return {"id": number, "employer": post["employer_id"], "people": people}


def test_whoever_meets_them_is_told_names_and_telephones(
    batch: dict[str, Any], west: TestClient, session_as: Callable[[str], Session]
) -> None:
    path = f"/v1/dispatches/{batch['id']}/rosters/{batch['employer']}"
    said = table(west.post(path))
    assert said[0] == ["提供给测试家纺有限公司，只用于接站和安排住宿，用后删除"]
    assert said[1] == ["姓名", "性别", "年龄", "户籍县（市、区）", "去的岗位", "联系电话"]
    assert [row[0] for row in said[2:]] == ["接站一", "接站二"]
    assert said[2][1:] == ["女", 36, "陕西省汉中市镇巴县", "平车工", "+8610000000001"]
    rows = session_as("zhenba").exec(select(Disclosure).where(Disclosure.dispatch_id == batch["id"])).all()
    assert [row.worker_id for row in rows] == batch["people"]
    assert {Told.read(each) for each in rows[0].fields} == FOR[DisclosureReason.DISPATCH]


def test_who_does_not_agree_is_not_on_it(batch: dict[str, Any], west: TestClient) -> None:
    first, second = batch["people"]
    made(say(west, first, "employer", told_on="2021-09-01", until="2021-09-19"))
    path = f"/v1/dispatches/{batch['id']}/rosters/{batch['employer']}"
    made(say(west, second, "employer", employer_id=batch["employer"]))
    said = table(west.post(path))
    assert "接站一" not in str(said) and said[-1][0] == "接站二"
    # Who said no to it is off the list, and the list is then nobody's.
    made(say(west, second, "employer", no=True))
    problem(west.post(path), 409, "nobody-to-tell-of")


def test_an_employers_claim_names_those_who_agreed_to_just_that(
    people: Any, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    factory = people.employer(kind="community_factory", name="镇巴测试工厂")
    there: dict[str, Any] = {
        "employer_id": factory,
        "kind": SpellKind.COMMUNITY_FACTORY,
        "contract_months": 12,
    }
    home = made(
        west.post(
            "/v1/households",
            json={
                "number": "C-1", "region": "610728001",
                "hardship": [{"category": "relieved", "from_on": "2020-01-01"}],
            },
        )
    )["id"]  # fmt: skip
    workers = []
    for name in ("愿说", "不愿"):
        person = people.worker(name=name, household_id=home)
        people.spell(person, started="2021-09-02", ended=None, region="610728", **there)
        workers.append(person)
    claim = people.employer_claim(factory)
    path = f"/v1/claims/{claim}/roster"
    problem(west.post(path), 409, "nobody-to-tell-of")
    # That she may be told of to employers is not enough.
    made(say(west, workers[0], "employer"))
    problem(west.post(path), 409, "nobody-to-tell-of")
    made(say(west, workers[0], "sensitive", employer_id=factory))
    said = table(west.post(path))
    assert said[-1] == ["愿说", "陕西省汉中市镇巴县", "脱贫户"] and "不愿" not in str(said)
    assert said[1] == ["有1人没有同意向镇巴测试工厂提供，没有列入。"]
    [row] = session_as("zhenba").exec(select(Disclosure)).all()
    assert (row.worker_id, row.claim_id, row.basis) == (workers[0], claim, "consent")
    made(say(west, workers[0], "sensitive", no=True, employer_id=factory))
    problem(west.post(path), 409, "nobody-to-tell-of")


def test_telling_an_employer_is_a_command(
    batch: dict[str, Any],
    west: TestClient,
    visitor: Callable[[str], Any],
    session_as: Callable[[str], Session],
) -> None:
    """Nothing that only reads gives the list: no address that is followed, no key that may only read."""
    path = f"/v1/dispatches/{batch['id']}/rosters/{batch['employer']}"
    assert west.get(path).status_code == 405
    desk = visitor("zhenba")
    assert desk.client.get(path.removeprefix("/v1")).status_code == 405
    assert f'action="{path.removeprefix("/v1")}"' in desk.get(f"/dispatches/{batch['id']}")
    told = {
        "name": "只读",
        "areas": ["numbers", "placement", "ledger"],
        "days": 30,
        "password": "right-horse-battery",
    }
    for read_only, status in ((True, 403), (False, 200)):
        key = made(west.post("/v1/me/keys", json=told | {"read_only": read_only}))["key"]
        answer = west.post(path, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status, answer.text
    # Without the right to place somebody full numbers are not enough.
    key = made(west.post("/v1/me/keys", json=told | {"areas": ["numbers", "ledger"], "read_only": False}))[
        "key"
    ]
    assert west.post(path, headers={"Authorization": f"Bearer {key}"}).status_code == 403
    asked = select(Disclosure).where(Disclosure.dispatch_id == batch["id"])
    assert len(session_as("zhenba").exec(asked).all()) == 2
    assert desk.client.post(path.removeprefix("/v1")).status_code == 403, "a form of another site"
    sent = desk.post(path.removeprefix("/v1"))
    assert table(sent)[2][0] == "接站一"


def test_a_list_sent_for_again_is_the_same_telling(
    batch: dict[str, Any], world: World, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    path = f"/v1/dispatches/{batch['id']}/rosters/{batch['employer']}"
    headers = {"Idempotency-Key": "list"}
    first = table(west.post(path, headers=headers))
    answer = west.post(path, headers=headers)
    assert answer.headers["Idempotent-Replayed"] == "true" and table(answer)[2:] == first[2:]
    asked = select(Disclosure).where(Disclosure.dispatch_id == batch["id"])
    assert len(session_as("zhenba").exec(asked).all()) == 2, "nobody was told of twice"
    # Who said no since is not handed out again, though the first answer had them.
    made(say(west, batch["people"][1], "employer", no=True))
    assert [row[0] for row in table(west.post(path, headers=headers))[2:]] == ["接站一"]
    other = f"/v1/dispatches/{batch['id']}/rosters/999999"
    problem(west.post(other, headers=headers), 422, "key-used")
