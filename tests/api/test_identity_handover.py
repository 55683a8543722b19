"""A second county's registration: what each side learns, and when the record changes hands."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient
from stdnum.iso7064 import mod_11_2

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import act_as
from api.security import account_by_username, issue_token
from api.settings import Environment, Settings
from api.worker.working import work_off
from ledger.identity.matching import related_prefixes
from models.account import TokenKind
from models.id_number import demo_id_number
from models.identity import FormerNumber, NumberOrigin
from models.reference import regions
from models.sealing import Keyring
from models.target import Indicator, Population, Target
from models.worker import Sex
from outcomes.progress import started_count

NUMBER = demo_id_number(date(1979, 8, 9), 402_000, Sex.FEMALE)
Clerk = Callable[[str], TestClient]
HERS = {
    "name": "移交人", "region": "610728001", "id_number": NUMBER, "phone": "10000000005", "education": "primary",
    "ethnicity": "汉族", "skills": {"平车": 2},
}  # fmt: skip
THEIRS = {
    "name": "移交人", "region": "610723", "id_number": NUMBER.lower(), "phone": "10000000006",
    "education": "junior_high", "skills": {"焊工": 3}, "intention": {"wants": "out", "pay_floor": 4000},
    "handover_reason": "已随婚姻迁入本县",
}  # fmt: skip


@pytest.fixture
def first(clerk: Clerk) -> int:
    """The first county's record."""
    answer = clerk("zhenba").post("/v1/workers", json=HERS)
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


@pytest.fixture
def asked(first: int, clerk: Clerk) -> int:
    """The second county's request."""
    answer = clerk("yangxian").post("/v1/workers", json=THEIRS)
    assert answer.status_code == 202, answer.text
    number: int = answer.json()["id"]
    return number


def test_who_asks_learns_that_there_is_a_record_and_nothing_else(first: int, clerk: Clerk) -> None:
    other = clerk("yangxian")
    # Another spelling of the name, so that theirs can be told from what was typed.
    answer = other.post("/v1/workers", json=THEIRS | {"name": "移姣人"})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"]["code"], told["from_region"], told["worker"]) == ("open", None, None)
    assert told["claimed"] == {
        "name": "移姣人",
        "region": {"code": "610723", "name": told["to_region"]["name"]},
    }
    assert told["may"] == ["withdraw"]
    every = answer.text + other.get("/v1/handovers").text + other.get(f"/v1/handovers/{told['id']}").text
    for secret in ("移交人", "镇巴", "610728", NUMBER, "10000000005", f'"worker":{first}'):
        assert secret not in every
    assert other.get("/v1/workers").json()["total"] == 0


def test_who_is_asked_learns_who_asks_and_why_and_nothing_else(asked: int, first: int, clerk: Clerk) -> None:
    [told] = clerk("zhenba").get("/v1/handovers?side=to_answer").json()["items"]
    assert (told["id"], told["worker"]["id"], told["to_region"]["code"]) == (asked, first, "610723")
    assert (told["reason"], told["claimed"]) == ("已随婚姻迁入本县", None)
    assert told["may"] == ["agree", "refuse"]
    assert "10000000006" not in str(told)


def test_third_parties_learn_nothing(asked: int, clerk: Clerk) -> None:
    for name in ("jingyang", "nobody", "tongzhou"):
        assert clerk(name).get(f"/v1/handovers/{asked}").status_code in (403, 404)


def test_agreed_the_record_is_the_second_countys_with_what_it_wrote(
    asked: int, first: int, clerk: Clerk
) -> None:
    zhenba, yangxian = clerk("zhenba"), clerk("yangxian")
    household = zhenba.post("/v1/households", json={"number": "移-1", "region": "610728001"}).json()["id"]
    etag = zhenba.get(f"/v1/workers/{first}").headers["ETag"]
    zhenba.patch(f"/v1/workers/{first}", json={"household_id": household}, headers={"If-Match": etag})
    answer = zhenba.post(f"/v1/handovers/{asked}/agree", json={"answer": "同意"})
    assert (answer.status_code, answer.json()["state"]["code"]) == (200, "agreed"), answer.text
    assert answer.json()["worker"] is None
    assert zhenba.get(f"/v1/workers/{first}").status_code == 404
    hers = yangxian.get(f"/v1/workers/{first}").json()
    assert (hers["region"]["code"], hers["household_id"]) == ("610723", None)
    # What the claim left blank stays as it was.
    assert (hers["education"]["code"], hers["ethnicity"]) == ("junior_high", "汉族")
    assert (hers["phone"], hers["skills"]) == ("100****0006", {"平车": 2, "焊工": 3})
    assert hers["intention"]["pay_floor"] == 4000
    assert zhenba.post(f"/v1/handovers/{asked}/refuse", json={"answer": "晚了"}).status_code == 409


