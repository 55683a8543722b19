"""Benefits of people, worked by hand at their edges."""

from datetime import date
from typing import Any

import pytest

from models.spell import Arrangement, Destination, EvidenceGrade
from models.target import Population
from outcomes.benefits.benefit import Amount, Benefit, BenefitError, Party
from outcomes.benefits.catalogue import known_benefits, read_benefits
from outcomes.benefits.judging import judge, judge_all
from outcomes.benefits.standing import Payment, Person, Standing, State
from outcomes.spells import Proof, Spell

EAST, AWAY = Destination.PAIRED_EAST, Destination.OTHER_PROVINCE


def day(text: str) -> date:
    return date.fromisoformat(text)


def work(start: str, end: str | None, **more: Any) -> Spell:
    return Spell(
        **{"started_on": day(start), "ended_on": day(end) if end else None, "employer": "甲厂", **more}
    )


def proved(start: str, end: str, grade: EvidenceGrade, **more: Any) -> Spell:
    return work(start, end, evidence=(Proof(grade, day(start), day(end)),), **more)


def told(code: str, *spells: Spell, as_of: str, region: str = "", **more: Any) -> Standing:
    benefit = known_benefits()[code]
    person = Person(region or benefit.region + "001", day("1980-05-01"), spells=spells, **more)
    return judge(benefit, person, year=day(as_of).year, as_of=day(as_of))


def paid(code: str, year: int, fen: int = 50_000, on: str | None = "2022-06-01") -> Payment:
    return Payment(known_benefits(demonstration=True)[code], year, fen, day(on) if on else None)


def test_the_examples_are_as_their_texts_state_them() -> None:
    found = {code: benefit.amount_words for code, benefit in known_benefits().items()}
    assert found == {
        "shuangbai_2023_travel": "1000元",
        "shuangbai_2023_contract": "600元；1500元",
        "yushe_2025": "金额未知",
        "chongxin_2024": "400元；600元；300元；200元",
        "jiaxian_2022_job_search": "500元",
        "jiaxian_2022_travel": "凭票据，最多500元",
        "qiandongnan_stay": "2000元",
        "qiandongnan_organised": "每人300元",
        "shaanxi_2017_factory_jobs": "每人1000元",
        "shaanxi_2017_factory_rent": "费用的50%",
    }
    parties = {code for code, benefit in known_benefits().items() if benefit.party is Party.EMPLOYER}
    assert parties == {"qiandongnan_organised", "shaanxi_2017_factory_jobs", "shaanxi_2017_factory_rent"}


def test_shuangbai_travel_wants_the_whole_of_three_months_proved() -> None:
    at_last = proved("2023-10-01", "2023-12-31", EvidenceGrade.C, destination=AWAY)
    standing = told("shuangbai_2023_travel", at_last, as_of="2023-12-31")
    assert (standing.state, standing.amount, standing.since) == (
        State.ENTITLED, Amount(100_000), day("2023-12-31"),
    )  # fmt: skip
    a_day_late = proved("2023-10-02", "2023-12-31", EvidenceGrade.C, destination=AWAY)
    assert told("shuangbai_2023_travel", a_day_late, as_of="2023-12-31").state is State.NOT_YET
    # A certificate that lacks a mark is grade D: what is missing is the proof, and nothing else.
    weak = proved("2023-10-01", "2023-12-31", EvidenceGrade.D, destination=AWAY)
    standing = told("shuangbai_2023_travel", weak, as_of="2023-12-31")
    assert standing.state is State.NOT_YET
    assert [words[:4] for words in standing.missing] == ["缺佐证："]


def test_who_was_stable_long_before_is_asked_of_the_year() -> None:
    """The mark was in 2021; in 2023 three months by themselves are needed, and they were full on 31 March."""
    long = proved("2021-01-01", "2023-03-31", EvidenceGrade.C, destination=AWAY)
    standing = told("shuangbai_2023_travel", long, as_of="2023-12-31")
    assert (standing.state, standing.since) == (State.ENTITLED, day("2023-03-31"))
    short = proved("2021-01-01", "2023-03-30", EvidenceGrade.C, destination=AWAY)
    assert told("shuangbai_2023_travel", short, as_of="2023-12-31").state is State.NOT_YET
    # Whose three months are full for the first time in 2023 has them, though they began the year before.
    across = proved("2022-11-15", "2023-02-14", EvidenceGrade.C, destination=AWAY)
    assert told("shuangbai_2023_travel", across, as_of="2023-12-31").since == day("2023-02-14")


