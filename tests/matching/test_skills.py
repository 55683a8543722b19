"""Skills by what they mean: the same under another name for rules and features, near ones for a part."""

import numpy as np
import pytest

from matching import skills
from matching.columns import Pairs
from matching.eligibility import eligible, missing_skills
from models import reference


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("缝纫工", "平车工"), ("车工（缝纫）", "缝纫"), ("电焊工", "焊工"), (" 电 焊 ", "焊接"), ("叉车司机", "叉车"), ("维修电工", "电工"),
        ("CAD", "ｃａｄ"),
    ],
)  # fmt: skip
def test_names_of_one_skill(one, other):
    assert skills.skill(one) == skills.skill(other)
    assert skills.has({one: 3}, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("车工", "平车工"),
        ("氩弧焊", "电焊"),
        ("低压电工", "高压电工"),
        ("月嫂", "育儿嫂"),
        ("没听过", "平车"),
    ],
)
def test_what_is_not_the_same_skill(one, other):
    assert skills.skill(one) != skills.skill(other)
    assert not skills.has([one], other)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("氩弧焊", "电焊工", True),
        ("车工", "铣工", True),
        ("电焊工", "缝纫工", False),
        ("没听过", "也没听过", False),
    ],
)
def test_near_is_the_same_middle_class_of_occupations(one, other, near):
    assert skills.near(skills.skill(one), skills.skill(other)) is near


def test_the_table_names_every_skill_by_one_name():
    rows = reference.skill_aliases()
    assert len({row.alias for row in rows}) == len(rows)
    assert not {row.alias for row in rows} & {row.skill for row in rows}
    for row in rows:
        assert skills.skill(row.alias) == row.skill == skills.skill(row.skill)


@pytest.mark.parametrize(
    ("had", "asked", "share", "may"),
    [
        ({"平车工": 2}, {"缝纫"}, 1.0, True),
        ({"平车工": None}, {"缝纫工", "电工"}, 0.5, False),
        ({"氩弧焊": 1}, {"电焊"}, skills.NEAR, False),
        ({"氩弧焊": 1, "电工": 1}, {"电焊", "电工"}, (1 + skills.NEAR) / 2, False),
        ({"烹饪": 1}, {"电焊"}, 0.0, False),
        ({}, {"电焊"}, np.nan, True),
        ({"烹饪": 1}, set(), np.nan, True),
    ],
)
def test_rule_and_feature_read_skills_alike(one, had, asked, share, may):
    market = one({"skills": had}, {"required_skills": frozenset(asked)})
    pairs = Pairs.of_worker(market, 0, np.array([0, 0]))
    wanted = market.vacancies.required_skills
    assert skills.share(pairs, wanted) == pytest.approx([share] * 2, nan_ok=True)
    assert eligible(pairs).tolist() == [may] * 2
    assert (missing_skills(market, 0, wanted, 0) == []) is may


def test_many_pairs_as_one_by_one(many):
    market = many(40, 50, 6)
    dice = np.random.default_rng(1)
    pairs = Pairs(market, dice.integers(0, 40, 300), dice.integers(0, 50, 300))
    wanted = market.vacancies.preferred_skills
    alone = [skills.share(pairs.take(np.array([row])), wanted)[0] for row in range(300)]
    np.testing.assert_array_equal(skills.share(pairs, wanted), alone)
