"""What we export unmasked and import again changes nothing: every line is the same, no row is written."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from ledger.forms.national import PLANNED
from ledger.registers.catalogue import VIEWS
from models.id_number import demo_id_number
from models.worker import Sex

KEPT = (
    "worker",
    "household",
    "hardship_period",
    "employment_spell",
    "spell_report",
    "report_decision",
    "employer",
)


@pytest.fixture
def exported(west: TestClient, work: Callable[[], int]) -> Callable[..., bytes]:
    """The unmasked file of a view."""

    def make(view: str, kind: str) -> bytes:
        told = {"view": view, "format": kind, "masked": False, "reason": "导回核对", "region": "610728"}
        asked = west.post("/v1/exports", json=told)
        assert asked.status_code == 202, asked.text
        work()
        answer = west.get(f"/v1/exports/{asked.json()['id']}/file")
        assert answer.status_code == 200, answer.text
        return answer.content

    return make


def imported(west: TestClient, work: Callable[[], int], content: bytes, name: str) -> dict[str, Any]:
    """The file, taken in and checked; applied where it is ready."""
    sent = west.post("/v1/imports", files={"file": (name, content)})
    assert sent.status_code == 202, sent.text
    work()
    found: dict[str, Any] = west.get(f"/v1/imports/{sent.json()['id']}").json()
    assert found["state"]["code"] == "ready", found
    assert west.post(f"/v1/imports/{found['id']}/apply").status_code == 202
    work()
    done: dict[str, Any] = west.get(f"/v1/imports/{found['id']}").json()
    assert done["state"]["code"] == "applied", done
    lines = west.get(f"/v1/imports/{done['id']}/lines?limit=200").json()["items"]
    return done | {"found": found["counts"], "lines": lines}


def state(session: Session) -> dict[str, list[Any]]:
    connection = session.connection()
    return {table: list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))) for table in KEPT}


@pytest.fixture
def lived(world: Any, west: TestClient, work: Callable[[], int]) -> None:
    """People in households, with two stretches of work by the service's own records, and none."""
    household = world.household(hardship=[{"category": "marginal", "from_on": "2020-06-01"}])["id"]
    relieved = world.household(hardship=[{"category": "relieved", "from_on": "2016-01-01"}])["id"]
    facts = {"relation_to_head": "head", "ethnicity": "汉族", "labour_capability": "ordinary"}
    mover = world.worker(name="测试乙", phone="10000000002", household_id=relieved, **facts)["id"]
    world.worker(name="测试丙", phone="10000000003", household_id=household, speaks_mandarin=True)
    work_of(world, west, mover, ("2021-05-01", "2021-07-20"), ("2021-08-02", None))


def work_of(world: Any, west: TestClient, mover: int, *stretches: tuple[str, str | None]) -> None:
    """Somebody put forward, begun and, where she left, ended, one post after another."""
    for begins, ends in stretches:
        post = world.vacancy(valid_from="2021-04-01", title="缝纫工")["id"]
        applied = west.post("/v1/applications", json={"worker_id": mover, "vacancy_id": post}).json()
        started = west.post(f"/v1/applications/{applied['id']}/start", json={"started_on": begins})
        assert started.status_code == 200, started.text
        if ends:
            spell = started.json()["spell_id"]
            ended = west.post(f"/v1/spells/{spell}/end", json={"ended_on": ends, "leave_reason": "工资低"})
            assert ended.status_code == 200, ended.text


@pytest.fixture
def shared(world: Any, west: TestClient) -> None:
    """People of whom two stretches share a month, or three do; of one a whole stretch has no month left."""
    for stretches in (
        [("2021-05-01", "2021-07-20"), ("2021-07-22", None)],
        [("2021-05-01", "2021-07-10"), ("2021-07-11", "2021-08-05"), ("2021-08-06", None)],
        [("2021-06-03", "2021-07-10"), ("2021-07-12", "2021-07-15"), ("2021-07-17", None)],
    ):
        work_of(world, west, world.worker(name="测试丁")["id"], *stretches)


