"""The five plans: their sentences word for word, and exactly the numbers that they state."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from api.seeding.work_plans import PLANS, REFERENCE_RULES, load_work_plans
from models.target import Indicator, Measure, Population
from outcomes.rules import StabilityRule

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
PLAN_OF_FILE = {
    "000_faeb0a59df009f79.txt": "zhenba-2021",
    "001_f05fcd76297bd58a.txt": "yangxian-2021",
    "002_459d59240c745826.txt": "qianxinan-2021",
    "003_f04bc06a9fc3e207.txt": "fengjie-2018",
    "004_17d3cd0aee7f146e.txt": "langao-2021",
}
NUMBERS = {
    ("zhenba-2021", "near_home", "rural", 370, False, "人", "flow", "2021-01-01", "2021-12-31"),
    ("zhenba-2021", "near_home", "poverty_relieved", 180, False, "人", "flow", "2021-01-01", "2021-12-31"),
    ("yangxian-2021", "sponsored_students", "rural", 40, False, "人次", "flow", "2021-01-01", "2021-12-31"),
    ("yangxian-2021", "special_fairs", "rural", 1, True, "次", "flow", "2021-01-01", "2021-12-31"),
    ("qianxinan-2021", "transfer", "rural", 4200, True, "名", "flow", "2021-01-01", "2021-12-31"),
    ("qianxinan-2021", "transfer", "poverty_relieved", 350, True, "名", "flow", "2021-01-01", "2021-12-31"),
    *(
        (
            "langao-2021",
            "community_factory_jobs",
            "rural",
            1000,
            True,
            "个",
            "flow",
            f"{y}-01-01",
            f"{y}-12-31",
        )
        for y in range(2021, 2026)
    ),
    ("langao-2021", "community_factories", "rural", 100, True, "家", "stock", "2021-01-01", "2025-12-31"),
}


def plans() -> list[dict[str, Any]]:
    return list(tomllib.loads(PLANS.read_text(encoding="utf-8"))["plan"])


@pytest.mark.parametrize(("file", "code"), PLAN_OF_FILE.items())
def test_every_sentence_is_the_plans_own(file: str, code: str) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the published plans are not beside the project")
    published = re.sub(r"\s+", "", (SEEDS / file).read_text(encoding="utf-8"))
    (plan,) = (plan for plan in plans() if plan["code"] == code)
    assert re.sub(r"\s+", "", plan["title"]) in published
    for task in plan["task"]:
        assert re.sub(r"\s+", "", task["sentence"]) in published, task["label"]


def test_exactly_the_numbers_of_the_plans(loaded: Connection) -> None:
    found = loaded.execute(
        text(
            "SELECT code, indicator, population, number, at_least, unit, measure, from_on::text, to_on::text "
            "FROM target JOIN work_plan ON work_plan.id = work_plan_id WHERE number IS NOT NULL"
        )
    )
    assert {tuple(row) for row in found} == NUMBERS


def test_every_number_stands_in_its_sentence(loaded: Connection) -> None:
    rows = loaded.execute(text("SELECT sentence, number FROM target WHERE number IS NOT NULL")).all()
    assert len(rows) == len(NUMBERS)
    assert all(re.search(rf"(?<!\d){number}(?!\d)", sentence) for sentence, number in rows)


def test_a_task_without_a_number_is_listed_without_one(loaded: Connection) -> None:
    rows = loaded.execute(
        text(
            "SELECT code, count(*) FROM target JOIN work_plan ON work_plan.id = work_plan_id "
            "WHERE number IS NULL AND indicator = 'task' GROUP BY code"
        )
    )
    assert dict(rows.all()) == {
        "zhenba-2021": 2,
        "yangxian-2021": 2,
        "qianxinan-2021": 9,
        "fengjie-2018": 9,
        "langao-2021": 6,
    }
    assert (
        loaded.scalar(text("SELECT count(*) FROM target WHERE (number IS NULL) <> (indicator = 'task')")) == 0
    )


def test_parts_hang_on_their_wholes(loaded: Connection) -> None:
    rows = loaded.execute(
        text(
            "SELECT whole.number, part.number FROM target part JOIN target whole ON whole.id = part.parent_id"
        )
    )
    assert {tuple(row) for row in rows} == {(370, 180), (4200, 350)}


def test_four_pairings_and_none_for_langao(loaded: Connection) -> None:
    rows = loaded.execute(text("SELECT origin_region, destination_region, programme FROM pairing"))
    assert {tuple(row) for row in rows} == {
        ("610728", "320612", "苏陕协作"),
        ("610723", "320682", "苏陕协作"),
        ("5223", "4413", "粤黔协作"),
        ("500236", "3716", "鲁渝协作"),
    }
    unpaired = loaded.execute(text("SELECT code FROM work_plan WHERE pairing_id IS NULL")).scalars().all()
    assert unpaired == ["langao-2021"]


def test_no_plan_has_a_stability_rule_and_the_bureaus_own_are_readable(loaded: Connection) -> None:
    assert loaded.scalar(text("SELECT count(*) FROM target WHERE rule_id IS NOT NULL")) == 0
    rows = loaded.execute(text("SELECT code, parameters FROM stability_rule")).all()
    assert {code: StabilityRule.from_dict(parameters).min_months for code, parameters in rows} == {
        "reference_3_months": 3,
        "reference_6_months": 6,
    }
    assert REFERENCE_RULES["reference_3_months"][0] == "本局参考口径：满3个月"


def test_kinds_leave_public_posts_out(loaded: Connection) -> None:
    rows = loaded.execute(text("SELECT DISTINCT indicator, kinds FROM target WHERE kinds <> '{}'")).all()
    assert {indicator for indicator, _ in rows} == {"near_home", "transfer", "community_factory_jobs"}
    assert all("public_post" not in kinds for _, kinds in rows)


def test_loading_again_changes_nothing_and_a_changed_row_is_mended(loaded: Connection) -> None:
    nothing = {"stability_rule": 0, "pairing": 0, "work_plan": 0, "target": 0}
    assert load_work_plans(loaded) == nothing
    loaded.execute(text("UPDATE target SET number = 371 WHERE number = 370"))
    assert load_work_plans(loaded) == nothing | {"target": 1}
    assert loaded.scalar(text("SELECT count(*) FROM target WHERE number = 370")) == 1


def test_the_words_are_known_ones() -> None:
    for plan in plans():
        for task in plan["task"]:
            Indicator.read(task.get("indicator", "task"))
            Population.read(task.get("population", "rural"))
            Measure.read(task.get("measure", "flow"))
