"""What a backtest says of monitored groups: only where the interval is clear, and plainly of whom too few are known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matching.judging.fairness import BELOW
from matching.judging.measures import TOO_FEW

_Found = Mapping[str, Any]
_CHANCES = {"p_hire_unlike": "录用", "stay_90_unlike": "干满三个月", "stay_180_unlike": "干满半年"}


def fair_words(measures: Sequence[_Found], name: Callable[[str], str]) -> list[str]:
    """Sentences on who is placed, who is seen first, and of whom too much is foretold; `name` names groups."""
    of = {each: [one for one in measures if one["measure"] == each] for each in ("impact", "exposure")}
    off = [one for one in measures if one["measure"] in _CHANCES]
    if not off and not any(of.values()):
        return []
    lines = [
        _rates("被安排的比例", "其他人", of["impact"], name),
        _rates("在岗位名单上靠前的机会", "随机排列", of["exposure"], name),
    ]
    unlike = [
        f"{name(one['group'])}的{_CHANCES[one['measure']]}{'多' if one['low'] > 0 else '少'}说了"
        f"{abs(one['value']) * 100:.1f}个百分点"
        for one in off
        if one["note"] != TOO_FEW and (one["low"] > 0 or one["high"] < 0)
    ]
    if any(one["note"] != TOO_FEW for one in off):
        told = "；".join(unlike)
        lines.append(
            f"  各群体预测得准不准：{f'预测减去实际，再和其他人比，{told}' if told else '看不出群体之间有差别'}"
        )
    return [line for line in lines if line]


def _rates(what: str, others: str, found: Sequence[_Found], name: Callable[[str], str]) -> str:
    known = [one for one in found if one["note"] != TOO_FEW]
    if not known:
        return f"  各群体{what}：人数太少，不下结论" if found else ""
    lower = [
        f"{name(one['group'])}只有{others}的{one['value']:.0%}（{one['low']:.0%}至{one['high']:.0%}）"
        + ("，低于八成，请查原因" if one["high"] < BELOW else "")
        for one in known
        if one["high"] < 1
    ]
    few = [name(one["group"]) for one in found if one["note"] == TOO_FEW]
    told = "；".join(lower) or f"看不出有哪个群体低于{others}"
    return f"  各群体{what}：{told}" + (f"（{'、'.join(few)}人数太少，不下结论）" if few else "")
