"""What an employer is told: fixed sentences, whoever it is about."""

import numpy as np

from matching.explanation import MOST_REASONS, Contribution
from matching.for_employers import SENTENCES, sentences
from matching.rankers import PriorRanker
from matching.ranking import rank_workers
from tests.matching.conftest import generated


def part(code: str, size: float) -> Contribution:
    return Contribution(code, "月薪比本人底线3500元高", size)


def test_only_what_concerns_the_work_is_told_the_weightiest_first() -> None:
    found = sentences([
        part("experience", 0.1), part("pay", 0.9), part("distance", 0.8), part("skills", 0.5), part("wish", 0.4),
        part("townspeople", 0.3), part("lodging", -0.3), part("companion", 0.2),
    ])  # fmt: skip
    assert found == ("有岗位需要的技能", "有务工经验")


def test_what_speaks_against_somebody_stays_with_the_bureau() -> None:
    assert sentences([part("experience", -0.5), part("language", -0.4), part("occupation", -0.3)]) == ()
    assert sentences([part("skills", -0.2)]) == ("岗位希望的技能还没有学全，可以先培训",)


def test_no_sentence_of_a_market_tells_anything_of_a_person() -> None:
    """Whoever it is about, the sentence is one of a handful; no digit is in any."""
    market = generated(80, 12, seed=5)
    ranker = PriorRanker().fit(market)
    told = [item.for_employer for post in range(12) for item in rank_workers(market, ranker, post, 50).items]
    said = {sentence for each in told for sentence in each}
    assert len(said) > 3 and said <= set(SENTENCES.values())
    assert not any(character.isdigit() for sentence in said for character in sentence)
    assert max(map(len, told)) <= MOST_REASONS
    assert np.mean([bool(each) for each in told]) > 0.5


def test_an_unranked_list_tells_employers_nothing() -> None:
    market = generated(200, 12, seed=6)
    post = 0
    found = rank_workers(market, PriorRanker().fit(market), post, 50, ranked=False)
    assert found.items and not any(item.for_employer for item in found.items)
