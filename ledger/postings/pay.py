"""薪酬: what a month's work pays, out of the pay field and the words of an advertisement.

Which statement wins, in this order:

1. a sum in the pay field. It is what the employer publishes as the pay; where the text says otherwise the difference
   is remarked on, for a person to clear up;
2. a sum in the title;
3. the text, in the part about the title's post where several posts are listed. There a month's total (综合工资, 到手,
   月均) wins over the wage (工资, 月薪), that over a base (底薪, 保底), that over the pay of a trial period (试用期,
   培训期), and any monthly sum over a daily, hourly or yearly one. Equal statements are put together into one range.

A range is kept as it is stated. A single base, "以上" and "+提成" leave the top open (maximum None); "可达" and "以内"
leave the bottom open. Money that is not pay (奖, 补贴, 罚款, 押金, 注册资金 …) is never read as pay.
"""

import re
from dataclasses import dataclass, replace

from ledger.postings.figures import Figure, arabic, figures
from ledger.postings.wording import around_posts, part_for, plain

# The legal average of paid days a month, and eight hours a day:
# 关于职工全年月平均工作时间和工资折算问题的通知（劳社部发〔2008〕3号）.
PAID_DAYS_A_MONTH = 21.75
PAID_HOURS_A_MONTH = 174.0
MONTHS_A_YEAR = 12.0

_CONVERTED = f"月薪由日薪、时薪或年薪折算（每月{PAID_DAYS_A_MONTH:g}天、{PAID_HOURS_A_MONTH:g}小时）"

LOWEST_MONTHLY = 300  # below it a number beside a pay word is something else
HIGHEST_MONTHLY = 300_000

_TOTAL, _WAGE, _BASE, _TRIAL = range(4)
_WORDS: tuple[tuple[int | None, str], ...] = (
    (None, r"年终奖金?|全勤奖?|满勤奖?|奖金?|绩效|补贴|补助|津贴|餐补|话补|房补|车补|饭补|交补|工龄工资|工龄奖?|加班工资|加班费|红包|礼金"
           r"|过节费|费用?|罚款?|扣|押金|保证金|注册资[金本]|投资|资产|产值|提成|佣金|保险|公积金|报销|月休|大约?产|经费|营业额|销售额|存款|客户"
           r"|贷款|优秀者|业绩突出者?|能力[较突]?[强出]?者|挑战|最低工资标准|成立|职场"),
    (_TOTAL, r"综合[工薪月收待][资水薪入遇]?|综合到手工资|月综合\S{2}|总[工薪收][资酬入]|总体|到手|平均[工薪月收][资水薪入]|月平均\S{2}|月均|人均月薪|月总|="),
    (_TRIAL, r"试用期?|实习期?|培训期|学徒工?|学徒期|第一个?月|前[一二两三\d]个月|入职前"),
    (_BASE, r"保底(?:收入|工资|薪资)?|底薪|底资|基本工资|基薪|基本薪资|保障|无责任?(?:薪资)?|固定工资|起薪"),
    (_WAGE, r"工资|薪资|月薪|薪酬|薪水|薪金|年薪|日薪|时薪|薪|待遇|月?收入|年收入|报酬|转正后?|一天可挣|月入|日结|保底工作"),
)  # fmt: skip
_WORD = re.compile("|".join(f"(?P<w{number}>{words})" for number, (_, words) in enumerate(_WORDS)))
_CLAUSE = re.compile(r"[。;!?\n]")
_PLUS = re.compile(
    r"\s*(?:元|块)?(?:/月)?\s*(?:以上)?\s*(?:\+|加|\((?=[^)]{0,4}[+奖提])|外加|另加|,?提成|[,;]?\s*(?:计件|加班)另)"
)
_BASE_AFTER = re.compile(
    r"\s*(?:元|块)?(?:左右)?(?:(?:无责任?)?(?:底薪|保底|基本工资)|(?:\+|加|外加)(?:高额?|万元|丰厚)?(?:提成|佣金))"
)
_EXTRA_AFTER = re.compile(
    r"(?:元|块)?(?:/月)?(?:左右)?的?(?:补助|补贴|津贴|满勤|全勤|奖|餐|话费|绩效|红包|罚|押金|工龄|分红)"
)
_PARTS_AFTER = re.compile(r"\s*\((?=[^()\n]{0,60}(?:工资|底薪))[^()\n]{0,60}\+[^()\n]{0,80}")
_OTHERS_NEGOTIABLE = re.compile(r"(?:其余|其他|其它)[^\n。]{0,8}面议")
_OWNER = re.compile(
    r"([一-龥]{1,6}?(?:员|师|工|顾问|经理|总监|主管|代表|店长|助理|专员|干部))(?:的)?(?:薪|工资|底薪|月薪|待遇)[^\d\n]{0,12}$"
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True)
class Pay:
    """Yuan a month; None is unknown. `source` is field, title or text; `remark` is for the reader of a report."""

    minimum: int | None = None
    maximum: int | None = None
    source: str | None = None
    remark: str | None = None

    @property
    def known(self) -> bool:
        return self.minimum is not None or self.maximum is not None