@pytest.mark.parametrize(
    ("where", "months", "fen"),
    [
        (Destination.COUNTY, 3, 60_000),
        (Destination.PROVINCE, 3, 60_000),
        (EAST, 3, 150_000),
        (AWAY, 12, 150_000),
        (AWAY, 2, None),
        (AWAY, None, None),
        (None, 3, None),
    ],
)
def test_shuangbai_contract(where: Destination | None, months: int | None, fen: int | None) -> None:
    spell = work("2023-03-01", "2023-05-31", destination=where, contract_months=months)
    standing = told("shuangbai_2023_contract", spell, as_of="2023-06-01")
    if fen is None:
        lack = "务工地点" if where is None else "没有3个月以上的合同"
        assert standing.state is State.NOT_YET
        assert len(standing.missing) == 1 and standing.missing[0].startswith(lack)
    else:
        assert (standing.state, standing.amount.fen) == (State.ENTITLED, fen)


def test_of_two_tiers_the_dearer_counts_once() -> None:
    near = work("2023-01-01", "2023-03-31", destination=Destination.COUNTY, contract_months=3)
    far = work("2023-04-01", "2023-06-30", destination=AWAY, contract_months=3, employer="乙厂")
    assert told("shuangbai_2023_contract", near, far, as_of="2023-12-31").amount.fen == 150_000


def test_yushe_has_no_amount_and_no_upper_age() -> None:
    spell = work("2025-01-01", "2025-06-30", monthly_income=1000)
    benefit = known_benefits()["yushe_2025"]
    old = Person("140721001", day("1950-01-01"), spells=(spell,))
    standing = judge(benefit, old, year=2025, as_of=day("2025-06-30"))
    assert (standing.state, standing.amount.fen, standing.amount.words) == (State.ENTITLED, None, "金额未知")
    poor = work("2025-01-01", "2025-06-30", monthly_income=999)
    assert told("yushe_2025", poor, as_of="2025-06-30").missing == ("月均工资不到1000元，或没有登记工资",)


@pytest.mark.parametrize(
    ("region", "where", "fen"),
    [
        ("610728", AWAY, 40_000),
        ("640104", AWAY, 40_000),
        ("320612", EAST, 60_000),
        ("620102", Destination.PROVINCE, 30_000),
        ("620802", Destination.CITY, 20_000),
        ("620823", Destination.COUNTY, None),
    ],
)
def test_chongxin_by_distance(region: str, where: Destination, fen: int | None) -> None:
    def spell(arrangement: Arrangement | None) -> Spell:
        return work("2024-10-01", "2024-12-31", region=region, destination=where, arrangement=arrangement)

    alone = told("chongxin_2024", spell(Arrangement.SELF), as_of="2024-12-31")
    assert alone.amount.fen == fen
    assert (alone.state is State.ENTITLED) is (fen is not None)
    for arrangement in (Arrangement.ORGANISED, None):
        sent = told("chongxin_2024", spell(arrangement), as_of="2024-12-31")
        assert sent.state is State.NOT_YET
        if fen is not None:
            assert sent.missing == ("组织方式不是“自主外出”，或没有登记",)


def test_jiaxian() -> None:
    year_long = work("2022-12-31", None, contract_months=12, observed_until=day("2022-12-31"))
    assert told("jiaxian_2022_job_search", year_long, as_of="2022-12-31").amount.fen == 50_000
    shorter = work("2022-12-31", None, contract_months=11, observed_until=day("2022-12-31"))
    assert told("jiaxian_2022_job_search", shorter, as_of="2022-12-31").missing == (
        "没有12个月以上的合同，或合同期限没有登记",
    )
    travel = told(
        "jiaxian_2022_travel", work("2022-05-01", "2022-05-01", destination=AWAY), as_of="2022-05-01"
    )
    assert (travel.state, travel.amount) == (State.ENTITLED, Amount(None, 50_000))
    assert travel.amount.words == "凭票据，最多500元"


def test_another_place_and_another_year_have_none_of_it() -> None:
    spell = work("2022-05-01", "2022-09-01", destination=AWAY)
    assert told("jiaxian_2022_travel", spell, as_of="2022-12-31", region="610728001").missing == (
        "户籍不在发放这项补贴的地区",
    )
    later = work("2023-05-01", "2023-09-01", destination=AWAY)
    assert told("jiaxian_2022_travel", later, as_of="2023-12-31").missing == ("2023年没有这项补贴",)


def test_what_was_paid_is_paid_and_a_claim_under_way_is_not() -> None:
    spell = work("2022-05-01", "2022-09-01", destination=AWAY)
    done = told(
        "jiaxian_2022_travel",
        spell,
        as_of="2022-12-31",
        payments=(paid("jiaxian_2022_travel", 2022, 31_850),),
    )
    assert (done.state, done.amount.words, done.since) == (State.PAID, "318.50元", day("2022-06-01"))
    under_way = (paid("jiaxian_2022_travel", 2022, on=None),)
    assert told("jiaxian_2022_travel", spell, as_of="2022-12-31", payments=under_way).state is State.ENTITLED
    # Another benefit of the county stands beside it.
    other = (paid("jiaxian_2022_job_search", 2022),)
    assert told("jiaxian_2022_travel", spell, as_of="2022-12-31", payments=other).state is State.ENTITLED


