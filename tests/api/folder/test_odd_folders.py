"""Folders that hold too little, or what cannot be: a clear answer of every verb, never a crash, and the nearest plan."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from api.cli.verbs import app

from .filling import FIRMS, HEADINGS, PEOPLE, POSTS, fill
from .running import table

DAY = ("--as-of", "2026-02-01")


class Said(NamedTuple):
    status: int
    told: dict[str, Any]
    words: str


def ran(*arguments: object) -> Said:
    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        try:
            status = int(app([str(each) for each in arguments], standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
        except SystemExit as left:
            status = int(left.code or 0)
    told = json.loads(out.getvalue()) if out.getvalue().startswith("{") else {}
    return Said(status, told, out.getvalue() + said.getvalue())


def market(tmp_path: Path, **files: str | bytes) -> Path:
    return fill(tmp_path / "market", **({"workers": PEOPLE, "employers": FIRMS, "vacancies": POSTS} | files))


def planned(folder: Path, *more: str) -> tuple[Said, dict[str, str]]:
    out = folder.parent / "plan.csv"
    said = ran("plan", folder, *DAY, "--out", out, "--json", *more)
    return said, {row["worker_id"]: row["vacancy_id"] for row in table(out)}


def stays(many: int, ended: str, firms: int = 1) -> str:
    """So many stretches of work of p0, p1 … that began in 2025."""
    return "\n".join(
        f"p{at},e{1 + at % firms},2025-{1 + at % 7:02d}-05,{ended},{ended or '2026-01-20'},,,"
        for at in range(many)
    )


def people(many: int) -> str:
    return "\n".join([PEOPLE, *(f"p{at},610728,1980-05-01,F,,,,,,,,,,," for at in range(many))])


def test_where_nobody_ever_left_it_is_said_that_the_ends_may_be_missing(tmp_path: Path) -> None:
    folder = market(tmp_path, workers=people(40), spells=stays(40, "", firms=2))
    said, plan = planned(folder)
    assert said.status == 0 and plan
    assert [
        note for note in said.told["past"] if "40条务工记录里没有一个人离职" in note and "ended_on" in note
    ]
    words = ran("plan", folder, *DAY, "--out", tmp_path / "plan.csv").words
    assert "请注意：以往40条务工记录里没有一个人离职" in words
    assert any(
        "没有一个人离职" in note
        for note in ran("rank", folder, *DAY, "--vacancy", "v1", "--json").told["notes"]
    )
    back = ran("backtest", folder, "--from", "2025-06-01", "--to", "2025-08-01", "--json")
    assert back.status == 0 and any("没有已知的离职" in each for each in back.told["warnings"])
    assert not back.told["may_replace"]["may"]


def test_with_one_employer_it_is_said_that_firms_cannot_be_told_apart(tmp_path: Path) -> None:
    folder = market(tmp_path, workers=people(40), spells=stays(40, "2025-12-30"))
    said, plan = planned(folder)
    assert said.status == 0 and plan
    assert said.told["past"] == ["以往记录里只有一个单位，看不出单位之间的差别"]
    back = ran("backtest", folder, "--from", "2025-06-01", "--to", "2025-08-01", "--json")
    assert any("只有一个单位" in each for each in back.told["warnings"])


def test_an_ordinary_past_is_not_warned_of(tmp_path: Path) -> None:
    few = planned(market(tmp_path, workers=people(5), spells=stays(5, "")))[0]
    many = planned(market(tmp_path, workers=people(40), spells=stays(40, "2025-12-30", firms=2)))[0]
    assert few.told["past"] == many.told["past"] == []


def test_shares_that_leave_seats_empty_say_what_goes_without_them(tmp_path: Path) -> None:
    """Only w3 is disabled and only w1 relocated: no plan has nine tenths of both. Only w1 and w3 are out of poverty, and w1 goes
    with w2 or stays."""
    folder = market(tmp_path)
    said, plan = planned(folder, "--quota", "disabled=90%", "--quota", "relocated=90%")
    assert (said.status, plan) == (0, {})
    [sentence] = said.told["left_empty"]
    assert (
        "「残疾劳动力至少占90%」、「易地搬迁劳动力至少占90%」" in sentence and "一个人也不能安排" in sentence
    )
    assert "不设这些比例可以安排3人" in sentence and "易地搬迁劳动力1人（33%）" in sentence
    one, plan = planned(folder, "--quota", "poverty_relieved=90%")
    assert list(plan) == ["w3"] and "只能安排1人" in one.told["left_empty"][0]
    met, plan = planned(folder, "--quota", "poverty_relieved=30%")
    assert len(plan) == 3 and met.told["left_empty"] == []


def test_too_many_of_a_group_names_the_nearest_number(tmp_path: Path) -> None:
    said, plan = planned(market(tmp_path), "--quota", "monitored=1", "--quota", "monitored=500")
    assert len(plan) == 3 and "w1" in plan
    [sentence] = said.told["shortfalls"]
    assert "「监测对象至少500人」达不到" in sentence and "改为1人以内" in sentence


def test_companions_in_a_circle_go_together_or_not_at_all(tmp_path: Path) -> None:
    """a names b, b names c, c names a: three seats in one county are enough, two are not. d names nobody who is there."""
    circle = "\n".join(
        f"{one},610728,1980-05-01,F,,,,,,,,,,{other}," for one, other in ("ab", "bc", "ca", ("d", "nobody"))
    )
    for seats, together in ((4, True), (2, False)):
        post = f"v1,e1,320612,缝纫工,{seats},4500,6000,50,,,1,2026-01-01,2026-03-31"
        said, plan = planned(market(tmp_path, workers=circle, vacancies=post))
        assert said.status == 0
        assert {"a", "b", "c"} <= set(plan) if together else not {"a", "b", "c"} & set(plan)
        assert "d" in plan
        [note] = [each for each in said.told["notes"] if "同行人不在" in each["sentence"]]
        assert note["people"] == 1


def test_numbers_that_are_in_no_file_are_left_out_row_by_row(tmp_path: Path) -> None:
    folder = market(
        tmp_path, spells="zz,e1,2025-01-01,2025-03-01,,v1,,\nw1,e9,2025-01-01,2025-03-01,,v9,,",
        applications="zz,v1,2025-01-01,,\nw1,v9,2025-01-01,,", open_workers="zz\nw1",
    )  # fmt: skip
    said, plan = planned(folder)
    assert said.status == 0 and list(plan) == ["w1"]
    left = {(row["file"], row["line"]) for row in table(tmp_path / "rejected.csv")}
    assert {
        ("spells.csv", "2"),
        ("applications.csv", "2"),
        ("applications.csv", "3"),
        ("open_workers.csv", "2"),
    } <= left
    for side, words in (("worker", "没有这个编号的人"), ("vacancy", "没有这个编号的岗位")):
        answer = ran("rank", folder, *DAY, f"--{side}", "zz")
        assert answer.status == 1 and words in answer.words


@pytest.mark.parametrize(
    ("vacancies", "words"),
    [
        ("v1,e1,320612,缝纫工,0,4500,6000,50,,,1,2026-01-01,2026-03-31", "seats"),
        ("v1,e1,320612,缝纫工,2,4500,6000,50,,,1,2026-03-31,2026-01-01", "valid_until"),
    ],
)
def test_no_seats_and_dates_turned_round_leave_no_post(tmp_path: Path, vacancies: str, words: str) -> None:
    answer = ran("rank", market(tmp_path, vacancies=vacancies), *DAY, "--worker", "w1")
    assert answer.status == 1 and "没有一行能读取" in answer.words and words in answer.words


@pytest.mark.parametrize("name", list(HEADINGS))
def test_files_without_anything_in_them(tmp_path: Path, name: str) -> None:
    said, _ = planned(market(tmp_path, **{name: b""}))
    assert said.status == 1 and f"{name}.csv 第1行没有" in said.words
    said, _ = planned(market(tmp_path, **{name: f"{HEADINGS[name]}\n".encode()}))
    if name in ("workers", "vacancies"):
        assert said.status == 1 and f"{name}.csv 里没有数据" in said.words
    else:
        assert said.status == 0 and said.told["ranker"] == "prior"
