"""Benefits of employers, distances, and the draw of an audit: worked by hand at the edges."""

from datetime import date
from typing import Any

import pytest

from models.spell import Arrangement, Destination, SpellKind
from outcomes.benefits.benefit import Amount
from outcomes.benefits.catalogue import known_benefits
from outcomes.benefits.destinations import destination_of
from outcomes.benefits.employers import Firm, FirmStanding, Hand, judge_firm, total_words
from outcomes.benefits.sampling import draw, sample_size
from outcomes.benefits.standing import Payment, State
from outcomes.spells import Spell

BENEFITS = known_benefits()
FACTORY = SpellKind.COMMUNITY_FACTORY


def hand(
    number: int, *, relieved: bool = False, start: str = "2021-03-01", end: str | None = None, **more: Any
) -> Hand:
    spell = Spell(
        started_on=date.fromisoformat(start), ended_on=date.fromisoformat(end) if end else None,
        **{"kind": FACTORY, "employer": 1, "contract_months": 12, **more},
    )  # fmt: skip
    return Hand(number, None, relieved, (spell,))


def judged(code: str, *hands: Hand, year: int = 2021, as_of: str = "2021-12-31", **more: Any) -> FirmStanding:
    costs = more.pop("costs", None)
    told = {"region": "610728", "kind": "community_factory", "opened_on": date(2021, 1, 15), **more}
    firm = Firm(hands=hands, **told)
    return judge_firm(BENEFITS[code], firm, year=year, as_of=date.fromisoformat(as_of), costs=costs)


def test_a_thousand_for_each_worker_with_a_year_long_contract_once() -> None:
    hands = (
        hand(1), hand(2, contract_months=11), hand(3, start="2020-06-01"), hand(4, contract_months=24),
        hand(5, contract_months=None), hand(6, kind=SpellKind.MARKET),
    )  # fmt: skip
    standing = judged("shaanxi_2017_factory_jobs", *hands)
    assert (standing.state, standing.heads, standing.amount) == (State.ENTITLED, (1, 4), Amount(200_000))
    assert judged("shaanxi_2017_factory_jobs", *hands, year=2020).heads == (3,)
    assert judged("shaanxi_2017_factory_jobs", *hands, kind="workshop").missing == ("单位类型不符",)
    assert judged("shaanxi_2017_factory_jobs", *hands, region="320612").state is State.NOT_YET


def test_half_of_the_rent_while_a_third_is_poverty_relieved() -> None:
    def with_share(relieved: int, others: int, **more: Any) -> FirmStanding:
        hands = [hand(n, relieved=n < relieved) for n in range(relieved + others)]
        return judged("shaanxi_2017_factory_rent", *hands, **more)

    assert with_share(1, 2).state is State.ENTITLED
    assert with_share(1, 2).amount.fen is None
    assert with_share(3, 7).missing == ("在岗10人中脱贫劳动力3人，不到3分之1，还差1人",)
    assert with_share(4, 8).state is State.ENTITLED
    assert with_share(0, 0).missing == ("在岗0人中脱贫劳动力0人，不到3分之1，还没有在岗工人",)
    # Half of an odd fen is not paid.
    assert with_share(1, 2, costs=1_234_567).amount.fen == 617_283
    assert with_share(1, 2, as_of="2023-01-14", year=2023).state is State.ENTITLED
    assert with_share(1, 2, as_of="2023-01-15", year=2023).missing == ("补贴期24个月，已经过了",)
    assert with_share(1, 2, opened_on=None).missing == ("没有登记开办日期，不能判断是否在补贴期内",)
    with pytest.raises(ValueError, match="costs"):
        with_share(1, 2, costs=-1)


def test_who_has_left_is_not_counted_in_the_share() -> None:
    hands = [hand(1, relieved=True, end="2021-12-30"), hand(2), hand(3)]
    assert judged("shaanxi_2017_factory_rent", *hands).relieved == 0
    assert judged("shaanxi_2017_factory_rent", *hands, as_of="2021-12-30").relieved == 1


def test_three_hundred_for_each_who_was_organised_each_year() -> None:
    told: dict[str, Any] = {"region": "522601", "kind": "enterprise"}
    hands = (
        hand(1, arrangement=Arrangement.ORGANISED), hand(2, arrangement=Arrangement.SELF), hand(3),
        hand(4, start="2020-01-01", observed_until=date(2021, 1, 1), arrangement=Arrangement.ORGANISED),
    )  # fmt: skip
    standing = judged("qiandongnan_organised", *hands, **told)
    assert (standing.heads, standing.amount.fen) == ((1, 4), 60_000)
    paid = Payment(BENEFITS["qiandongnan_organised"], 2021, 60_000, date(2021, 12, 1))
    done = judged("qiandongnan_organised", *hands, payments=(paid,), **told)
    assert (done.state, done.amount.fen) == (State.PAID, 60_000)


@pytest.mark.parametrize(
    ("home", "work", "expected"),
    [
        ("610728001", "610728", Destination.COUNTY),
        ("610728001", "610723", Destination.CITY),
        ("610728001", "6101", Destination.PROVINCE),
        ("610728001", "6107", None),
        ("610728001", "61", None),
        ("610728001", "320612", Destination.PAIRED_EAST),
        ("610728001", "320613", Destination.OTHER_PROVINCE),
        ("610728001", "32", Destination.OTHER_PROVINCE),
        ("610728001", None, None),
        # 重庆 has no cities, 仙桃 lies right under 湖北, 东莞 has no counties.
        ("500236", "500112", Destination.PROVINCE),
        ("500236", "5001", None),
        ("429004", "429005", Destination.PROVINCE),
        ("429004", "420102", Destination.PROVINCE),
        ("441900", "441900003", Destination.COUNTY),
    ],
)
def test_distances(home: str, work: str | None, expected: Destination | None) -> None:
    assert destination_of(home, work, ["320612"]) is expected


@pytest.mark.parametrize(
    ("claims", "drawn"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 2),
        (10, 2),
        (11, 3),
        (15, 3),
        (16, 4),
        (99, 20),
        (100, 20),
        (101, 20),
        (5000, 20),
    ],
)
def test_a_fifth_at_least_two_at_most_twenty(claims: int, drawn: int) -> None:
    assert sample_size(claims) == drawn
    assert len(set(draw(dict.fromkeys(range(claims), 1), "1"))) == drawn


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    risks = {number: 1 + number % 4 for number in range(60)}
    assert draw(risks, "a") == draw(dict(reversed(risks.items())), "a")
    assert draw(risks, "a") != draw(risks, "b")
    with pytest.raises(ValueError, match="risks"):
        draw({1: 0}, "a")


def test_three_times_the_risk_is_drawn_more_often() -> None:
    """Of 10 claims one has risk 3: it is the first of the draw in 3 of 12 draws; within four standard errors of 4000."""
    risks = {number: 3 if number == 7 else 1 for number in range(10)}
    first = sum(draw(risks, str(seed))[0] == 7 for seed in range(4000))
    assert abs(first / 4000 - 0.25) < 4 * (0.25 * 0.75 / 4000) ** 0.5


def test_a_sum_says_what_it_does_not_hold() -> None:
    assert total_words(150_050, 0) == "1500.50元"
    assert total_words(0, 3) == "0元，另有3笔金额待定"
