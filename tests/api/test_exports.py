"""Registers and returns: what is in them, what is not, and the file from the asking to its end."""

import csv
import io
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.exporting import making
from api.worker.working import work_off
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, Table
from models.handed import HandedFile
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex


def made(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def export(app: FastAPI, west: TestClient) -> Callable[..., dict[str, Any]]:
    """Asks for a file and has it made; the export as it is then."""

    def make(client: TestClient = west, **told: Any) -> dict[str, Any]:
        asked = made(client.post("/v1/exports", json=told), 202)
        work_off(app.state.sessions, app.state.keyring, app.state.settings)
        return made(client.get(f"/v1/exports/{asked['id']}"))

    return make


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


NUMBER = demo_id_number(date(1988, 1, 2), 44_000, Sex.FEMALE)


@pytest.fixture
def household(world: Any) -> int:
    """A poverty-relieved household with one member at hand: name, number and phone are known."""
    made_one = world.household(hardship=[{"category": "relieved", "from_on": "2016-01-01"}])
    world.worker(name="=测试甲", id_number=NUMBER, phone="10000000077", household_id=made_one["id"])
    return int(made_one["id"])


def test_a_register_masks_and_a_reason_opens_it(
    household: int, west: TestClient, export: Callable[..., dict[str, Any]]
) -> None:
    done = export(view="relieved", region="610728")
    assert (done["rows"], done["expired"], done["job"]) == (1, False, None)
    answer = west.get(done["file"])
    assert answer.status_code == 200
    assert "%E8%84%B1%E8%B4%AB" in answer.headers["Content-Disposition"]
    assert int(answer.headers["Content-Length"]) == len(answer.content) == done["size"]
    found = sheets(answer.content)
    heads, row = found["脱贫劳动力册"]
    line = dict(zip(heads, row, strict=True))
    assert line["证件号码"] == NUMBER[:6] + "*" * 12
    assert line["联系电话"] == "100****0077"
    # A text that looks like a formula is a text.
    assert line["姓名"] == "=测试甲"
    assert line["户类型"] == "脱贫户"
    counted = {name: number for name, _, number in found["汇总"][1:]}
    assert counted["泾洋街道"] == counted["合计"] == 1

    refused = west.post("/v1/exports", json={"view": "relieved", "masked": False})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "reason"
    whole = export(view="relieved", masked=False, reason="报送县乡村振兴局")
    assert whole["file_name"].endswith("_含完整号码.xlsx")
    line = dict(zip(heads, sheets(west.get(whole["file"]).content)["脱贫劳动力册"][1], strict=True))
    assert (line["证件号码"], line["联系电话"]) == (NUMBER, "10000000077")


def test_what_is_asked_and_fetched_is_recorded(
    household: int, west: TestClient, export: Callable[..., dict[str, Any]], session_as: Any
) -> None:
    done = export(view="relieved", masked=False, reason="报送县乡村振兴局")
    west.get(done["file"])
    rows = (
        session_as("zhenba")
        .connection()
        .execute(text("SELECT action, change FROM audit_event WHERE noun = 'export' ORDER BY id"))
    )
    [(asked, why), (fetched, _)] = rows
    assert (asked, fetched) == ("export", "download")
    # The reason is somebody's own words: it stands with the file, which can be deleted, and not in what is for ever.
    assert "reason" not in why and why["masked"] is False
    assert done["reason"] == "报送县乡村振兴局"
    assert session_as("zhenba").exec(select(HandedFile.reason)).one() == "报送县乡村振兴局"


def test_the_file_lies_sealed_and_is_its_askers_alone(
    household: int,
    west: TestClient,
    clerk: Callable[[str], TestClient],
    export: Callable[..., dict[str, Any]],
    session_as: Callable[[str], Session],
) -> None:
    done = export(view="relieved", format="csv", masked=False, reason="核对")
    content = west.get(done["file"]).content
    assert NUMBER.encode() in content
    parts = session_as("zhenba").connection().scalars(text("SELECT sealed FROM export_part"))
    assert all(NUMBER.encode() not in bytes(part) for part in parts)
    for other in ("hanzhong", "jingyang"):
        assert clerk(other).get(done["file"]).status_code == 404


def test_csv_keeps_numbers_and_formulas_harmless(
    household: int, west: TestClient, export: Callable[..., dict[str, Any]]
) -> None:
    done = export(view="relieved", format="csv", masked=False, reason="核对")
    content = west.get(done["file"]).content.decode("utf-8-sig")
    heads, row = list(csv.reader(io.StringIO(content)))
    line = dict(zip(heads, row, strict=True))
    assert line["姓名"] == "'=测试甲"
    assert line["证件号码"] == NUMBER + "\t"


def test_restricted_merged_and_deleted(
    world: Any, household: int, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    others = [world.worker(name=name, household_id=household)["id"] for name in ("限制", "合并", "删除")]
    connection = session_as("zhenba").connection()
    connection.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": others[0]})
    connection.execute(
        text("UPDATE worker SET merged_into = (SELECT min(id) FROM worker) WHERE id = :id"), {"id": others[1]}
    )
    connection.execute(text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :id"), {"id": others[2]})
    for code, heading in (("relieved", "证件号码"), ("roster", "身份证号")):
        found = made(west.get(f"/v1/registers/{code}?region=610728"))
        heads = [column["heading"] for column in found["columns"]]
        names = [row[heads.index("姓名")] for row in found["rows"]]
        assert names == ["=测试甲", "已删除"], code
        assert found["rows"][1][heads.index(heading)] == "已删除"
        assert found["total"] == 2


def test_every_view_is_made_for_every_level(
    world: Any, clerk: Callable[[str], TestClient], west: TestClient, household: int
) -> None:
    world.spell()
    codes = [each["code"] for each in made(west.get("/v1/registers"))]
    city = clerk("hanzhong")
    for code in codes:
        if code == "batch":
            continue
        for region in ("6107", "610728", "610728001"):
            found = made(city.get(f"/v1/registers/{code}?region={region}"))
            assert found["columns"] and found["total"] >= 0
            if code not in ("quarterly",):
                assert sum(part["count"] for part in found["parts"]) == (
                    found["total"] if found["parts"] else 0
                ), code
    outside = west.get("/v1/registers/relieved?region=610723")
    assert outside.status_code == 403
    assert west.get("/v1/registers/relieved?region=999999").status_code == 422
    assert west.get("/v1/registers/nothing").status_code == 404
    assert west.get("/v1/registers/relieved?as_of=2021-09-21").status_code == 422
    assert west.get("/v1/registers/away?period=2021-13").status_code == 422
    assert west.get("/v1/registers/quarterly?period=2021Q4").status_code == 422


def test_the_quarterly_return_counts_and_lists_by_one_query(world: Any, west: TestClient) -> None:
    world.spell()
    found = made(west.get("/v1/registers/quarterly?region=610728"))
    heads = [column["heading"] for column in found["columns"]]
    figures = {row[1]: dict(zip(heads, row, strict=True)) for row in found["rows"]}
    # The eastern employer of the world is a workshop: its line has the person, no market line does.
    assert figures["就业帮扶车间吸纳就业"]["本季度"] == 1
    assert figures["转移到结对东部地区就业"]["本季度"] == 0
    assert "市场就业" in figures["转移到结对东部地区就业"]["计入的就业类型"]
    assert "公益性岗位" not in figures["转移到结对东部地区就业"]["计入的就业类型"]
    for row in found["rows"]:
        listed = west.get(f"/v1/registers/quarterly?region=610728&line={row[0]}")
        if row[1] == "就业帮扶车间家数":
            assert listed.status_code == 422
        else:
            assert len(made(listed)["rows"]) == row[3], row[1]


ELSEWHERE = [
    [("county", "610723")],
    [("auditor", "610728")],
    # What he may export is another county's, and of this county he may only read.
    [("county", "610723"), ("auditor", "610728")],
]


@pytest.mark.parametrize("roles", ELSEWHERE)
def test_a_right_that_is_lost_before_the_file_is_made(
    household: int,
    app: FastAPI,
    west: TestClient,
    bound: Callable[[list[tuple[str, str]]], None],
    roles: list[tuple[str, str]],
) -> None:
    asked = made(west.post("/v1/exports", json={"view": "roster", "region": "610728"}), 202)
    assert west.get(f"/v1/exports/{asked['id']}/file").status_code == 409
    bound(roles)
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    bound([("county", "610728")])
    found = made(west.get(f"/v1/exports/{asked['id']}"))
    assert (found["file"], found["job"]["state"]["code"]) == (None, "failed")
    assert "导出报表" in found["job"]["message"]


@pytest.mark.parametrize("roles", ELSEWHERE)
def test_a_right_that_is_lost_before_the_file_is_fetched(
    household: int,
    west: TestClient,
    export: Callable[..., dict[str, Any]],
    bound: Callable[[list[tuple[str, str]]], None],
    roles: list[tuple[str, str]],
) -> None:
    masked, whole = export(view="relieved"), export(view="relieved", masked=False, reason="核对")
    bound(roles)
    for done in (masked, whole):
        assert west.get(done["file"]).status_code == 403, "a file is his whose region it is of"
    bound([("village", "610728001"), ("village", "610728")])
    assert west.get(masked["file"]).status_code == 200
    assert west.get(whole["file"]).status_code == 403, "who may not see full numbers is sent none"
    bound([("county", "610728")])
    assert west.get(whole["file"]).status_code == 200


def test_who_may_not_export_asks_for_nothing(clerk: Callable[[str], TestClient]) -> None:
    assert clerk("auditor").post("/v1/exports", json={"view": "roster"}).status_code == 403
    assert (
        clerk("jingyang").post("/v1/exports", json={"view": "roster", "region": "610728"}).status_code == 403
    )


def test_a_file_that_fails_midway_is_kept_nowhere(
    household: int,
    app: FastAPI,
    west: TestClient,
    session_as: Callable[[str], Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The job's last piece is there or no piece is: half a list must never be sent for a whole one."""
    view = VIEWS["relieved"]

    def broken(session: Session, keyring: Keyring, asked: Asked) -> Iterator[Table]:
        [first, *_] = list(view.tables(session, keyring, asked))
        entry = next(iter(first.rows))

        def rows() -> Iterator[Any]:
            # More than a piece of the file: what was sealed before the failure must go too.
            for number in range(60_000):
                yield replace(entry, number=number, id_number=secrets.token_hex(12))
            raise RuntimeError("the connection broke")

        yield replace(first, rows=rows())

    monkeypatch.setitem(VIEWS, "relieved", replace(view, tables=broken))
    for kind in ("xlsx", "csv"):
        told = {"view": "relieved", "format": kind, "masked": False, "reason": "核对"}
        asked = made(west.post("/v1/exports", json=told), 202)
        work_off(app.state.sessions, app.state.keyring, app.state.settings)
        found = made(west.get(f"/v1/exports/{asked['id']}"))
        assert (found["rows"], found["size"], found["file"]) == (None, None, None)
        assert west.get(f"/v1/exports/{asked['id']}/file").status_code == 409
    assert session_as("zhenba").connection().scalar(text("SELECT count(*) FROM export_part")) == 0


def test_after_a_week_the_file_is_gone(
    household: int, west: TestClient, export: Callable[..., dict[str, Any]], session_as: Any
) -> None:
    done = export(view="relieved")
    connection = session_as("zhenba").connection()
    connection.execute(text("UPDATE export SET expires_at = now() - interval '1 second'"))
    assert west.get(done["file"]).status_code == 410
    assert connection.scalar(text("SELECT purge_expired_exports()")) == 1
    assert made(west.get(f"/v1/exports/{done['id']}"))["expired"] is True


def test_a_file_that_is_made_while_somebody_is_put_away_is_not_kept(
    household: int,
    app: FastAPI,
    west: TestClient,
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = making._written

    def meanwhile(*told: Any) -> int:
        connection.execute(text("UPDATE worker SET restricted = true WHERE NOT restricted"))
        return written(*told)

    monkeypatch.setattr(making, "_written", meanwhile)
    number = made(west.post("/v1/exports", json={"view": "relieved", "region": "610728"}), 202)["id"]
    work_off(app.state.sessions, app.state.keyring, app.state.settings)
    shown = made(west.get(f"/v1/exports/{number}"))
    assert shown["job"]["state"]["code"] == "failed" and "重新导出" in shown["job"]["message"]
    assert shown["file"] is None
