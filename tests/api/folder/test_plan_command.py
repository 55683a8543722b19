"""`./wengang plan`: what every plan keeps to, and what is said where a wish can't be met."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from api.cli.verbs import app
from api.folder.market import read_market
from matching import regions
from matching.columns import Pairs
from matching.eligibility import eligible

from .filling import FIRMS, PEOPLE, POSTS, fill

AS_OF = "2026-03-01"
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
        except SystemExit as left:
            status = int(left.code or 0)
        said = capsys.readouterr()
        told = json.loads(said.out) if said.out.startswith("{") else {}
        return status, told, said.out + said.err

    return run


@pytest.fixture
def market(tmp_path: Path, wengang: Wengang) -> Path:
    """Made up: 150 people, a third of them in pairs, for 14 posts; 1,500 stays behind them."""
    out = tmp_path / "market"
    sizes = ("--workers", "150", "--vacancies", "14", "--past", "1500")
    assert wengang("simulate", "--world", "companions", "--out", out, *sizes, "--json")[0] == 0
    return out


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_seats_conditions_companions_and_quotas_are_kept(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    out = tmp_path / "plan.csv"
    status, told, said = wengang(
        "plan", market, "--as-of", AS_OF, "--objective", "stable", "--quota", "monitored=20%",
        "--quota", "poverty_relieved=30", "--out", out, "--json",
    )  # fmt: skip
    assert status == 0, said
    assert (told["ranker"], told["shortfalls"]) == ("learned", [])
    rows, read = rows_of(out), read_market(market, lambda *_: None)
    people = np.array([read.worker_ids.index(row["worker_id"]) for row in rows])
    posts = np.array([read.vacancy_ids.index(row["vacancy_id"]) for row in rows])
    assert told["placed"] == len(rows) == len(set(people.tolist())) > 30
    assert eligible(Pairs(read.market(date.fromisoformat(AS_OF)), people, posts)).all()
    assert read.open_workers(date.fromisoformat(AS_OF))[people].all()
    assert all(many <= read.vacancies.seats[post] for post, many in Counter(posts.tolist()).items())
    where = dict(zip(people.tolist(), regions.county(read.vacancies.region[posts]).tolist(), strict=True))
    pairs = 0
    for person, county in where.items():
        if (other := int(read.workers.companion[person])) >= 0:
            assert where.get(other) == county
            pairs += 1
    assert pairs > 5
    assert read.groups.members("monitored")[people].sum() >= 0.2 * len(rows)
    assert read.groups.members("poverty_relieved")[people].sum() >= 30
    assert [quota["reached"] >= quota["asked"] for quota in told["quotas"]] == [True, True]
    for row in rows:
        assert 0 < float(row["p_stay_180"]) < float(row["p_stay_90"]) < 1
        assert float(row["score"]) == pytest.approx(float(row["p_hire"]) * float(row["p_stay_180"]), abs=2e-6)
        assert row["reasons"]
    assert told["total"] <= told["bound"] <= told["total"] * 1.01


def test_the_same_folder_day_and_seed_give_the_same_bytes(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    for name in ("one.csv", "other.csv"):
        assert wengang("plan", market, "--as-of", AS_OF, "--out", tmp_path / name, "--json")[0] == 0
        # Each plan has its own prices beside it.
        assert (tmp_path / name).with_suffix(".prices.csv").exists()
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()


def test_without_a_past_the_prior_plans(tmp_path: Path, wengang: Wengang) -> None:
    folder = fill(tmp_path / "market", workers=PEOPLE, employers=FIRMS, vacancies=POSTS)
    out = tmp_path / "plan.csv"
    status, told, said = wengang("plan", folder, "--as-of", "2026-02-01", "--out", out, "--json")
    assert (status, told["ranker"]) == (0, "prior"), said
    assert told["placed"] == len(rows_of(out)) > 0
    assert "没有以往记录可学，按默认权重" in wengang("plan", folder, "--as-of", "2026-02-01", "--out", out)[2]


def test_a_quota_that_cannot_be_met_is_told_with_the_nearest(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    command = ("plan", market, "--as-of", AS_OF, "--quota", "disabled=140", "--out", tmp_path / "plan.csv")
    status, told, _ = wengang(*command, "--json")
    assert status == 0
    (sentence,) = told["shortfalls"]
    assert sentence.startswith("「残疾劳动力至少140人」达不到")
    [quota] = told["quotas"]
    assert (quota["most"], quota["one_more_costs"]) == (quota["reached"], None)
    assert f"达不到，最多只能安排{quota['most']}人" in wengang(*command)[2]
    assert str(quota["reached"]) in sentence
    assert sentence in wengang(*command)[2]


@pytest.mark.parametrize(
    "quota",
    [
        "women=3",
        "monitored",
        "monitored=",
        "monitored=-1",
        "monitored=120%",
        "monitored=x",
        "monitored=99999999999999999999",
    ],
)
def test_a_quota_that_is_none(market: Path, tmp_path: Path, wengang: Wengang, quota: str) -> None:
    status, _, said = wengang(
        "plan", market, "--as-of", AS_OF, "--quota", quota, "--out", tmp_path / "plan.csv"
    )
    assert status == 2
    assert "--quota" in said
    assert not (tmp_path / "plan.csv").exists()


def test_a_bus_goes_with_its_least_or_not_at_all(market: Path, tmp_path: Path, wengang: Wengang) -> None:
    out = tmp_path / "plan.csv"
    command = ("plan", market, "--as-of", AS_OF, "--objective", "stable", "--out", out)
    assert wengang(*command, "--json")[1]["buses"] == []
    place = {row["vacancy_id"]: row["region"][:6] for row in rows_of(market / "vacancies.csv")}
    loads = Counter(place[row["vacancy_id"]] for row in rows_of(out))
    county, people = loads.most_common()[-1]
    status, told, said = wengang(*command, "--bus", f"{county}={people + 40}", "--json")
    assert status == 0, said
    [bus] = told["buses"]
    aboard = sum(place[row["vacancy_id"]] == county for row in rows_of(out))
    assert bus["aboard"] == aboard and (aboard == 0 or aboard >= people + 40)
    assert (
        bus["place"] == county and bus["sentence"] in wengang(*command, "--bus", f"{county}={people + 40}")[2]
    )


@pytest.mark.parametrize("bus", ["320612", "320612=", "320612=0", "320612=x", "32061=3", "南通=3", "=3"])
def test_a_bus_that_is_none(market: Path, tmp_path: Path, wengang: Wengang, bus: str) -> None:
    status, _, said = wengang("plan", market, "--as-of", AS_OF, "--bus", bus, "--out", tmp_path / "plan.csv")
    assert status == 2 and "--bus" in said
    twice = ("--bus", "320612=3", "--bus", "320612=4")
    assert "写了两次" in wengang("plan", market, "--as-of", AS_OF, *twice, "--out", tmp_path / "plan.csv")[2]


def test_nobody_to_place_and_nothing_on_offer(market: Path, tmp_path: Path, wengang: Wengang) -> None:
    command = ("plan", market, "--as-of", "2031-01-01", "--out", tmp_path / "plan.csv")
    status, told, _ = wengang(*command, "--json")
    assert (status, told["placed"], told["vacancies"]) == (0, 0, 0)
    assert rows_of(tmp_path / "plan.csv") == []
    assert wengang(*command)[2].partition("没有安排任何人：没有在招的岗位")[1]
    (market / "open_workers.csv").write_text("worker_id\n", encoding="utf-8")
    assert "没有安排任何人：没有待安置的人" in wengang(*command[:3], AS_OF, *command[4:])[2]


def test_who_has_no_post_stands_beside_the_plan_with_the_reason(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    command = ("plan", market, "--as-of", AS_OF, "--objective", "stable", "--out", tmp_path / "plan.csv")
    status, told, said = wengang(*command, "--json")
    assert status == 0, said
    rows = rows_of(tmp_path / "plan.unplaced.csv")
    placed = {row["worker_id"] for row in rows_of(tmp_path / "plan.csv")}
    assert len(rows) == told["open_workers"] - told["placed"] > 0
    assert not placed & {row["worker_id"] for row in rows}
    assert sum(each["people"] for each in told["unplaced"]) == len(rows)
    assert told["nobody"] is None
    full = [row["reason"] for row in rows if row["code"] == "full"]
    assert full and all("差得最少的是岗位" in each and "%才排得上，本人" in each for each in full)
    assert f"没有安排{len(rows)}人：" in wengang(*command)[2]
    status, _, said = wengang(*command, "--prices", tmp_path / "plan.unplaced.csv")
    assert status == 1 and "请换一个文件名" in said


def test_prices_stand_beside_the_plan_and_rank_a_person_net_of_them(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    out = tmp_path / "plan.csv"
    status, told, said = wengang(
        "plan", market, "--as-of", AS_OF, "--objective", "stable", "--out", out, "--json"
    )
    assert status == 0, said
    prices = tmp_path / "plan.prices.csv"
    assert told["prices"] == str(prices) and told["missed"] < 1e-5 and not told["missed_is_estimate"]
    rows = {row["vacancy_id"]: row for row in rows_of(prices)}
    taken = Counter(row["vacancy_id"] for row in rows_of(out))
    assert {name: int(row["placed"]) for name, row in rows.items() if int(row["placed"])} == dict(taken)
    assert all(float(row["price"]) >= 0 for row in rows.values())
    assert any(float(row["price"]) > 0 for row in rows.values())
    assert all(float(row["price"]) == 0 for row in rows.values() if int(row["placed"]) < int(row["seats"]))
    worker = rows_of(out)[0]["worker_id"]
    status, told, said = wengang(
        "rank", market, "--as-of", AS_OF, "--worker", worker, "--prices", prices, "--json"
    )
    assert status == 0, said
    net = [item["score"] - item["price"] for item in told["items"]]
    assert net == sorted(net, reverse=True) and len(net) > 1
    assert [item["price"] for item in told["items"]] == [
        pytest.approx(float(rows[item["vacancy_id"]]["price"])) for item in told["items"]
    ]


def test_prices_take_the_place_of_nothing_that_is_read(
    market: Path, tmp_path: Path, wengang: Wengang
) -> None:
    for name in ("workers.csv", "spells.csv"):
        before = (market / name).read_bytes()
        command = (
            "plan",
            market,
            "--as-of",
            AS_OF,
            "--out",
            tmp_path / "plan.csv",
            "--prices",
            market / name,
        )
        status, _, said = wengang(*command)
        assert (status, (market / name).read_bytes()) == (1, before)
        assert f"--prices 不能是文件夹里的 {name}" in said


def test_what_is_no_file_of_prices_is_refused(market: Path, tmp_path: Path, wengang: Wengang) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("vacancy_id,price,objective\nv1,nan,stable\n", encoding="utf-8")
    status, _, said = wengang("rank", market, "--as-of", AS_OF, "--worker", "w000001", "--prices", wrong)
    assert status != 0 and ("不是名额价格文件" in said or "没有这个编号" in said)
    status, _, said = wengang("rank", market, "--as-of", AS_OF, "--vacancy", "v1", "--prices", wrong)
    assert status == 2 and "--worker" in said
    status, _, said = wengang("plan", market, "--as-of", AS_OF, "--out", wrong, "--prices", wrong)
    assert status != 0 and "同一个文件" in said