def read_pay(field: str, title: str = "", text: str = "") -> Pay:
    """The pay that an advertisement states, by the order of precedence above; `Pay()` where it states none."""
    stated, title, text = field_pay(field), plain(title), plain(text)
    if not stated.known:
        in_title = _stated(arabic(title), title, "title")
        return in_title if in_title.known else _told(title, text)
    told = _told(title, text)
    return replace(stated, remark=_difference(stated, told) or stated.remark)


def field_pay(field: str) -> Pay:
    """The pay in a field that holds pay and nothing else: the first sum there, whatever stands round it."""
    for figure in figures(arabic(plain(field))):
        bounds = _monthly(figure)
        if bounds is not None:
            return Pay(*bounds, "field", None if figure.per == "month" else _CONVERTED)
    return Pay()


def _told(title: str, text: str) -> Pay:
    part, _ = part_for(title, text)
    own = _stated(arabic(part), title, "text")
    return own if own.known or "面议" in part[:80] else _stated(arabic(around_posts(text)), title, "text")


def _stated(text: str, title: str, source: str) -> Pay:
    text = _ADDRESS.sub(" ", text)
    statements = [
        (rank, bounds)
        for figure in figures(text)
        if (rank := _rank(figure, text, title)) is not None
        and (bounds := _bounds(figure, rank, text)) is not None
    ]
    if not statements:
        return Pay()
    best = min(rank for rank, _ in statements)
    lows = [low for rank, (low, _) in statements if rank == best and low is not None]
    highs = [high for rank, (_, high) in statements if rank == best]
    tops = [high for high in highs if high is not None]
    return Pay(
        min(lows, default=None),
        max(tops) if len(tops) == len(highs) else None,
        source,
        _CONVERTED if best[0] else None,
    )


