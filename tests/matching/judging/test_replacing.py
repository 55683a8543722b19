"""A challenger serves only where it is better beyond doubt and nobody's loss."""

import numpy as np
import pytest

from matching.judging.doubly_robust import Policy
from matching.judging.replacing import MARGIN, Later, Served, Verdict, may_replace

from .test_doubly_robust import logged

PEOPLE = 400


def asked(
    *,
    sharper: float = 0.1,
    change: float = 0.05,
    women: float = 0.05,
    few: float | None = None,
    cases: int = PEOPLE,
) -> Verdict:
    """The challenger is nearer to what came by `sharper`, its plan worth more by `change`, to women by `women`."""
    dice = np.random.default_rng(0)
    stable = (np.arange(cases) % 2).astype(float)
    female = np.arange(PEOPLE) % 2 == 0
    rare = np.arange(PEOPLE) < 10
    worth = dice.uniform(0.3, 0.5, PEOPLE)
    gain = np.where(female, women, change) + dice.normal(0, 0.01, PEOPLE)
    if few is not None:
        gain[rare] = few
    noise = dice.normal(0, 0.02, cases)
    later = Later(
        np.arange(cases),
        stable,
        np.ones(cases),
        np.arange(PEOPLE),
        {"女性": female, "男性": ~female, "残疾劳动力": rare},
    )
    return may_replace(
        Served("默认权重", np.full(cases, 0.5) + noise, worth),
        Served("学习模型", np.full(cases, 0.5) + sharper * (stable - 0.5), worth + gain),
        later,
    )


def test_better_and_nobody_worse_may_serve() -> None:
    verdict = asked()
    assert (verdict.may, verdict.harmed) == (True, ())
    assert "更准" in verdict.reasons[0]
    assert verdict.unjudged == ("残疾劳动力",)


def test_better_for_all_together_but_a_loss_for_women_is_refused_by_name() -> None:
    verdict = asked(change=0.2, women=-0.03)
    assert (verdict.may, verdict.harmed) == (False, ("女性",))
    assert any("女性" in reason for reason in verdict.reasons)


def test_a_loss_within_the_margin_is_none() -> None:
    assert asked(women=-0.2 * MARGIN * 0.4).may
    assert not asked(women=-1.2 * MARGIN * 0.4).may


def test_a_group_of_few_is_judged_by_its_mean() -> None:
    verdict = asked(few=-0.1)
    assert (verdict.may, verdict.harmed) == (False, ("残疾劳动力",))


@pytest.mark.parametrize(
    ("sharper", "cases", "words"),
    [(0.0, PEOPLE, "看不出差别"), (-0.3, PEOPLE, "不如"), (0.1, 20, "只有20次"), (0.1, 8, "只有8次")],
)
def test_what_is_not_better_beyond_doubt_does_not_serve(sharper: float, cases: int, words: str) -> None:
    verdict = asked(sharper=sharper, cases=cases)
    assert not verdict.may
    assert words in verdict.reasons[0]


def test_without_a_worth_nobody_is_safe() -> None:
    none, nobody = np.zeros(0), np.zeros(0, np.int64)
    stable = (np.arange(100) % 2).astype(float)
    verdict = may_replace(
        Served("默认权重", np.full(100, 0.5), none),
        Served("学习模型", np.where(stable > 0, 0.7, 0.3), none),
        Later(np.arange(100), stable, np.ones(100), nobody, {}),
    )
    assert not verdict.may
    assert "更准" in verdict.reasons[0]


def drawn_verdict(
    *, cases: int = 3_000, harm: bool = False, planned: bool = True, both: bool = True
) -> Verdict:
    """Half are women; the log drew one of four posts. With `harm` the challenger is good for men alone; `planned` is whether
    there is an estimate by model too, which sees no harm, `both` whether the champion's chances are known."""
    made = logged(3, cases)
    women = np.arange(cases) % 2 == 0
    new = made.new
    if harm:
        worst = made.fit.argmin(axis=1)
        taken = (made.chosen == worst) * 1.0
        bad = Policy(taken, made.fit[np.arange(cases), worst], made.new.expected)
        new = Policy(*(np.where(women, ill, well) for ill, well in zip(
            (bad.chance, bad.direct, bad.expected), (new.chance, new.direct, new.expected), strict=True)))  # fmt: skip
    stable = (np.arange(PEOPLE) % 2).astype(float)
    people = np.arange(PEOPLE) if planned else np.zeros(0, np.int64)
    worth = np.full(len(people), 0.4)
    later = Later(
        np.arange(PEOPLE), stable, np.ones(PEOPLE), people, {"女性": people % 2 == 0, "男性": people % 2 == 1},
        made.drawn, {"女性": women, "男性": ~women},
    )  # fmt: skip
    noise = np.random.default_rng(0).normal(0, 0.02, PEOPLE)
    return may_replace(
        Served("默认权重", 0.5 + noise, worth, policy=made.old if both else None),
        Served("学习模型", 0.5 + 0.1 * (stable - 0.5), worth + 0.01, policy=new),
        later,
    )


def test_what_was_drawn_by_known_chances_is_judged_doubly_robustly() -> None:
    verdict = drawn_verdict(planned=False)
    assert (verdict.may, verdict.harmed) == (True, ())
    assert "用抽取的推荐的实际结果核对过的群体（双重稳健估计）：女性、男性" in verdict.reasons
    assert any("按抽取的推荐的实际结果，各监测群体" in reason for reason in verdict.reasons)


def test_harm_that_the_model_does_not_see_is_seen_in_what_was_drawn() -> None:
    verdict = drawn_verdict(harm=True)
    assert (verdict.may, verdict.harmed) == (False, ("女性",))


def test_with_too_few_cases_drawn_the_model_judges_and_it_is_said() -> None:
    verdict = drawn_verdict(cases=60, harm=True)
    assert verdict.may
    assert any("双重稳健估计不可用" in reason for reason in verdict.reasons)
    assert any("按模型估计，各监测群体" in reason for reason in verdict.reasons)


def test_with_too_few_cases_and_no_model_nobody_is_cleared() -> None:
    verdict = drawn_verdict(cases=60, planned=False)
    assert not verdict.may
    assert any("不能确认没有哪个群体吃亏" in reason for reason in verdict.reasons)


def test_where_nothing_was_drawn_it_is_said() -> None:
    assert any("不是按记录在案的机会抽取" in reason for reason in asked().reasons)
    assert not any("核对过的群体" in reason for reason in drawn_verdict(both=False).reasons)
