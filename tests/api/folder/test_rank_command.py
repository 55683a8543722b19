"""`./wengang rank`: what it answers, and what it says where there is nothing to rank."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.cli.verbs import app

from .filling import FIRMS, HEADINGS, PEOPLE, POSTS, fill
from .running import table

ROOT = Path(__file__).resolve().parents[3]
SPELLS = "w1,e1,2025-03-01,2025-09-30,,v1,,\nw3,e2,2025-11-01,,,,,"


class Said(NamedTuple):
    status: int
    answer: dict[str, Any]
    out: str
    err: str


@pytest.fixture
def rank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command over a folder of the usual files, some of them replaced."""

    def run(*arguments: str, as_of: str = "2026-02-01", text: bool = False, **files: str | bytes) -> Said:
        everything = {"workers": PEOPLE, "employers": FIRMS, "vacancies": POSTS, "spells": SPELLS} | files
        for old in (tmp_path / "market").glob("*.csv"):
            old.unlink()
        folder = fill(tmp_path / "market", **everything)
        command = ["rank", str(folder), "--as-of", as_of, *arguments, *([] if text else ["--json"])]
        try:
            status = int(app(command, standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
        said = capsys.readouterr()
        return Said(status, json.loads(said.out) if said.out and not text else {}, said.out, said.err)

    return run


def test_posts_for_a_person(rank: Any) -> None:
    said = rank("--worker", "w1")
    assert (said.status, said.err) == (0, "")
    told = said.answer
    assert (told["considered"], told["eligible"], told["excluded"]) == (2, 2, {})
    assert [item["vacancy_id"] for item in told["items"]] == ["v1", "v2"]
    best = told["items"][0]
    assert (best["rank"], best["worker_id"]) == (1, "w1")
    assert 0 < best["p_stay_180"] < best["p_stay_90"] < 1 and 0 < best["p_hire"] < 1
    assert best["score"] > told["items"][1]["score"]
    sentences = [reason["sentence"] for reason in best["reasons"]]
    assert "包住，本人正需要" in sentences and len(sentences) <= 4
    assert told["ranker"] == "prior" and told["notes"] == []


def test_open_workers_for_a_post(rank: Any) -> None:
    told = rank("--vacancy", "v1").answer
    assert (told["considered"], told["eligible"]) == (3, 2)
    assert {item["worker_id"] for item in told["items"]} == {"w1", "w2"}
    assert told["excluded"] == {"缺少技能": 1}
    told = rank("--vacancy", "v2", "--top", "1").answer
    assert (told["considered"], told["eligible"], len(told["items"])) == (3, 3, 1)
    told = rank("--vacancy", "v2", open_workers="w3").answer
    assert [item["worker_id"] for item in told["items"]] == ["w3"]


def test_it_is_told_in_sentences_too(rank: Any) -> None:
    said = rank("--worker", "w1", text=True)
    assert said.out.startswith(
        "人员 w1（截至2026-02-01）：2个在招岗位，符合条件2个，列出2个。\n  1. v1 缝纫工  录用"
    )
    assert "没有符合条件的：学历不够1个" in rank("--vacancy", "v1", text=True, open_workers="w3").out
    said = rank("--vacancy", "v2", text=True)
    assert said.out.startswith("岗位 v2（截至2026-02-01）：3个待安置的人，符合条件3个")


def test_what_to_know_of_the_list(rank: Any) -> None:
    assert rank("--worker", "w3").answer["notes"] == ["这个人这一天有在岗记录，列表供参考"]
    assert rank("--worker", "w1", open_workers="w2").answer["notes"] == [
        "这个人不在 open_workers.csv 里，列表供参考"
    ]
    told = rank("--vacancy", "v3").answer
    assert (told["eligible"], told["items"]) == (0, [])
    assert told["notes"] == ["岗位2025年6月30日已过有效期"]
    told = rank("--vacancy", "v1", as_of="2025-12-31").answer
    assert told["notes"] == ["岗位2026年1月1日才开始招"]
    told = rank("--worker", "w1", as_of="1990-01-01", vacancies=POSTS.splitlines()[0]).answer
    assert (told["considered"], told["items"]) == (0, []) and "1990-01-01没有在招的岗位" in told["notes"][0]
    told = rank("--vacancy", "v1", open_workers="nobody").answer
    assert told["considered"] == 0 and "没有待安置的人" in told["notes"][0]


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
def test_dates_at_the_ends_of_the_calendar(rank: Any, as_of: str) -> None:
    for asked in (("--worker", "w1"), ("--vacancy", "v2")):
        assert rank(*asked, as_of=as_of).status == 0


def test_what_a_person_has_to_settle_is_told(rank: Any) -> None:
    young = "w1,610728,2009-06-01" + "," * 12
    told = rank("--worker", "w1", workers=young, spells="").answer
    assert any("16岁未成年" in flag for item in told["items"] for flag in item["flags"])


def test_the_list_and_what_was_left_out_are_written(rank: Any, tmp_path: Path) -> None:
    out = tmp_path / "list.csv"
    said = rank("--worker", "w1", "--out", str(out), vacancies=f"{POSTS}\nv4,e1,320612,保安,0" + "," * 8)
    assert said.status == 0 and said.answer["rejected"] == 1
    rows = table(out)
    assert list(rows[0]) == [
        "rank", "worker_id", "vacancy_id", "p_hire", "p_stay_90", "p_stay_180", "score", "reasons",
    ]  # fmt: skip
    assert [(row["rank"], row["vacancy_id"]) for row in rows] == [("1", "v1"), ("2", "v2")]
    assert "包住，本人正需要" in rows[0]["reasons"]
    assert [(row["file"], row["line"], row["column"]) for row in table(tmp_path / "rejected.csv")] == [
        ("vacancies.csv", "5", "seats")
    ]
    before = out.read_bytes()
    rank("--worker", "w1", "--out", str(out), vacancies=f"{POSTS}\nv4,e1,320612,保安,0" + "," * 8)
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "files", "said"),
    [
        (["--worker", "w9"], {}, "workers.csv 里没有这个编号的人"),
        (["--vacancy", ""], {}, "vacancies.csv 里没有这个编号的岗位"),
        (["--worker", "w1"], {"workers": b"worker_id,county\n"}, "workers.csv 里没有数据"),
        (["--worker", "w1"], {"vacancies": b"vacancy_id,employer_id,region,title,seats\nv1,e1,320612,x,y\n"},
         "vacancies.csv 没有一行能读取，例如第2行：seats"),
        (["--worker", "w1"], {"workers": b"name\n"}, "workers.csv 第1行没有 worker_id、county 列"),
        (["--worker", "w1", "--out", "market/spells.csv"], {}, "--out 不能是文件夹里的 spells.csv"),
        (["--worker", "w1", "--out", "none/there/list.csv"], {}, "不能写入"),
    ],
)  # fmt: skip
def test_nothing_to_rank_is_status_1(
    rank: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    files: dict[str, bytes],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = rank(*arguments, **files)
    assert (ran.status, ran.out) == (1, "") and said in ran.err


def test_a_folder_without_people_or_without_itself_is_status_1(rank: Any, tmp_path: Path) -> None:
    for missing in (tmp_path, tmp_path / "nowhere"):
        command = ["rank", str(missing), "--as-of", "2026-02-01", "--worker", "w1"]
        assert app(command, standalone_mode=False) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--worker", "w1", "--vacancy", "v1"],
        ["--worker", "w1", "--top", "0"],
        ["--worker", "w1", "--top", "zehn"],
        ["--worker", "w1", "--as-of", "2026-02-30"],
        ["--worker", "w1", "--seed", "-1"],
    ],
)
def test_wrong_usage_is_status_2(rank: Any, arguments: list[str]) -> None:
    assert rank(*arguments).status == 2