def test_refused_nothing_changes_until_the_city_decides(asked: int, first: int, clerk: Clerk) -> None:
    zhenba, city = clerk("zhenba"), clerk("hanzhong")
    assert zhenba.post(f"/v1/handovers/{asked}/refuse", json={}).status_code == 422
    assert zhenba.post(f"/v1/handovers/{asked}/refuse", json={"answer": "仍住本县"}).status_code == 200
    assert zhenba.get(f"/v1/workers/{first}").status_code == 200
    decide = f"/v1/handovers/{asked}/decide"
    verdict = {"transfer": True, "answer": "以迁入地为准"}
    assert zhenba.post(decide, json=verdict).status_code == 409
    assert clerk("yangxian").post(decide, json=verdict).status_code == 409
    assert city.get(f"/v1/handovers/{asked}").json()["may"] == ["decide"]
    assert city.post(decide, json=verdict).json()["state"]["code"] == "decided"
    assert clerk("yangxian").get(f"/v1/workers/{first}").status_code == 200


def test_the_city_may_leave_it_and_who_asked_may_take_it_back(asked: int, first: int, clerk: Clerk) -> None:
    yangxian = clerk("yangxian")
    for step in ("agree", "refuse"):
        answer = yangxian.post(f"/v1/handovers/{asked}/{step}", json={"answer": "自己同意"})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/handover-settled")
    assert clerk("zhenba").post(f"/v1/handovers/{asked}/withdraw", json={}).status_code == 409
    assert yangxian.post(f"/v1/handovers/{asked}/withdraw", json={}).json()["state"]["code"] == "withdrawn"
    again = yangxian.post("/v1/workers", json=THEIRS).json()["id"]
    assert again != asked
    kept = clerk("hanzhong").post(f"/v1/handovers/{again}/decide", json={"transfer": False, "answer": "不变"})
    assert kept.json()["state"]["code"] == "kept"
    assert clerk("zhenba").get(f"/v1/workers/{first}").status_code == 200


def test_asked_twice_there_is_one_request(asked: int, clerk: Clerk) -> None:
    yangxian = clerk("yangxian")
    again = yangxian.post("/v1/workers", json=THEIRS | {"handover_reason": "再次请求"})
    assert (again.status_code, again.json()["id"]) == (202, asked)
    assert yangxian.get("/v1/handovers").json()["total"] == 1
    assert clerk("zhenba").get(f"/v1/handovers/{asked}").json()["reason"] == "再次请求"


def test_the_same_request_repeated_is_answered_as_the_first(first: int, clerk: Clerk) -> None:
    yangxian, once = clerk("yangxian"), {"Idempotency-Key": "h-1"}
    one, other = (yangxian.post("/v1/workers", json=THEIRS, headers=once) for _ in range(2))
    assert (one.status_code, other.status_code) == (202, 202)
    assert one.json() == other.json()


@pytest.mark.parametrize(
    "wrong", [{"phone": "12"}, {"sex": "male"}, {"birth_date": "1980-01-01"}, {"region": "610728"}]
)
def test_what_can_not_be_registered_asks_for_nobody(first: int, clerk: Clerk, wrong: dict[str, Any]) -> None:
    assert clerk("yangxian").post("/v1/workers", json=THEIRS | wrong).status_code in (403, 422)
    assert clerk("zhenba").get("/v1/handovers").json()["total"] == 0


def test_a_township_asks_another_of_its_county(first: int, clerk: Clerk) -> None:
    """The county, over both, decides; the township sees what it asked."""
    other = clerk("zhenba").post(
        "/v1/workers",
        json=HERS
        | {"region": "610728101", "id_number": demo_id_number(date(1979, 8, 9), 402_001, Sex.FEMALE)},
    )
    number = demo_id_number(date(1979, 8, 9), 402_001, Sex.FEMALE)
    body = {"name": "移交人", "region": "610728001", "id_number": number}
    town = clerk("jingyang")
    answer = town.post("/v1/workers", json=body)
    assert answer.status_code == 202, answer.text
    assert town.get("/v1/handovers").json()["total"] == 1
    decided = clerk("zhenba").post(
        f"/v1/handovers/{answer.json()['id']}/decide", json={"transfer": True, "answer": "按实际居住"}
    )
    assert decided.status_code == 200, decided.text
    assert clerk("jingyang").get(f"/v1/workers/{other.json()['id']}").status_code == 200