@pytest.fixture
def planning(world: Any, west: TestClient, work: Callable[[], int]) -> None:
    """People who told of their plans in a list: somebody new, and somebody who works."""
    number = demo_id_number(date(1990, 2, 3), 44_100, Sex.FEMALE)
    work_of(world, west, world.worker(name="测试乙", id_number=number)["id"], ("2021-05-01", None))
    wanted = ("name", "id_number", "plans", "needs", "intention")
    rows = [
        ["测试戊", demo_id_number(date(1991, 2, 3), 44_101, Sex.MALE), "是", "岗位信息", "县外务工"],
        ["测试乙", number, "是", "技能培训", "县内务工"],
    ]
    content = io.BytesIO()
    headings = [PLANNED.by_field[field].heading for field in wanted]
    write_workbook(content, [Sheet(PLANNED.title, headings, [12] * 5, rows, PLANNED.banner)])
    done = imported(west, work, content.getvalue(), "计划.xlsx")
    assert done["found"].get("same", 0) == 0, done["lines"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("view", ["away", "roster"])
def test_stretches_that_share_a_month_come_back_as_they_went(
    shared: None,
    exported: Callable[..., bytes],
    west: TestClient,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    view: str,
    kind: str,
) -> None:
    nothing_changes(session_as("zhenba"), west, work, exported(view, kind), f"{view}.{kind}")


@pytest.mark.parametrize("view", ["planned", "away", "roster"])
def test_plans_come_back_as_they_went(
    planning: None,
    exported: Callable[..., bytes],
    west: TestClient,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    view: str,
) -> None:
    nothing_changes(session_as("zhenba"), west, work, exported(view, "xlsx"), f"{view}.xlsx")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("view", ["away", "monitored", "household", "roster"])
def test_our_own_file_changes_nothing(
    lived: None,
    exported: Callable[..., bytes],
    west: TestClient,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    view: str,
    kind: str,
) -> None:
    nothing_changes(session_as("zhenba"), west, work, exported(view, kind), f"{view}.{kind}")


def nothing_changes(
    session: Session, west: TestClient, work: Callable[[], int], content: bytes, name: str
) -> None:
    """Every line of the file is the same as before, and so is every row."""
    before = state(session)
    done = imported(west, work, content, name)
    assert done["found"]["lines"] == done["found"].get("same", 0) > 0, (done["found"], done["lines"])
    session.expire_all()
    after = state(session)
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    assert after == before


@pytest.mark.parametrize("kind", ["xlsx", pytest.param("csv", marks=pytest.mark.deep)])
@pytest.mark.parametrize("view", [code for code, each in VIEWS.items() if each.own and code != "batch"])
def test_a_register_is_known_again_and_says_what_to_import_instead(
    lived: None,
    exported: Callable[..., bytes],
    west: TestClient,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    view: str,
    kind: str,
) -> None:
    session = session_as("zhenba")
    before = state(session)
    refused = came_back(west, work, exported(view, kind), f"{VIEWS[view].title}_镇巴县.{kind}")
    assert f"“{VIEWS[view].title}”" in refused
    assert f"“{VIEWS['roster'].title}”" in refused
    session.expire_all()
    assert state(session) == before


def test_a_batchs_list_is_known_again(west: TestClient, work: Callable[[], int]) -> None:
    [columns] = VIEWS["batch"].own
    headings = [column.heading for column in columns]
    cells = [["1", "测试乙", "女", "31", demo_id_number(date(1990, 2, 3), 44_100, Sex.FEMALE)]]
    content = io.BytesIO()
    write_workbook(content, [Sheet("输送批次名单", headings, [12] * len(headings), cells, ("一批",))])
    assert "“输送批次名单”" in came_back(west, work, content.getvalue(), "名单.xlsx")


def test_every_register_is_a_form_or_known_as_no_list() -> None:
    """A view that is added has to say which of the two it is."""
    forms = {"away", "planned", "monitored", "household", "roster"}
    assert {code for code, view in VIEWS.items() if not view.own} == forms


@pytest.mark.parametrize("kind", ["xlsx", pytest.param("csv", marks=pytest.mark.deep)])
@pytest.mark.parametrize("view", ["away", "planned", "roster", "relieved"])
def test_a_file_with_hidden_numbers_is_refused_as_a_whole(
    lived: None,
    planning: None,
    west: TestClient,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    view: str,
    kind: str,
) -> None:
    asked = west.post("/v1/exports", json={"view": view, "format": kind, "masked": True, "region": "610728"})
    assert asked.status_code == 202, asked.text
    work()
    content = west.get(f"/v1/exports/{asked.json()['id']}/file").content
    session = session_as("zhenba")
    before = state(session)
    refused = came_back(west, work, content, f"导出.{kind}")
    assert ("已隐藏" in refused) is (view != "relieved")
    assert "完整号码" in refused
    session.expire_all()
    assert state(session) == before


def came_back(west: TestClient, work: Callable[[], int], content: bytes, name: str) -> str:
    """Why a file of ours that comes back is not read; no line of it is kept."""
    sent = west.post("/v1/imports", files={"file": (name, content)})
    assert sent.status_code == 202, sent.text
    work()
    found = west.get(f"/v1/imports/{sent.json()['id']}").json()
    assert found["state"]["code"] == "failed", found
    assert west.get(f"/v1/imports/{sent.json()['id']}/lines").json()["items"] == []
    message: str = found["message"]
    return message


def test_somebody_deleted_is_left_out_of_our_own_file_and_says_so(
    lived: None,
    exported: Callable[..., bytes],
    west: TestClient,
    work: Callable[[], int],
    connection: Connection,
) -> None:
    connection.execute(
        text("UPDATE person_key SET sealed_key = '' WHERE worker_id = (SELECT max(id) FROM worker)")
    )
    done = imported(west, work, exported("roster", "xlsx"), "roster.xlsx")
    left = [line for line in done["lines"] if line["status"]["code"] == "skipped"]
    assert len(left) == 1
    assert all("资料已按规定删除" in line["reason"] for line in left)
    assert done["found"].get("rejected", 0) == 0
    assert done["found"]["lines"] == done["found"].get("same", 0) + len(left)