def test_not_again_if_paid_last_year() -> None:
    benefit = known_benefits(demonstration=True)["demo_travel"]
    spell = work("2021-01-01", "2022-12-31", destination=AWAY)
    for years, state in (((2021,), State.NOT_YET), ((2020,), State.ENTITLED), ((2022,), State.PAID)):
        payments = tuple(paid("demo_travel", year) for year in years)
        person = Person("610728001", None, spells=(spell,), payments=payments)
        assert judge(benefit, person, year=2022, as_of=day("2022-12-31")).state is state, years


MADE = """
[[benefit]]
code = "self"
name = "自主外出补贴"
region = "61"
from_year = 2022
party = "worker"
arrangement = "self"
population = "poverty_relieved"
claim_to = 2023-01-31
tiers = [{ rule = "reference_3_months", amount_yuan = 100, most_months = 6 }]

[[benefit]]
code = "sent"
name = "有组织输出补贴"
region = "61"
from_year = 2022
party = "worker"
arrangement = "organised"
tiers = [{ rule = "reference_3_months", amount_yuan = 300 }]

[[benefit]]
code = "third"
name = "第三项"
region = "61"
from_year = 2022
party = "worker"
excludes = ["self"]
tiers = [{ rule = "reference_3_months", amount_yuan = 300 }]
"""


def made(payments: tuple[Payment, ...] = (), end: str = "2022-04-30", **more: Any) -> Person:
    relieved = frozenset({Population.RURAL, Population.POVERTY_RELIEVED})
    return Person("610728", None, more.get("populations", relieved), (work("2022-01-01", end),), payments)


def judged(benefit: Benefit, person: Person, as_of: str = "2022-12-31") -> Standing:
    return judge(benefit, person, year=2022, as_of=day(as_of))


def test_organised_and_self_arranged_shut_each_other_out() -> None:
    made_up = read_benefits(MADE)
    alone, sent, third = made_up.values()
    for one, other in ((alone, sent), (sent, alone), (third, alone), (alone, third)):
        for on in (day("2022-10-01"), None):
            standing = judged(one, made((Payment(other, 2022, 10_000, on),)))
            assert standing.state is State.NOT_YET
            assert other.name in standing.missing[0]
        assert judged(one, made((Payment(other, 2021, 10_000, day("2021-10-01")),))).state is State.ENTITLED
    assert judged(third, made((Payment(sent, 2022, 10_000, day("2022-10-01")),))).state is State.ENTITLED


def test_by_months_for_whom_and_until_when() -> None:
    benefit = read_benefits(MADE)["self"]
    assert judged(benefit, made()).amount.fen == 40_000
    assert judged(benefit, made(end="2022-12-31")).amount.fen == 60_000
    nobody = judged(benefit, made(populations=frozenset({Population.RURAL})))
    assert nobody.state is State.NOT_YET and nobody.missing[-1] == "只发给脱贫劳动力"
    assert judged(benefit, made(), as_of="2023-01-31").state is State.ENTITLED
    assert judged(benefit, made(), as_of="2023-02-01").missing == ("申领期已于2023年1月31日截止",)


def test_what_is_missing_says_what_helps_most_first() -> None:
    on_the_way = work("2023-10-01", None, destination=AWAY, observed_until=day("2023-11-01"))
    standing = told("shuangbai_2023_travel", on_the_way, as_of="2023-11-01")
    assert standing.missing[0].startswith("缺佐证")
    assert "继续在岗到2023年12月31日可以达到" in standing.missing[-1]
    at_home = work("2023-09-01", None, destination=Destination.COUNTY, observed_until=day("2023-11-01"))
    assert [words[:4] for words in told("shuangbai_2023_travel", at_home, as_of="2023-11-01").missing][:2] == [
        "缺佐证：", "务工地点",
    ]  # fmt: skip
    assert told("shuangbai_2023_travel", as_of="2023-11-01").missing == ("还没有务工记录",)


def test_many_are_judged_as_one_is() -> None:
    benefit = known_benefits()["chongxin_2024"]
    self = {"arrangement": Arrangement.SELF}
    people = [
        Person("620823001", None, spells=(work("2024-01-01", end, region=region, destination=where, **self),))
        for end in ("2024-03-30", "2024-03-31")
        for region, where in (("610728", AWAY), ("320612", EAST), ("620823", Destination.COUNTY))
    ]
    people.insert(2, Person("620823001"))
    many = judge_all(benefit, people, year=2024, as_of=day("2024-12-31"))
    assert [each.amount.fen for each in many] == [None, None, None, None, 40_000, 60_000, None]
    for person, each in zip(people, many, strict=True):
        assert judge(benefit, person, year=2024, as_of=day("2024-12-31")).state is each.state


@pytest.mark.parametrize(
    "wrong",
    ["= 1", "[[benefit]]\ncode = 'a'", MADE + MADE, MADE.replace("excludes", "exclude"),
     MADE.replace("= 100,", "= 1.5,"), MADE.replace("reference_3_months", "nobody_knows"), "benefit = 1"],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(BenefitError, match="政策"):
        read_benefits(wrong)