@pytest.mark.deep
def test_the_same_folder_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    folder = fill(tmp_path / "market", workers=PEOPLE, employers=FIRMS, vacancies=POSTS, spells=SPELLS)
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "rank",
        str(folder),
        "--as-of",
        "2026-02-01",
        "--vacancy",
        "v2",
        "--json",
    ]
    once, again = (
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    )  # fmt: skip
    assert once == again and json.loads(once)["items"]


PIECES = st.sampled_from(
    [
        b"w1", b"w2", b"e1", b"v1", b"610728", b"320612", b"2026-01-01", b"9999-12-31", b"2025-10", b"0", b"1", b"-1",
        b"9" * 40, b"1e309", b"nan", b'"', b",", b"\n", b"\r", b"\x00", b"\xff\xfe", "甲".encode("gbk"), "　".encode(), b"=cmd",
        b"'", b";", b"32;61", "缝纫工:3;电工".encode(), "脱贫户".encode(), b"F", b"college", b"20000", b"offered",
    ]
)  # fmt: skip
LINES = st.lists(st.lists(PIECES, max_size=15).map(b",".join), max_size=12).map(b"\n".join)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(HEADINGS)), LINES)
def test_whatever_lies_in_a_file_every_row_is_read_or_told(
    rank: Any, tmp_path: Path, name: str, lines: bytes
) -> None:
    usual = {"workers": PEOPLE, "vacancies": POSTS}.get(name, "").encode()
    content = b"\n".join((HEADINGS[name].encode(), usual, lines))
    said = rank("--worker", "w1", "--out", str(tmp_path / "list.csv"), **{name: content})
    assert said.status == 0 and said.answer["items"] is not None
    left_out = table(tmp_path / "rejected.csv")
    assert all(row["reason"] for row in left_out)
    assert len({(row["file"], row["line"]) for row in left_out}) == said.answer["rejected"]
    assert said.answer["rejected"] <= sum(said.answer["read"].values())
