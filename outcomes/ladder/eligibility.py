"""May somebody be placed in a public post? Each check with its reason and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.age import age_on
from models.coded import Coded
from models.public_post import CadreRelation, Rung
from outcomes.calendar import shift
from outcomes.ladder.clock import Term
from outcomes.ladder.post_rules import PostRule


class Verdict(Coded):
    """结论."""

    PASSED = "passed", "符合"
    LOOK = "look", "请核实"
    FAILED = "failed", "不符合"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: how it stands, why, and what to do where it is not fulfilled."""

    code: str
    verdict: Verdict
    reason: str
    to_do: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the person on the day. `offered`: the last day on which each rung was offered in vain;
    `waiting`: rungs whose offer nobody has answered yet."""

    on: date
    home: str
    place: str
    born: date | None
    cadre: CadreRelation | None
    terms: Sequence[Term] = ()
    offered: Mapping[Rung, date]
    waiting: frozenset[Rung] = frozenset()


def checks(rule: PostRule, facts: Facts) -> list[Check]:
    """Every check, in the order in which a clerk settles them."""
    return [_place(facts), _age(rule, facts), _cadre(facts), *_rungs(rule, facts), _placements(rule, facts)]


def _place(facts: Facts) -> Check:
    # A city without counties stands for itself.
    home, place = (code.ljust(6, "0")[:6] for code in (facts.home, facts.place))
    if home == place:
        return Check("own_county", Verdict.PASSED, "岗位在本人户籍县内")
    return Check(
        "own_county",
        Verdict.FAILED,
        "公益性岗位只安置本县户籍的人，这个岗位不在本人户籍县",
        "请选本人户籍县的公益性岗位；户籍已迁移的，先办理移交",
    )


def _age(rule: PostRule, facts: Facts) -> Check:
    if facts.born is None:
        return Check("age", Verdict.LOOK, "没有出生日期，年龄未核对", "请先补登证件号码或出生日期")
    age = age_on(facts.born, facts.on)
    if age < rule.min_age:
        return Check(
            "age", Verdict.FAILED, f"{age}岁，未满{rule.min_age}周岁", "请核对出生日期；未满年龄不能安置"
        )
    if age >= rule.flag_age:
        return Check(
            "age", Verdict.LOOK, f"{age}岁，已满{rule.flag_age}周岁", "请核实身体状况能否胜任，并留存核实材料"
        )
    return Check("age", Verdict.PASSED, f"{age}岁，符合年龄条件")


def _cadre(facts: Facts) -> Check:
    if facts.cadre is None:
        return Check(
            "cadre", Verdict.FAILED, "本人还没有申报与村干部的关系", "请问清是不是村干部或其家属，再登记申报"
        )
    if facts.cadre is CadreRelation.NONE:
        return Check("cadre", Verdict.PASSED, "本人申报不是村干部，也不是其家属")
    return Check(
        "cadre",
        Verdict.FAILED,
        f"本人申报：{facts.cadre.label}。村干部及其家属不能安置",
        "请推荐市场岗位或帮扶车间；申报有误的，核实后重新申报",
    )


def _rungs(rule: PostRule, facts: Facts) -> list[Check]:
    since = shift(facts.on, -rule.offers_within_months)
    made = []
    for rung in rule.rungs:
        offered = facts.offered.get(rung)
        code = f"offered_{rung.value}"
        if offered is not None and offered >= since:
            told = f"{offered.year}年{offered.month}月{offered.day}日推荐过{rung.label}，没有去成"
            made.append(Check(code, Verdict.PASSED, told))
        elif rung in facts.waiting:
            words = f"推荐的{rung.label}还没有答复"
            made.append(Check(code, Verdict.FAILED, words, "请先等单位和本人答复，并登记结果"))
        else:
            words = f"{rule.offers_within_months}个月内没有推荐过{rung.label}的记录"
            made.append(
                Check(code, Verdict.FAILED, words, "请先推荐；口头推荐过的，登记推荐记录和不去的原因")
            )
    return made


def _placements(rule: PostRule, facts: Facts) -> Check:
    number = len(facts.terms)
    if number and _goes_on(rule, facts):
        term = facts.terms[-1]
        if facts.on > term.until:
            return Check(
                "placements",
                Verdict.FAILED,
                f"上一个岗位的期限{term.until.year}年{term.until.month}月{term.until.day}日已满，接着上岗仍算同一次安置",
                f"请先退出；间隔超过{rule.same_placement_gap_days}天的，才算第{number + 1}次安置"
                if number < rule.max_placements
                else "请推荐市场岗位或帮扶车间",
            )
        return Check("placements", Verdict.PASSED, f"接着第{number}次安置，期限不重新计算")
    if number >= rule.max_placements:
        return Check(
            "placements",
            Verdict.FAILED,
            f"已经安置过{number}次，最多{rule.max_placements}次",
            "请推荐市场岗位或帮扶车间",
        )
    return Check("placements", Verdict.PASSED, f"第{number + 1}次安置，最多{rule.max_placements}次")


def _goes_on(rule: PostRule, facts: Facts) -> bool:
    """Whether a spell that begins on the day belongs to the last placement."""
    ended = facts.terms[-1].ended
    return ended is None or (facts.on - ended).days - 1 <= rule.same_placement_gap_days
