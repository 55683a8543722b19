"""What a backtest says to people: claims only where the interval is clear, and plainly where it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.fairness_words import fair_words
from matching.allocation.words import GROUPS
from matching.judging.estimate import FEWEST, FEWEST_OF_A_KIND
from matching.judging.measures import TOO_FEW

_OTHERS = {
    "prior": "默认权重",
    "random": "随机",
    "newest": "最新发布",
    "nearest": "离家最近",
    "first_come": "先来先得",
    "bound": "按模型估计的上限",
}
_PLAIN = {"female": "女性", "male": "男性", "sex": "性别", "age": "年龄", "minority": "少数民族", **GROUPS}
_MOST_UNKNOWN = 0.5
CANNOT_TELL = "看不出差别"


def group_words(group: str) -> str:
    """A monitored group's name."""
    if group in _PLAIN:
        return _PLAIN[group]
    first, _, last = group.partition("-")
    return f"{first}—{last}岁" if last else f"{group.removesuffix('+')}岁以上"


def month_words(month: str) -> str:
    """`2020-09` as one says it."""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"


def months_words(months: Sequence[str]) -> str:
    """Months in their order, each year said once."""
    said = [month_words(each) for each in months]
    years = ["", *(each.partition("年")[0] for each in said)]
    return "、".join(
        each.partition("年")[2] if years[at] == years[at + 1] else each for at, each in enumerate(said)
    )


def summary(result: Mapping[str, Any]) -> dict[str, Any]:
    """`summary`, sentences for a terminal, and `warnings`, what the data cannot support."""
    of = {(each["measure"], each["ranker"], each["group"]): each for each in result["measures"]}
    months = result["months"]
    lines = [
        f"回测{result['folder']}：{month_words(months[0]['month'])}至{month_words(months[-1]['month'])}"
        f"共{len(months)}个月（结果截至{result['known_until']}；括号里是95%区间："
        "换一批情况相近的人再看，多半落在这里面）。"
    ]
    lines += [_chance(of, name, words) for name, words in _CHANCES.items()]
    lines += [_order(of), *_lists(of), *_plans(of, tells=result["judge_tells"])]
    lines += fair_words(result["measures"], group_words)
    may = result["may_replace"]
    lines.append(f"  {'可以启用' if may['may'] else '不启用'}学习模型，因为：{'；'.join(may['reasons'])}")
    return {"summary": lines, "warnings": _warnings(result, of)}


_CHANCES = {"p_hire": "录用", "stay_90": "干满三个月", "stay_180": "干满半年"}
_WHOLE = {
    "p_hire": ("没有一件上岗", "全部上了岗"),
    "stay_90": ("没有一件干满三个月", "全部干满三个月"),
    "stay_180": ("没有一件干满半年", "全部干满半年"),
}
"""What is said where all outcomes are alike, of none and of all."""
_Of = Mapping[tuple[str, str, str], Mapping[str, Any]]


def _chance(of: _Of, name: str, words: str) -> str:
    gap = of[(f"{name}_gap", "learned", "")]
    said, seen = of[(f"{name}_said", "learned", "")], of[(f"{name}_seen", "learned", "")]
    if one_kind(seen):
        return f"  {words}：已知结果{gap['cases']}件，{_WHOLE[name][int(seen['value'])]}，没有对照，不下结论"
    if gap["note"] == TOO_FEW:
        return f"  {words}：已知结果{gap['cases']}件，太少，不下结论"
    points = f"{abs(gap['value']) * 100:.1f}个百分点"
    way = (
        f"预测多说了{points}" if gap["low"] > 0 else f"预测少说了{points}" if gap["high"] < 0 else CANNOT_TELL
    )
    return (
        f"  {words}：预测{said['value']:.1%}，实际{seen['value']:.1%}（{seen['low']:.1%}至{seen['high']:.1%}），"
        f"{way}，{gap['cases']}件"
    )


def one_kind(seen: Mapping[str, Any]) -> bool:
    """Whether of several known outcomes all are alike: whether something was foretold rightly can't be judged by them."""
    alike = seen["value"] is not None and min(abs(seen["value"]), abs(1 - seen["value"])) < 1e-6
    return bool(seen["cases"] >= FEWEST_OF_A_KIND and alike)


def _order(of: _Of) -> str:
    found = of[("concordance", "learned", "")]
    if found["note"] == TOO_FEW:
        return f"  谁留得更久：已知结果{found['cases']}件，太少，不下结论"
    able = "能预测出一部分" if found["low"] > 0.5 else "预测反了" if found["high"] < 0.5 else "看不出能预测"
    right, low, high = (f"{100 * found[name]:.0f}" for name in ("value", "low", "high"))
    return (
        f"  谁留得更久：{able}，拿两个人比谁先走，100次大约说对{right}次（{low}至{high}次），"
        f"随便猜也能对50次（一致性指数{found['value']:.3f}）"
    )