def _rank(figure: Figure, text: str, title: str) -> tuple[int, int] | None:
    """How strong a statement of pay this figure is (lower is stronger); None where it is no pay."""
    if _EXTRA_AFTER.match(text, figure.end):
        return None
    if figure.is_range and figure.per == "month" and figure.explicit and _PARTS_AFTER.match(text, figure.end):
        return (
            0,
            _TOTAL,
        )  # 2500-4000元/月(基本工资+绩效工资+岗位津贴): the parts of a month's total are told behind it
    clause = _CLAUSE.split(text[max(0, figure.start - 48) : figure.start])[-1]
    if _OTHERS_NEGOTIABLE.search(text, figure.end, figure.end + 40):
        owner = _OWNER.search(clause)
        if owner and owner[1] not in title and title not in owner[1]:
            return None
    words = list(_WORD.finditer(clause))
    kinds = [_WORDS[int((word.lastgroup or "w0")[1:])][0] for word in words]
    if not words or len(clause) - words[-1].end() > 14:
        return _bare(figure, clause, text, kinds)
    kind = kinds[-1]
    if kind is None:
        # "工资+年终奖+五险3000-5000元/月" adds up to a monthly range; a bonus is a single sum or far smaller.
        summed = "+" in clause and figure.is_range and figure.per == "month" and words[-1].end() < len(clause)
        return (0, _TOTAL) if summed and (figure.low or 0) >= 1000 else None
    if _BASE_AFTER.match(text, figure.end):
        kind = _BASE
    # A trial's pay stays a trial's until 转正 is said: 试用期月薪2300, 转正后2800.
    if kind in (_TOTAL, _WAGE, _BASE):
        after_trial = re.split(r"转正|考核期后|实习期过后|培训合格", clause)
        if len(after_trial) == 1 and _TRIAL in kinds:
            kind = _TRIAL
        elif len(after_trial) > 1 and kind == _TRIAL:
            kind = _WAGE
    return (0 if figure.per == "month" else 1), kind


def _bare(figure: Figure, clause: str, text: str, kinds: list[int | None]) -> tuple[int, int] | None:
    """A sum with no pay word near: pay if its unit says so, or if it is a range that makes up the whole line."""
    if _BASE_AFTER.match(text, figure.end):
        return 0, _BASE
    if kinds and kinds[-1] is None and not figure.is_range:
        return None
    per_time = re.search(r"/\s*个?月|每月|/\s*[天日时小]", text[figure.start : figure.end + 3])
    if per_time and figure.explicit:
        return (0 if figure.per == "month" else 1), _WAGE
    large = figure.is_range and (figure.low or 0) >= 1000
    money = (
        "元" in text[figure.start : figure.end + 1]
        or not text[max(0, figure.start - 40) : figure.start].rsplit("\n", 1)[-1].strip()
    )
    if large and money and (not clause.strip() or figure.explicit):
        return 0, _WAGE
    return None


def _bounds(figure: Figure, rank: tuple[int, int], text: str) -> tuple[int | None, int | None] | None:
    monthly = _monthly(figure)
    if monthly is None or figure.is_range:
        return monthly
    low, high = monthly
    base = rank[1] == _BASE or re.search(
        r"(?:底薪|保底|底资)\D{0,6}$", text[max(0, figure.start - 10) : figure.start]
    )
    more = base or _PLUS.match(text, figure.end)
    return (low, None) if low is not None and more else (low, high)


def _monthly(figure: Figure) -> tuple[int | None, int | None] | None:
    times = {"month": 1.0, "day": PAID_DAYS_A_MONTH, "hour": PAID_HOURS_A_MONTH, "year": 1 / MONTHS_A_YEAR}[
        figure.per
    ]
    bounds = [None if edge is None else round(edge * times) for edge in (figure.low, figure.high)]
    if any(edge is not None and not LOWEST_MONTHLY <= edge <= HIGHEST_MONTHLY for edge in bounds):
        return None
    return bounds[0], bounds[1]


def _difference(field: Pay, text: Pay) -> str | None:
    below = text.maximum is not None and field.minimum is not None and text.maximum < field.minimum
    above = text.minimum is not None and field.maximum is not None and text.minimum > field.maximum
    if not (below or above):
        return None
    return f"薪资栏写{shown(field)}，正文写{shown(text)}，以薪资栏为准，请与用人单位核对"


def shown(pay: Pay) -> str:
    """The pay in words: 3000-5000元, 8000元以上, 8000元以内."""
    if pay.minimum is not None and pay.maximum is not None:
        return f"{pay.minimum}元" if pay.minimum == pay.maximum else f"{pay.minimum}-{pay.maximum}元"
    return (
        f"{pay.minimum}元以上"
        if pay.minimum is not None
        else f"{pay.maximum}元以内"
        if pay.maximum
        else "面议"
    )
