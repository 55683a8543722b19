"""Applications: every step and who took it, the pool, silence that ends one, and how readily employers answer."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.audit import audited
from api.database import owner_connection, sessions_of
from api.presenting import answering_words
from api.settings import Settings
from api.worker.daily import DAILY, Daily
from ledger.applications import OF_THE_SERVICE, REFUSALS
from ledger.employers import Responsiveness, responsiveness
from models.application import Side
from models.sealing import Keyring

TODAY = date(2021, 9, 20)


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def post(client: TestClient, application: dict[str, Any], step: str, body: Any = None) -> Any:
    return client.post(f"/v1/applications/{application['id']}/{step}", json=body)


def test_both_sides_have_the_reasons_that_the_field_knows() -> None:
    assert [reason.label for reason in REFUSALS[Side.WORKER]] == [
        "工资低", "太远", "家里离不开", "不包住", "班次不合适", "技能不够", "健康原因", "已就业", "联系不上", "其他",
    ]  # fmt: skip
    assert [reason.label for reason in REFUSALS[Side.EMPLOYER]] == [
        "年龄健康不符法定条件", "技能不够", "未到场", "已招满", "重复推荐", "其他",
    ]  # fmt: skip


def test_every_step_is_told(world: Any, west: TestClient, east: TestClient) -> None:
    application = world.application()
    assert made(post(east, application, "shortlist"))["state"]["code"] == "shortlisted"
    assert made(post(east, application, "offer"))["answered_on"] == "2021-09-20"
    refused = made(post(west, application, "refuse", {"reason": "skills", "side": "worker"}))
    assert (refused["side"]["label"], refused["reason"]["label"]) == ("本人", "技能不够")
    told = made(west.get(f"/v1/applications/{application['id']}/events"))["items"]
    assert [(step["to_state"]["code"], step["mine"]) for step in told] == [
        ("refused", True),
        ("offered", False),
        ("shortlisted", False),
        ("proposed", True),
    ]
    assert told[0]["from_state"]["code"] == "offered"
    assert (told[0]["side"]["code"], told[0]["reason"]["code"]) == ("worker", "skills")
    assert told[0]["at"].endswith("+08:00")
    again = post(east, application, "shortlist")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reason": "no_show"}, 200),
        ({"reason": "pay", "side": "employer"}, 422),
        ({"reason": "filled", "side": "worker"}, 422),
        *[({"reason": reason.value}, 422) for reason in OF_THE_SERVICE],
    ],
)
def test_a_refusal_is_its_sides_own(world: Any, east: TestClient, body: dict[str, str], status: int) -> None:
    answer = post(east, world.application(), "refuse", body)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["side"]["code"] == "employer"


def test_the_pool_keeps_somebody_for_another_post(world: Any, west: TestClient, east: TestClient) -> None:
    full, better = world.vacancy(seats=1), world.vacancy()
    waiting = world.application(vacancy_id=full["id"])
    early = post(west, waiting, "pool")
    assert early.status_code == 409
    assert early.json()["type"] == "/problems/still-on-offer"
    made(post(west, world.application(vacancy_id=full["id"]), "start", {}))

    assert made(post(west, waiting, "pool"))["state"]["label"] == "人才储备"
    brought = post(west, waiting, "propose", {"vacancy_id": better["id"]})
    assert brought.status_code == 201, brought.text
    assert (brought.json()["worker_id"], brought.json()["vacancy_id"]) == (
        waiting["worker_id"],
        better["id"],
    )
    settled = made(west.get(f"/v1/applications/{waiting['id']}"))
    assert (settled["state"]["code"], settled["reason"]["code"]) == ("withdrawn", "reproposed")
    assert post(west, waiting, "propose", {"vacancy_id": better["id"]}).status_code == 409


def test_a_proposal_or_a_start_ends_the_time_in_the_pool(
    world: Any, west: TestClient, east: TestClient
) -> None:
    closed = world.vacancy()
    first = world.application(vacancy_id=closed["id"])
    second = world.application(worker_id=first["worker_id"])
    made(east.post(f"/v1/vacancies/{closed['id']}/close"))
    made(post(west, first, "pool"))
    made(post(west, second, "start", {}))
    assert made(west.get(f"/v1/applications/{first['id']}"))["state"]["code"] == "obsolete"

    closed = world.vacancy()
    pooled = world.application(vacancy_id=closed["id"])
    made(east.post(f"/v1/vacancies/{closed['id']}/close"))
    made(post(west, pooled, "pool"))
    world.application(worker_id=pooled["worker_id"])
    assert made(west.get(f"/v1/applications/{pooled['id']}"))["state"]["code"] == "withdrawn"


# --- silence ---------------------------------------------------------------------------------------------------------


def expire(connection: Connection, today: date, days: int = 60) -> int:
    told = {"today": today, "days": days}
    return int(connection.scalar(text("SELECT expire_applications(:today, :days)"), told) or 0)


def test_sixty_days_without_an_answer_end_an_application(
    world: Any, west: TestClient, east: TestClient, connection: Connection
) -> None:
    silent, answered, accepted = world.application(), world.application(), world.application()
    made(post(east, accepted, "offer"))
    made(post(west, accepted, "accept"))
    assert expire(connection, TODAY + timedelta(days=59)) == 0
    # The days count from the last step.
    connection.execute(
        text("UPDATE application SET decided_on = :on WHERE id = :id"),
        {"on": TODAY + timedelta(days=20), "id": answered["id"]},
    )
    assert expire(connection, TODAY + timedelta(days=60)) == 1
    assert expire(connection, TODAY + timedelta(days=60)) == 0
    ended = made(west.get(f"/v1/applications/{silent['id']}"))
    assert (ended["state"]["code"], ended["reason"]["label"]) == ("expired", "到期没有答复")
    assert ended["decided_on"] == "2021-11-19"
    [last, _] = made(west.get(f"/v1/applications/{silent['id']}/events"))["items"]
    assert (last["from_state"]["code"], last["account_id"], last["mine"]) == ("proposed", None, False)
    assert last["reason"]["code"] == "unanswered"
    assert made(west.get(f"/v1/applications/{answered['id']}"))["state"]["code"] == "proposed"
    assert made(west.get(f"/v1/applications/{accepted['id']}"))["state"]["code"] == "accepted"


def test_the_door_ends_nothing_that_is_young_whatever_it_is_told(world: Any, connection: Connection) -> None:
    world.application()
    assert expire(connection, TODAY + timedelta(days=6), days=0) == 0
    assert expire(connection, TODAY, days=-400) == 0


@pytest.fixture
def ticking(
    clone: Callable[[str], Any], keyring: Keyring, settings: Settings
) -> Iterator[tuple[Callable[[], Daily], str]]:
    database = clone("daily")
    engine = create_engine(database.service)
    sessions = audited(sessions_of(engine), keyring)
    yield lambda: Daily(sessions, settings), database.owner
    engine.dispose()


def test_a_day_is_seen_to_once_by_all_workers_together(
    ticking: tuple[Callable[[], Daily], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, owner_url = ticking
    done: list[str] = []

    def counted(connection: Connection, settings: Settings) -> int:
        done.append("done")
        return 0

    def failing(connection: Connection, settings: Settings) -> int:
        connection.execute(text("SELECT begin_day('left-behind', '2021-01-01')"))
        raise RuntimeError

    monkeypatch.setattr("api.worker.daily.DAILY", (*DAILY, failing, counted))
    first, second = worker(), worker()
    for each in (first, second, first):
        each.see_to()
    assert done == ["done"]
    with owner_connection(owner_url) as owner:
        names = set(owner.scalars(text("SELECT name FROM daily_run")))
    # What failed is rolled back whole, stands as not done, and kept nothing else from being done.
    assert names == {work.__name__ for work in DAILY} | {"counted"}


def test_a_file_that_nobody_took_in_is_cleared(
    ticking: tuple[Callable[[], Daily], str],
) -> None:
    worker, owner_url = ticking
    with owner_connection(owner_url) as owner:
        for number, (state, days) in enumerate([("ready", 31), ("ready", 29), ("applied", 99)], 1):
            owner.execute(
                text(
                    "INSERT INTO import (id, created_at, purpose, state, file_name, file_sha256, region, as_of, "
                    "shifted_days, message, sheets, counts) VALUES (:id, now() - make_interval(days => :days), "
                    "'apply', :state, 'a.xlsx', '', '610728', '2021-09-20', 0, '', '[]', '{}')"
                ),
                {"id": number, "days": days, "state": state},
            )
            owner.execute(
                text("INSERT INTO import_part (import_id, part, sealed) VALUES (:id, 1, '')"), {"id": number}
            )
    worker().see_to()
    with owner_connection(owner_url) as owner:
        assert owner.scalars(text("SELECT import_id FROM import_part ORDER BY 1")).all() == [2, 3]
        states = owner.scalars(text("SELECT state FROM import ORDER BY id")).all()
    assert states == ["cancelled", "ready", "applied"]


# --- how readily an employer answers ---------------------------------------------------------------------------------


def test_an_answer_counts_and_what_had_no_time_does_not(
    world: Any, west: TestClient, east: TestClient, session_as: Callable[[str], Session]
) -> None:
    vacancy = world.vacancy(seats=20)
    employer = vacancy["employer_id"]
    applications = [world.application(vacancy_id=vacancy["id"]) for _ in range(8)]
    fresh = made(west.get(f"/v1/employers/{employer}"))["responsiveness"]
    assert (fresh["asked"], fresh["sentence"]) == (0, "近半年没有推荐过人")

    made(post(east, applications[0], "offer"))
    made(post(east, applications[1], "refuse", {"reason": "filled"}))
    made(post(west, applications[2], "refuse", {"reason": "pay"}))
    made(post(west, applications[3], "withdraw", {"reason": "mistaken"}))
    few = made(west.get(f"/v1/employers/{employer}"))["responsiveness"]
    assert (few["asked"], few["answered"], few["share"], few["few"]) == (2, 2, None, True)
    assert "样本少" in few["sentence"]

    connection = session_as("tongzhou").connection()
    connection.execute(
        text("UPDATE application SET applied_on = :on WHERE vacancy_id = :id"),
        {"on": TODAY - timedelta(days=20), "id": vacancy["id"]},
    )
    # Four of the eight are open, or were, for longer than two weeks; two were answered, after twenty days.
    found = responsiveness(session_as("yangxian"), [employer, 987654321], TODAY)
    assert found[employer] == Responsiveness(6, 2, 20.0)
    assert found[987654321] == Responsiveness()
    listed = made(west.get("/v1/employers"))["items"]
    assert [item["responsiveness"]["share"] for item in listed if item["id"] == employer] == [
        pytest.approx(1 / 3)
    ]
    old = responsiveness(session_as("zhenba"), [employer], TODAY + timedelta(days=181))
    assert old[employer] == Responsiveness()


def test_the_clerk_sees_it_beside_a_match(world: Any, west: TestClient, east: TestClient) -> None:
    vacancy = world.vacancy(seats=9)
    made(post(east, world.application(vacancy_id=vacancy["id"]), "offer"))
    matches = made(west.get(f"/v1/workers/{world.worker()['id']}/matches"))["items"]
    [mine] = [item for item in matches if item["vacancy"]["id"] == vacancy["id"]]
    assert mine["responsiveness"]["asked"] == 1


def test_the_sentence_says_what_was_counted() -> None:
    assert answering_words(Responsiveness(10, 8, 3.0)) == "近半年推荐10人，答复8人（80%），多在3天内答复"
    assert answering_words(Responsiveness(6, 3, 0.0)).endswith("多在当天答复")
    assert answering_words(Responsiveness(4, 4, 1.0)) == "近半年推荐4人，答复4人（样本少）"