def _lists(of: _Of) -> list[str]:
    lines = []
    for name, words in (("ndcg_applications", "本人报名的岗位"), ("ndcg_stable", "后来稳定的岗位")):
        mine = of[(name, "learned", "")]
        if mine["note"] == TOO_FEW:
            lines.append(f"  {words}排得靠前：{mine['cases']}人，太少，不下结论")
            continue
        against = [
            f"比{_OTHERS[ranker]}{_difference(of[(f'{name}_gain', ranker, '')], '.3f')}"
            for ranker in ("random", "newest", "nearest", "first_come", "prior")
        ]
        lines.append(
            f"  {words}排得靠前：名单前10个的得分{_with_interval(mine, '.3f')}，都排在最前是1（NDCG@10），{'，'.join(against)}"
        )
    return lines


def _plans(of: _Of, *, tells: bool) -> list[str]:
    mine = of.get(("plan", "learned", ""))
    if mine is None or mine["value"] is None:
        return ["  安排方案：没有足够的记录来估计，不下结论"]
    bound = of[("plan", "bound", "")]
    lines = [
        f"  安排方案（按模型估计，不是真实结果）：预计稳定就业{mine['value']:.0f}人，上限{bound['value']:.0f}人"
    ]
    if not tells:
        return [*lines, "  与其他办法相比：评判用的模型自己看不出谁留得更久，不下结论"]
    against = []
    for plan in ("first_come", "random", "nearest", "prior"):
        gain = of[("plan_gain", plan, "")]
        against.append(f"比{_OTHERS[plan]}{_difference(gain, '.0f', '人')}")
    return [*lines, f"  按模型估计，{'，'.join(against)}"]


def _difference(gain: Mapping[str, Any], form: str, unit: str = "") -> str:
    if gain["note"] == TOO_FEW:
        return "太少，不下结论"
    if gain["low"] > 0 or gain["high"] < 0:
        low, high = sorted((abs(gain["low"]), abs(gain["high"])))
        way = ("多" if unit else "高") if gain["low"] > 0 else ("少" if unit else "低")
        return f"{way}{abs(gain['value']):{form}}{unit}（{low:{form}}至{high:{form}}）"
    return CANNOT_TELL


def _with_interval(found: Mapping[str, Any], form: str) -> str:
    return f"{found['value']:{form}}（{found['low']:{form}}至{found['high']:{form}}）"


def _warnings(result: Mapping[str, Any], of: _Of) -> list[str]:
    months: Sequence[Mapping[str, Any]] = result["months"]
    found = []
    thin = [each["month"] for each in months if not each["enough"]]
    if thin:
        found.append(f"{months_words(thin)}已知结果不到{FEWEST}件，单看这些月份不下结论")
    blank = [each["month"] for each in months if not each["learned_stays"] and not each["learned_answers"]]
    if blank:
        later = "把 --from 写晚一些" if result["folder"] else "过几个月再训练"
        found.append(
            f"{months_words(blank)}以前没有可学的记录，这些月份用的是默认权重；"
            f"要看学习模型的，请补录更早的报名和务工记录，或{later}"
        )
    hired = of.get(("p_hire_seen", "learned", ""))
    if hired is not None and one_kind(hired):
        found.append(
            f"这些月份的报名{_WHOLE['p_hire'][int(hired['value'])]}，看不出谁会被录用，录用预测得准不准没法评判；"
            "请把没有成的报名和结果也登记进来"
        )
    if result["employers"] == 1:
        found.append("记录里只有一个单位，看不出单位之间的差别")
    left = of.get(("concordance", "learned", ""))
    if left is not None and not left["cases"]:
        found.append("这些月份上岗的人里没有已知的离职，不知道谁会离开")
    unknown = [group_words(name) for name, share in result["unknown_groups"].items() if share > _MOST_UNKNOWN]
    if unknown:
        found.append(f"大多数人没有填写{'、'.join(unknown)}，这些群体的结果不能说明问题")
    if result["folder"]:
        found.append("交换文件夹没有民族这一列，没有按民族比较")
    few = sorted(
        {
            group_words(each["group"])
            for each in result["measures"]
            if each["group"] and each["note"] == TOO_FEW and each["measure"].endswith("_gap")
        }
    )
    if few:
        found.append(f"{'、'.join(few)}的已知结果太少（不到{FEWEST}件，或一种结果不到5件），有的指标不下结论")
    if not result["judge"]:
        found.append("记录太少，没有能评判安排方案的模型")
    else:
        found.append("安排方案没有真正实施过，人数是模型估计，可能偏向本办法")
    return found
