"""What a backtest says to people: claims only where the interval is clear, and plainly where it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.fairness_words import fair_words
from matching.allocation.words import GROUPS
from matching.judging.estimate import FEWEST
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


def summary(result: Mapping[str, Any]) -> dict[str, Any]:
    """`summary`, sentences for a terminal, and `warnings`, what the data cannot support."""
    of = {(each["measure"], each["ranker"], each["group"]): each for each in result["measures"]}
    months = result["months"]
    lines = [
        f"回测{result['folder']}：{months[0]['month']}至{months[-1]['month']}共{len(months)}个月"
        f"（结果截至{result['known_until']}；括号里是95%区间）。"
    ]
    lines += [_chance(of, name, words) for name, words in _CHANCES.items()]
    lines += [_order(of), *_lists(of), *_plans(of, tells=result["judge_tells"])]
    lines += fair_words(result["measures"], group_words)
    may = result["may_replace"]
    lines.append(f"  {'可以启用' if may['may'] else '不启用'}学习模型，因为：{'；'.join(may['reasons'])}")
    return {"summary": lines, "warnings": _warnings(result, of)}


_CHANCES = {"p_hire": "录用", "stay_90": "干满三个月", "stay_180": "干满半年"}
_Of = Mapping[tuple[str, str, str], Mapping[str, Any]]


def _chance(of: _Of, name: str, words: str) -> str:
    gap = of[(f"{name}_gap", "learned", "")]
    if gap["note"] == TOO_FEW:
        return f"  {words}：已知结果{gap['cases']}件，太少，不下结论"
    said, seen = of[(f"{name}_said", "learned", "")], of[(f"{name}_seen", "learned", "")]
    way = "偏高" if gap["low"] > 0 else "偏低" if gap["high"] < 0 else CANNOT_TELL
    return (
        f"  {words}：预测{said['value']:.1%}，实际{seen['value']:.1%}（{seen['low']:.1%}至{seen['high']:.1%}），"
        f"{'预测' if way != CANNOT_TELL else ''}{way}，{gap['cases']}件"
    )


def _order(of: _Of) -> str:
    found = of[("concordance", "learned", "")]
    if found["note"] == TOO_FEW:
        return f"  谁留得更久：已知结果{found['cases']}件，太少，不下结论"
    able = "能预测出一部分" if found["low"] > 0.5 else "预测反了" if found["high"] < 0.5 else "看不出能预测"
    return f"  谁留得更久：{able}，一致性{_with_interval(found, '.3f')}，0.5等于瞎猜"


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
            f"  {words}排得靠前：前10名得分{_with_interval(mine, '.3f')}（满分1，NDCG@10），{'，'.join(against)}"
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
        found.append(f"{'、'.join(thin)}已知结果不到{FEWEST}件，单看这些月份不下结论")
    blank = [each["month"] for each in months if not each["learned_stays"] and not each["learned_answers"]]
    if blank:
        found.append(f"{'、'.join(blank)}以前没有可学的记录，这些月份用的是默认权重")
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