def test_a_person_asked_for_is_not_merged_meanwhile(asked: int, first: int, clerk: Clerk) -> None:
    zhenba = clerk("zhenba")
    other = zhenba.post("/v1/workers", json={"name": "另一人", "region": "610728"}).json()["id"]
    answer = zhenba.post("/v1/merges", json={"kept_id": other, "merged_id": first})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-mergeable")


# --- counting ----------------------------------------------------------------------------------------------------


def transferred(session: Session, region: str) -> int | None:
    """How many started, as a target of the region would count them in the session's scope."""
    target = Target(
        sequence=1,
        region=region,
        label="转移就业",
        sentence="",
        indicator=Indicator.TRANSFER,
        population=Population.RURAL,
        kinds=["market", "workshop"],
        from_on=date(2021, 1, 1),
        to_on=date(2021, 12, 31),
    )
    return started_count(session, target, date(2021, 9, 20))


def test_no_figure_counts_anybody_twice(
    first: int, clerk: Clerk, world: Any, session_as: Callable[[str], Session]
) -> None:
    """The first county counts until the hand-over, the second from then on, and the city one all the time."""
    scopes = (("zhenba", "610728"), ("yangxian", "610723"), ("hanzhong", "6107"))

    def counted() -> list[int | None]:
        found = []
        for name, region in scopes:
            with session_as(name) as session:
                found.append(transferred(session, region))
        return found

    zhenba, yangxian = clerk("zhenba"), clerk("yangxian")
    post = world.vacancy()["id"]
    application = zhenba.post("/v1/applications", json={"worker_id": first, "vacancy_id": post}).json()["id"]
    assert zhenba.post(f"/v1/applications/{application}/start", json={}).status_code == 200
    assert counted() == [1, 0, 1]
    asked = yangxian.post("/v1/workers", json=THEIRS).json()["id"]
    assert counted() == [1, 0, 1]
    assert zhenba.post(f"/v1/handovers/{asked}/agree", json={}).status_code == 200
    assert counted() == [0, 1, 1]
    assert len(yangxian.get(f"/v1/spells?worker_id={first}").json()["items"]) == 1
    assert zhenba.get(f"/v1/spells?worker_id={first}").json()["items"] == []


# --- at the same moment ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    """The service over a database of this module's own, where everything is committed."""
    engine = create_engine(clone("handovers").service, pool_size=20)
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    yield create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    engine.dispose()


