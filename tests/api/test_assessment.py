"""个人信息保护影响评估: made of the declarations, so that a new column, purpose or door is in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.assessment.holdings import holdings, tables, undeclared
from api.assessment.risks import RISKS
from api.cli.verbs import app
from api.settings import ROOT
from models.account import Role
from models.consent import Purpose
from models.registry import metadata

from .conftest import World, made
from .test_consents import say


def told(client: TestClient) -> dict[str, dict[str, Any]]:
    return {part["code"]: part for part in made(client.get("/v1/impact-assessment"))}  # type: ignore[attr-defined]


def test_every_table_says_whether_people_are_in_it() -> None:
    assert undeclared() == set(), "say in api.assessment.holdings what these hold"


def test_every_column_of_a_person_is_in_it(west: TestClient) -> None:
    part = told(west)["holdings"]
    assert [row[0] for row in part["rows"]] == list(tables().values())
    rows = dict(zip(tables(), part["rows"], strict=True))
    for table in tables():
        told_of, inner = set("、".join(rows[table][1:4]).split("、")), rows[table][4]
        words = [each.words for each in holdings() if each.table == table and each.words != each.column]
        assert told_of - {""} == set(words), table
        assert inner == f"{len(metadata.tables[table].columns) - len(words)}列", table
    assert {each.column for each in holdings() if each.table == "worker"} == {
        column.name for column in metadata.tables["worker"].columns
    }
    sealed = part["headings"].index("加密")
    assert "证件号码" in rows["worker"][sealed] and "随访情况" in rows["contact"][sealed]


def test_every_purpose_role_and_measure_is_in_it(west: TestClient) -> None:
    parts = told(west)
    assert [row[0] for row in parts["purposes"]["rows"]] == [purpose.label for purpose in Purpose]
    assert [row[0] for row in parts["rights"]["rows"]] == [role.label for role in Role]
    assert all((ROOT / risk.shown).exists() for risk in RISKS), "a measure is shown by a test that is there"
    assert all(risk.left for risk in RISKS)


def test_it_counts_what_was_done(world: World, west: TestClient, clerk: Callable[[str], TestClient]) -> None:
    application = world.application()
    made(say(west, application["worker_id"], "ranking", no=True))
    parts = told(west)
    counted = {row[0]: row[3] for row in parts["disclosures"]["rows"]}
    assert counted["推荐到单位的岗位"] == "为订立、履行劳动合同所必需：1次，1人"
    ranking = next(row for row in parts["purposes"]["rows"] if row[0] == "推荐排序")
    assert ranking[-1] == "1人"
    assert "1人；不计算" in str(parts["automated"]["rows"])
    assert clerk("jingyang").get("/v1/impact-assessment").status_code == 403
    assert "测试甲" not in str(parts)


def test_it_is_read_and_kept(visitor: Callable[[str], Any]) -> None:
    desk = visitor("auditor")
    assert "剩下的风险" in desk.get("/impact-assessment")
    file = desk.client.get("/impact-assessment", params={"file": True})
    assert file.headers["content-disposition"].startswith("attachment")
    assert "<style>" in file.text and "向用人单位提供什么" in file.text
    assert visitor("jingyang").get("/impact-assessment", 403)


def test_the_verb_is_told_where_it_lies(tmp_path: Path) -> None:
    there = tmp_path / "a.html"
    there.write_text("x")
    result = CliRunner().invoke(app, ["assess", "--out", str(there)])
    assert result.exit_code != 0 and there.read_text() == "x"
