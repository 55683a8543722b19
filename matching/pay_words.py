"""What is said of a post's pay: sums only of the lowest and the highest pay stated, never of one in between."""

import math

_USUAL = "一般岗位"
_FLOOR = "本人要求的"
_LEAST = 50.0
"""A smaller difference from the usual pay, itself only a median, is not worth a number."""


def pay_for(low: float, high: float, floor: float, expected: float, usual: float) -> str:
    """What speaks for the pay; '' where nothing does.

    All in yuan a month, nan unknown: the lowest and highest stated, the person's floor, what is expected of such a range
    and what is expected of the usual post.
    """
    if low >= floor:
        return (
            f"{_lowest(low, high)}{_more(low, _FLOOR, floor)}" if low - floor >= 1 else "最低工资达到本人要求"
        )
    if high >= floor:
        short = "最低工资没有写明" if math.isnan(low) else f"最低{low:.0f}元，{_less(low, _FLOOR, floor)}"
        return f"最高{high:.0f}元，达到本人要求；{short}"
    if not expected > usual:
        return ""
    praise = (
        f"{_lowest(low, high)}{_more(low, _USUAL, usual)}" if low - usual >= _LEAST else "工资比一般岗位偏高"
    )
    named, top = _top(low, high)
    return f"{praise}，但{named}{_less(top, _FLOOR, floor)}" if top < floor else praise


def pay_against(low: float, high: float, floor: float, expected: float, usual: float) -> str:
    """What speaks against the pay; arguments and answer as in `pay_for`."""
    named, top = _top(low, high)
    if low < floor <= high:
        return f"最低{low:.0f}元，{_less(low, _FLOOR, floor)}；最高{high:.0f}元"
    if top < floor:
        return f"{named}{top:.0f}元，{_less(top, _FLOOR, floor)}"
    if usual - top >= _LEAST:
        return f"{named}{_less(top, _USUAL, usual)}"
    return "工资比一般岗位偏低" if expected < usual else ""


def _lowest(low: float, high: float) -> str:
    return "工资" if low == high else "最低工资"


def _top(low: float, high: float) -> tuple[str, float]:
    """The most that is stated, and what to call it."""
    if math.isnan(high):
        return "最低工资", low
    return ("工资" if low == high else "最高工资"), high


def _more(pay: float, than: str, other: float) -> str:
    return f"比{than}高{_sum(pay - other, than)}"


def _less(pay: float, than: str, other: float) -> str:
    return f"比{than}{'少' if than == _FLOOR else '低'}{_sum(other - pay, than)}"


def _sum(yuan: float, than: str) -> str:
    return f"{'约' if than == _USUAL else ''}{yuan:.0f}元"
