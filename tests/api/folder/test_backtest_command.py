"""`./wengang backtest` over small made-up folders: what it says, and what it does not claim."""

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

from api.cli.simulating import run as simulate
from api.cli.verbs import app
from api.judged_words import CANNOT_TELL, group_words, summary
from matching.simulator.market import AS_OF, Sizes

from .running import table

MONTHS = ("--from", "2025-03-01", "--to", "2025-05-01")


def wengang(*arguments: object) -> tuple[int, str, str]:
    """Status, standard output, and what was said."""
    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        try:
            status = int(app([str(each) for each in arguments], standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
    return status, out.getvalue(), said.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "market"
    with contextlib.redirect_stdout(io.StringIO()):
        simulate("nothing", Sizes(60, 12, None, 900, AS_OF), seed=1, out=out, truth=None, as_json=True)
    return out


@pytest.fixture(scope="module")
def ran(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    out = tmp_path_factory.mktemp("out") / "months.csv"
    status, told, said = wengang("backtest", folder, *MONTHS, "--out", out, "--json")
    assert status == 0, said
    return json.loads(told), out


def test_every_month_measure_and_group_is_in_the_table(ran: tuple[dict[str, Any], Path]) -> None:
    told, out = ran
    rows = table(out)
    assert list(rows[0]) == ["month", "measure", "ranker", "group", "value", "low", "high", "cases", "note"]
    assert list(dict.fromkeys(row["month"] for row in rows)) == ["2025-03", "2025-04", "all"]
    pooled = [row for row in rows if row["month"] == "all"]
    assert [(row["measure"], row["ranker"], row["group"]) for row in pooled] == [
        (each["measure"], each["ranker"], each["group"]) for each in told["measures"]
    ]
    names = {row["measure"] for row in pooled}
    assert {"p_hire_gap", "stay_90_gap", "stay_180_ece", "concordance", "ndcg_applications_gain"} <= names
    assert {row["group"] for row in pooled if row["measure"] == "p_hire_gap"} >= {
        "",
        "female",
        "male",
        "25-34",
    }
    assert {row["ranker"] for row in pooled if row["measure"] == "ndcg_applications"} == {
        "learned", "prior", "random", "newest", "nearest", "first_come",
    }  # fmt: skip
    for row in pooled:
        if row["low"]:
            assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row
    applications = sum(month["applications"] for month in told["months"])
    cases = [int(row["cases"]) for row in pooled if row["measure"] == "p_hire_gap" and not row["group"]]
    assert cases == [applications]


def test_monitored_groups_are_compared_where_enough_are_known(ran: tuple[dict[str, Any], Path]) -> None:
    told, out = ran
    fair = {
        (each["measure"], each["group"]): each
        for each in told["measures"]
        if each["measure"] in ("impact", "impact_eligible", "exposure") or each["measure"].endswith("_unlike")
    }
    assert {group for _, group in fair} >= {"female", "male", "25-34", "monitored", "disabled"}
    assert not any(group == "minority" for _, group in fair)
    women, men = fair["p_hire_unlike", "female"], fair["p_hire_unlike", "male"]
    assert women["value"] == pytest.approx(-men["value"], abs=2e-6) and women["low"] < women["high"]
    assert fair["stay_180_unlike", "disabled"]["note"] == "too_few"
    assert {row["month"] for row in table(out) if row["measure"] == "p_hire_unlike"} == {"all"}
    assert any("没有民族这一列" in each for each in told["warnings"])


def test_where_nothing_decides_who_stays_nothing_is_claimed(ran: tuple[dict[str, Any], Path]) -> None:
    told, _ = ran
    order = next(
        each for each in told["measures"] if (each["measure"], each["ranker"]) == ("concordance", "learned")
    )
    assert (order["note"], order["cases"] > 60) == ("", True)
    assert order["low"] < 0.5 < order["high"]
    said = "\n".join(told["summary"])
    assert "能预测出一部分" not in said
    assert not told["judge_tells"]
    assert "评判用的模型自己看不出谁留得更久，不下结论" in said
    assert not told["may_replace"]["may"]
    assert "不启用学习模型" in said


def test_few_cases_are_told_and_not_judged_by(ran: tuple[dict[str, Any], Path]) -> None:
    told, _ = ran
    rare = [each for each in told["measures"] if each["cases"] < 30]
    assert rare
    assert all(each["note"] == "too_few" for each in rare)
    assert any("残疾劳动力" in each and "太少" in each for each in told["warnings"])


def test_the_same_folder_dates_and_seed_give_the_same_bytes(
    ran: tuple[dict[str, Any], Path], folder: Path, tmp_path: Path
) -> None:
    status, told, _ = wengang("backtest", folder, *MONTHS, "--out", tmp_path / "again.csv")
    assert status == 0
    assert (tmp_path / "again.csv").read_bytes() == ran[1].read_bytes()
    lines = told.splitlines()
    assert lines[0].startswith("回测market：2025年3月至2025年4月共2个月（结果截至2026-0")
    assert "按模型估计，不是真实结果" in told


def without(folder: Path, tmp_path: Path, *names: str) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    for name in names:
        (copy / name).unlink()
    return copy


def test_without_a_past_there_is_nothing_to_look_at(folder: Path, tmp_path: Path) -> None:
    status, _, said = wengang(
        "backtest", without(folder, tmp_path, "applications.csv", "spells.csv"), *MONTHS
    )
    assert status == 1
    assert "没有以往的记录" in said and "applications.csv" in said


@pytest.mark.parametrize(
    ("start", "to", "status", "words"),
    [
        ("2025-07-01", "2025-07-01", 2, "--from 应早于 --to"),
        ("2025-08-01", "2025-07-01", 2, "--from 应早于 --to"),
        ("2025-07-02", "2025-07-30", 1, "没有一个月的1日"),
        ("2031-01-01", "2031-05-01", 1, "记录从2023-0"),
        ("2019-01-01", "2019-05-01", 1, "记录从2023-0"),
        ("gestern", "2025-07-01", 2, ""),
    ],
)
def test_dates_that_cannot_be(folder: Path, start: str, to: str, status: int, words: str) -> None:
    found, told, said = wengang("backtest", folder, "--from", start, "--to", to)
    assert (found, told) == (status, "")
    assert words in said


def test_a_missing_folder_and_an_out_that_would_overwrite(folder: Path, tmp_path: Path) -> None:
    status, _, said = wengang("backtest", tmp_path / "none", *MONTHS)
    assert status == 1 and "没有找到文件" in said
    status, _, said = wengang("backtest", folder, *MONTHS, "--out", folder / "spells.csv")
    assert status == 1 and "--out" in said


def test_a_month_before_all_records_uses_the_prior_and_says_so(folder: Path, tmp_path: Path) -> None:
    """The records begin in March 2023; nothing was known before, no stay and no answer."""
    copy = without(folder, tmp_path, "spells.csv")
    lines = (copy / "applications.csv").read_text(encoding="utf-8").splitlines()
    (copy / "applications.csv").write_text("\n".join(lines[:21]) + "\n", encoding="utf-8")
    status, told, said = wengang("backtest", copy, "--from", "2023-02-01", "--to", "2023-04-01", "--json")
    assert status == 0, said
    result = json.loads(told)
    assert [month["learned_answers"] for month in result["months"]] == [0, 0]
    assert [month["enough"] for month in result["months"]] == [False, False]
    warnings = "\n".join(result["warnings"])
    assert (
        "2023年2月、3月以前没有可学的记录，这些月份用的是默认权重；要看学习模型的，请补录" in warnings
        and "记录太少，没有能评判安排方案的模型" in warnings
    )
    assert "2023年2月、3月已知结果不到30件" in warnings
    assert "没有已知的离职" in warnings
    assert not result["may_replace"]["may"]


def test_what_was_written_down_later_was_not_known(folder: Path, tmp_path: Path) -> None:
    """Every spell was recorded in 2026: the months before learned from applications alone, of which none led to a start."""
    copy = without(folder, tmp_path)
    heading, *rows = (copy / "spells.csv").read_text(encoding="utf-8").splitlines()
    told = [f"{heading},recorded_on", *(f"{row},2026-02-01" for row in rows)]
    (copy / "spells.csv").write_text("\n".join(told) + "\n", encoding="utf-8")
    status, out, said = wengang("backtest", copy, "--from", "2025-03-01", "--to", "2025-04-01", "--json")
    assert status == 0, said
    result = json.loads(out)
    assert [month["learned_stays"] for month in result["months"]] == [0]
    assert result["months"][0]["learned_answers"] > 100
    chances = {
        each["measure"]: each["value"]
        for each in result["measures"]
        if not each["group"] and each["cases"] > 30
    }
    assert chances["p_hire_said"] < 0.05 < chances["p_hire_seen"]


def measure(name: str, ranker: str, value: float, low: float, high: float, group: str = "") -> dict[str, Any]:
    return {
        "measure": name, "ranker": ranker, "group": group, "value": value, "low": low, "high": high, "cases": 99, "note": "",
    }  # fmt: skip


def judged(**hired: float) -> dict[str, Any]:
    """A judgement; `hired` is the share of the applications that were seen to begin, where it is another than half."""
    chances = [
        measure(f"{name}_{what}", "learned", 0.5, low, 0.6)
        for name in ("p_hire", "stay_90", "stay_180")
        for what, low in (("said", 0.4), ("seen", 0.4), ("gap", -0.1))
    ]
    lists = [
        measure(f"{name}{gain}", ranker, 0.1, -0.1 if gain else 0.05, 0.2)
        for name in ("ndcg_applications", "ndcg_stable")
        for gain in ("", "_gain")
        for ranker in ("learned", "random", "newest", "nearest", "first_come", "prior")
    ]
    gains = {"first_come": (30, 10, 50), "random": (5, -5, 15), "nearest": (-9, -12, -6), "prior": (0, -1, 1)}
    plans = [measure("plan_gain", plan, *numbers) for plan, numbers in gains.items()]
    plans += [measure("plan", "learned", 100, 90, 110), measure("plan", "bound", 120, 100, 130)]
    result = {
        "folder": "县", "known_until": "2026-01-01", "months": [
            {"month": "2025-01", "enough": True, "learned_stays": 9, "learned_answers": 9}
        ],
        "measures": [*chances, *lists, *plans, measure("concordance", "learned", 0.6, 0.55, 0.65)],
        "judge": True, "judge_tells": True, "employers": 1, "unknown_groups": {"sex": 0.8, "disabled": 0.1},
        "may_replace": {"may": False, "reasons": ["看不出差别"]},
    }  # fmt: skip
    [seen] = [each for each in chances if each["measure"] == "p_hire_seen"]
    return result if not hired else result | {"measures": [
        {**each, **hired} if each is seen else {**each, "note": "too_few"} if each["measure"] == "p_hire_gap" else each
        for each in result["measures"]
    ]}  # fmt: skip


@pytest.mark.parametrize(("share", "words"), [(1.0, "全部上了岗"), (0.0, "没有一件上岗")])
def test_of_applications_that_all_ended_alike_hiring_is_not_judged(share: float, words: str) -> None:
    told = summary(judged(value=share))
    assert f"  录用：已知结果99件，{words}，没有对照，不下结论" in told["summary"]
    [warning] = [each for each in told["warnings"] if "没法评判" in each]
    assert warning.startswith(f"这些月份的报名{words}，看不出谁会被录用")
    assert not any("没法评判" in each for each in summary(judged())["warnings"])


def test_a_gain_is_claimed_only_where_the_interval_is_clear_of_zero() -> None:
    told = summary(judged())
    line = next(each for each in told["summary"] if "按模型估计，比" in each)
    assert "比先来先得多30人（10至50）" in line
    assert f"比随机{CANNOT_TELL}" in line and f"比默认权重{CANNOT_TELL}" in line
    assert "比离家最近少9人（6至12）" in line
    assert any("能预测出一部分，拿两个人比谁先走，100次大约说对60次" in each for each in told["summary"])
    assert any("只有一个单位" in each for each in told["warnings"])
    assert any("没有填写性别" in each for each in told["warnings"])


def test_names_of_groups() -> None:
    assert [group_words(each) for each in ("female", "16-24", "55+", "monitored")] == [
        "女性", "16—24岁", "55岁以上", "监测对象",
    ]  # fmt: skip
