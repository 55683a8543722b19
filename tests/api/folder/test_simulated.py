"""`./wengang simulate` and `judge-plan`: the folder is read without a rejected row, the truth lies beside it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli.verbs import app
from api.folder.spells import read_folder
from api.folder.table import Numbering, read_table
from ledger.applications import REFUSALS, RefusalReason
from ledger.forms.exchange import EXCHANGE
from matching.simulator.places import PLACES
from matching.simulator.trades import TRADES
from matching.simulator.worlds import WORLDS
from models.application import Side
from models.reference import occupations

from .running import table

SMALL = ("--workers", "60", "--vacancies", "12", "--past", "50")
Wengang = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def wengang(capsys: pytest.CaptureFixture[str]) -> Wengang:
    """Run a command; its status, its JSON if any, and all that it said."""

    def run(*arguments: object) -> tuple[int, dict[str, Any], str]:
        capsys.readouterr()
        try:
            status = int(app([str(each) for each in arguments], standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
        said = capsys.readouterr()
        told = json.loads(said.out) if said.out.startswith("{") else {}
        return status, told, said.out + said.err

    return run


@pytest.fixture
def folder(tmp_path: Path, wengang: Wengang) -> Path:
    out = tmp_path / "market"
    status, _, said = wengang("simulate", "--world", "mixed", "--out", out, *SMALL, "--json")
    assert status == 0, said
    return out


def test_only_what_was_simulated_is_simulated_again(folder: Path, wengang: Wengang) -> None:
    again = ("simulate", "--world", "nothing", "--out", folder, *SMALL)
    assert wengang(*again)[0] == 0
    own = (folder / "workers.csv").read_bytes() + b"w9,610728\n"
    (folder / "workers.csv").write_bytes(own)
    status, _, said = wengang(*again)
    assert (status, (folder / "workers.csv").read_bytes()) == (1, own)
    assert "workers.csv 不是模拟出来的，不能覆盖" in said


def plan_of(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text("\n".join(("worker_id,vacancy_id", *rows)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("world", WORLDS)
def test_every_row_of_every_file_is_read(tmp_path: Path, wengang: Wengang, world: str) -> None:
    status, told, _ = wengang("simulate", "--world", world, "--out", tmp_path / "m", *SMALL, "--json")
    assert (status, told["open_workers"], told["vacancies"]) == (0, 60, 12)
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == sorted(
        f"{form.file}.csv" for form in EXCHANGE
    )
    columns = {}
    for form in EXCHANGE:
        every = {column.field: Numbering() for column in form.columns}
        read = read_table(tmp_path / "m" / f"{form.file}.csv", form, every, lambda *_: None)
        assert (read.rejected, read.unknown_columns) == ([], ())
        assert len(read.line) == read.read > 0
        columns[form.file] = every
    for file, key, of in (
        ("open_workers", "worker_id", "workers"), ("workers", "companion_id", "workers"),
        ("vacancies", "employer_id", "employers"), ("applications", "vacancy_id", "vacancies"),
        ("applications", "worker_id", "workers"), ("spells", "vacancy_id", "vacancies"),
        ("spells", "employer_id", "employers"), ("spells", "worker_id", "workers"),
    ):  # fmt: skip
        named = "worker_id" if key == "companion_id" else key
        assert set(columns[file][key]) <= set(columns[of][named]), (file, key)
    assert read_folder(tmp_path / "m", None, lambda *_: None).rejected == []


def test_places_trades_and_reasons_are_real() -> None:
    root = Path(__file__).resolve().parents[3]
    with (root / "models" / "reference" / "regions-2025-12-31.csv").open(encoding="utf-8") as stream:
        known = {row["code"]: row for row in csv.DictReader(stream)}
    for place in PLACES:
        row = known[place.code]
        assert (float(row["lon"]), float(row["lat"]), row["level"]) == (place.lon, place.lat, "county")
        assert place.pair == "" or place.pair in known
    assert {trade.code for trade in TRADES} <= {each.code for each in occupations()}


def test_reasons_are_those_of_the_ledger(folder: Path) -> None:
    sides = {"refused_by_worker": Side.WORKER, "refused_by_employer": Side.EMPLOYER}
    told = table(folder / "applications.csv")
    assert {row["outcome"] for row in told} >= {"offered", *sides}
    for row in told:
        side = sides.get(row["outcome"])
        assert (side is None) == (row["reason"] == "")
        assert side is None or RefusalReason.read(row["reason"]) in REFUSALS[side]


def test_the_truth_lies_beside_the_folder_and_never_in_it(
    tmp_path: Path, folder: Path, wengang: Wengang
) -> None:
    told = json.loads((tmp_path / "market.truth" / "truth.json").read_text(encoding="utf-8"))
    assert told["simulated"] is True and told["recipe"]["world"] == "mixed"
    for inside in (folder, folder / "truth"):
        status, _, said = wengang("simulate", "--world", "mixed", "--out", folder, "--truth", inside, *SMALL)
        assert status == 1 and "不能在交换文件夹里" in said


def test_the_folder_of_something_else_is_left_alone(tmp_path: Path, wengang: Wengang) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "名单.xlsx").write_bytes(b"mine")
    status, _, said = wengang("simulate", "--world", "mixed", "--out", tmp_path / "m", *SMALL)
    assert status == 1 and "名单.xlsx" in said
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["名单.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--world", "elsewhere"), "没有“elsewhere”"),
        (("--world", "mixed", "--seats", "3"), "规模不合适"),
        (("--world", "mixed", "--as-of", "1900-01-01"), "早于2000年"),
    ],
)
def test_what_cannot_be_made_is_refused(
    tmp_path: Path, wengang: Wengang, arguments: tuple[str, ...], word: str
) -> None:
    status, _, said = wengang("simulate", "--out", tmp_path / "m", *arguments)
    assert status == 1 and word in said
    assert not (tmp_path / "m").exists()


def test_a_plan_is_judged_beside_the_others(tmp_path: Path, folder: Path, wengang: Wengang) -> None:
    status, told, _ = wengang("judge-plan", folder, plan_of(tmp_path, "w9,v1"), "--json", "--draws", 5)
    assert status == 0 and told["simulated"] is True
    assert told["plan"]["stable"] == 0 and told["plan"]["faults"] == {"unknown_worker": 1}
    assert (
        0 < told["random"]["low"] <= told["random"]["high"] < told["oracle"]["stable"] <= told["bound"] + 1e-6
    )
    assert told["first_come"]["stable"] < told["oracle"]["stable"] and told["share_of_oracle"] == 0
    _, again, _ = wengang("judge-plan", folder, plan_of(tmp_path, "w9,v1"), "--json", "--draws", 5)
    assert again == told


def test_the_verdict_in_words_says_that_it_is_simulated(
    tmp_path: Path, folder: Path, wengang: Wengang
) -> None:
    status, _, said = wengang("judge-plan", folder, plan_of(tmp_path, "w9,v1"), "--draws", 5)
    assert status == 0
    for words in ("模拟市场", "不是真实结果", "先到先得", "随机安排", "没有计入1行：不是待安排的人"):
        assert words in said


def test_a_changed_folder_is_not_judged(tmp_path: Path, folder: Path, wengang: Wengang) -> None:
    with (folder / "vacancies.csv").open("a", encoding="utf-8") as stream:
        stream.write("v9,e1,320612,缝纫工,900\n")
    status, _, said = wengang("judge-plan", folder, plan_of(tmp_path))
    assert status == 1 and "改动过" in said


@pytest.mark.parametrize("content", ["[]", "{", '{"recipe": {"world": "mixed"}, "sha256": {}}'])
def test_a_truth_that_is_none_is_refused(
    tmp_path: Path, folder: Path, wengang: Wengang, content: str
) -> None:
    (tmp_path / "market.truth" / "truth.json").write_text(content, encoding="utf-8")
    status, _, said = wengang("judge-plan", folder, plan_of(tmp_path))
    assert status == 1 and "答案文件" in said


def test_a_plan_that_cannot_be_read_is_refused(tmp_path: Path, folder: Path, wengang: Wengang) -> None:
    plan = tmp_path / "plan.csv"
    for content, word in (
        (b"worker,post\n", "worker_id"),
        (b"worker_id,vacancy_id\n\xff,\n", "UTF-8"),
        (b'worker_id,vacancy_id\n"w1,v1\n', "CSV"),
    ):
        plan.write_bytes(content)
        status, _, said = wengang("judge-plan", folder, plan)
        assert status == 1 and word in said
    status, _, said = wengang("judge-plan", folder, tmp_path / "none.csv")
    assert status == 1 and "没有找到文件" in said


def test_of_a_market_too_large_to_compare_the_plan_is_judged_alone(
    tmp_path: Path, folder: Path, wengang: Wengang, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.judging.LARGEST_COMPARED", 1)
    status, told, _ = wengang("judge-plan", folder, plan_of(tmp_path, "w9,v1"), "--json")
    assert status == 0 and told["oracle"] is None and told["plan"]["placed"] == 0
    _, _, said = wengang("judge-plan", folder, plan_of(tmp_path, "w9,v1"))
    assert "市场太大" in said