def logged_in(app: FastAPI, username: str) -> TestClient:
    with app.state.sessions() as session, session.begin():
        account_id = account_by_username(session, username)
        assert account_id is not None
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.BEARER)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    gate = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("sequence", range(5))
def test_two_counties_register_at_the_same_moment(busy: FastAPI, sequence: int) -> None:
    number = demo_id_number(date(1981, 1, 1), 403_000 + sequence, Sex.MALE)
    clients = [(logged_in(busy, "zhenba"), "610728"), (logged_in(busy, "yangxian"), "610723")]
    answers = at_once(
        [
            lambda client=client, region=region: client.post(  # type: ignore[misc]
                "/v1/workers", json={"name": "同时", "region": region, "id_number": number}
            )
            for client, region in clients
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 202]


def test_many_second_registrations_at_once_ask_once(busy: FastAPI) -> None:
    number = demo_id_number(date(1982, 1, 1), 404_000, Sex.MALE)
    first = logged_in(busy, "zhenba")
    assert (
        first.post("/v1/workers", json={"name": "众", "region": "610728", "id_number": number}).status_code
        == 201
    )
    others = [logged_in(busy, "yangxian") for _ in range(6)]
    answers = at_once(
        [
            lambda client=client: client.post(  # type: ignore[misc]
                "/v1/workers", json={"name": "众", "region": "610723", "id_number": number}
            )
            for client in others
        ]
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_agreed_and_refused_at_once_one_of_them_holds(busy: FastAPI) -> None:
    number = demo_id_number(date(1983, 1, 1), 405_000, Sex.MALE)
    first, other = logged_in(busy, "zhenba"), logged_in(busy, "yangxian")
    first.post("/v1/workers", json={"name": "争", "region": "610728", "id_number": number})
    asked = other.post("/v1/workers", json={"name": "争", "region": "610723", "id_number": number}).json()[
        "id"
    ]
    answers = at_once(
        [
            lambda: first.post(f"/v1/handovers/{asked}/agree", json={}),
            lambda: logged_in(busy, "zhenba").post(f"/v1/handovers/{asked}/refuse", json={"answer": "不"}),
            lambda: other.post(f"/v1/handovers/{asked}/withdraw", json={}),
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


def test_two_merges_of_one_record_at_once_one_of_them_holds(busy: FastAPI) -> None:
    client = logged_in(busy, "zhenba")
    ids = [
        client.post("/v1/workers", json={"name": name, "region": "610728"}).json()["id"] for name in "甲乙丙"
    ]
    answers = at_once(
        [
            lambda: client.post("/v1/merges", json={"kept_id": ids[0], "merged_id": ids[1]}),
            lambda: logged_in(busy, "zhenba").post(
                "/v1/merges", json={"kept_id": ids[1], "merged_id": ids[0]}
            ),
            lambda: logged_in(busy, "zhenba").post(
                "/v1/merges", json={"kept_id": ids[2], "merged_id": ids[1]}
            ),
        ]
    )
    assert sorted(answer.status_code for answer in answers)[0] == 201
    with busy.state.sessions() as session:
        act_as(session, account_by_username(session, "zhenba") or 0)
        merged = session.connection().execute(
            text("SELECT id, merged_into FROM worker WHERE id = ANY(:ids) AND merged_into IS NOT NULL"),
            {"ids": ids},
        )
        targets = {row.id: row.merged_into for row in merged}
    assert not set(targets) & set(targets.values())


def test_the_move_stands_in_the_persons_history(asked: int, first: int, clerk: Clerk) -> None:
    clerk("zhenba").post(f"/v1/handovers/{asked}/agree", json={"answer": "同意"})
    told = clerk("yangxian").get(f"/v1/workers/{first}/history")
    assert told.status_code == 200, told.text
    assert "610728001" in told.text or "镇巴县" in told.text
    moves = [
        change
        for event in told.json()["items"]
        for change in event["fields"] or []
        if change["field"]["code"] == "region" and event["action"]["code"] == "update"
    ]
    assert len(moves) == 1, told.text


def test_a_number_under_another_code_of_the_county_asks_for_the_same_person(clerk: Clerk) -> None:
    west = clerk("zhenba")
    one, other = _two_codes()
    hers = HERS | {"name": "改码人", "region": "610728001", "id_number": one}
    assert west.post("/v1/workers", json=hers).status_code == 201
    again = west.post("/v1/workers", json=hers | {"id_number": other})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-registered")
    assert again.headers["Location"].startswith("/v1/workers/")
    yangxian = clerk("yangxian")
    asked = yangxian.post("/v1/workers", json=THEIRS | {"name": "改码人", "id_number": other})
    assert asked.status_code == 202, asked.text
    agreed = west.post(f"/v1/handovers/{asked.json()['id']}/agree", json={"answer": "同意"})
    assert agreed.status_code == 200, agreed.text
    for number in (one, other):
        answer = yangxian.post("/v1/workers", json=THEIRS | {"name": "改码人", "id_number": number})
        assert answer.status_code == 409, answer.text
    stranger = yangxian.post("/v1/workers", json=THEIRS | {"name": "别的人", "id_number": other})
    assert stranger.status_code == 409


def _two_codes() -> tuple[str, str]:
    """Numbers of one person before and after the county's code changed."""
    rest = "19850315" + "900"
    for code in sorted(region.code for region in regions() if len(region.code) == 6):
        if others := related_prefixes(code) - {code}:
            bodies = code + rest, min(others) + rest
            first, second = (body + mod_11_2.calc_check_digit(body) for body in bodies)
            return first, second
    raise AssertionError("no county's code ever changed")


def test_a_file_with_the_other_code_leaves_the_number_with_the_person(
    clerk: Clerk, app: FastAPI, session_as: Callable[[str], Session]
) -> None:
    west = clerk("zhenba")
    one, other = _two_codes()
    person = west.post("/v1/workers", json=HERS | {"name": "改码人", "id_number": one}).json()["id"]
    table = f"姓名,证件号码,文化程度,联系电话,是否务工\n改码人,{other},高中,10000000005,否\n"
    sent = west.post(
        "/v1/imports",
        files={"file": ("名册.csv", table.encode("utf-8-sig"))},
        data={"kind": "away", "as_of": "2021-09-20"},
    )
    assert sent.status_code == 202, sent.text
    path = f"/v1/imports/{sent.json()['id']}"
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    assert west.post(f"{path}/apply").status_code == 202, west.get(path).text
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    assert west.get(path).json()["state"]["code"] == "applied"
    kept = session_as("zhenba").exec(select(FormerNumber)).all()
    assert [(row.worker_id, row.origin) for row in kept] == [(person, NumberOrigin.FORMER_CODE)]
