"""One line of an advertisement file, read: a posting with all that it states and lacks, or the reason why not."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ledger.gazetteer import Gazetteer
from ledger.occupations import read_occupation
from ledger.postings import terms
from ledger.postings.ages import read_ages
from ledger.postings.dates import Validity, read_validity
from ledger.postings.demands import find_demands
from ledger.postings.duties import says_what_the_work_is
from ledger.postings.findings import Finding, Ground, Severity
from ledger.postings.pay import Pay, read_pay, shown
from ledger.postings.place import former_name, read_place
from ledger.postings.schooling import Schooling, read_schooling
from ledger.postings.seats import MOST_SEATS, beyond_range, read_seats
from ledger.postings.wording import plain, posts, title_names, without_markup
from models.intake import LineStatus
from models.vacancy import Shift

LONGEST_TITLE = LONGEST_COMPANY = 100  # what the columns of a post and of an employer hold
LONGEST_FIELD = 500
LONGEST_DESCRIPTION = 20_000  # characters; real ones end before 2,500
LONGEST_LINE = 200_000  # bytes; an advertisement is rarely above five thousand

# The columns of the file and what a clerk calls them.
FIELDS = {
    "title": "岗位名称",
    "company": "用人单位",
    "region": "地区",
    "salary": "薪资",
    "headcount": "招聘人数",
    "education": "学历",
    "gender_req": "性别要求",
    "posted": "发布日期",
    "deadline": "截止日期",
    "description": "岗位描述",
}
LONGEST: Mapping[str, int] = {
    "title": LONGEST_TITLE,
    "company": LONGEST_COMPANY,
    "description": LONGEST_DESCRIPTION,
}
_REQUIREMENT = (
    "五部门《关于规范网络平台招聘类信息发布的通知》（2026年）："
    "招聘信息应写明用人单位、招聘人数、招聘条件、工作内容、工作地点、基本劳动报酬，并标注有效期限"
)
_SEVERAL_NAMES = 3  # 普工/操作工 is one post by two names


@dataclass(frozen=True)
class Posting:
    """An advertisement as read. Pay in yuan a month, codes for places and occupations; None is unknown.

    `findings` are demands, unlawful ones and those that need a reason; `unknowns` are what the law wants and the
    advertisement lacks; `remarks` are for whoever checks it. `source` keeps the line's own fields as they came.
    """

    line: int
    title: str
    company: str | None
    region: str | None
    pay: Pay
    seats: int | None
    schooling: Schooling
    occupation: str | None
    min_age: int | None
    max_age: int | None
    posted_on: date | None
    valid_until: date | None
    lodging: bool | None
    meals: bool | None
    social_insurance: bool | None
    shift: Shift | None
    text: str
    source: Mapping[str, Any] = field(repr=False)
    findings: tuple[Finding, ...]
    unknowns: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()

    @property
    def pay_min(self) -> int | None:
        return self.pay.minimum

    @property
    def pay_max(self) -> int | None:
        return self.pay.maximum

    @property
    def unlawful(self) -> tuple[Finding, ...]:
        """The findings that hold the advertisement back."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.UNLAWFUL)

    @property
    def status(self) -> LineStatus:
        if self.unlawful:
            return LineStatus.HELD
        return LineStatus.UNKNOWNS if self.unknowns else LineStatus.WHOLE

    def open_on(self, day: date) -> bool:
        """Whether the advertisement stands on `day`; one without both dates stands on no day."""
        return bool(self.posted_on and self.valid_until and self.posted_on <= day <= self.valid_until)


@dataclass(frozen=True)
class Rejected:
    """A line that could not be read, and why, in words that name line and field and never repeat their contents."""

    line: int
    reason: str
    field: str | None = None

    @property
    def status(self) -> LineStatus:
        return LineStatus.REJECTED


def read_posting(
    line_no: int,
    raw: bytes | str | Mapping[str, Any],
    *,
    gazetteer: Gazetteer,
) -> Posting | Rejected:
    """Read one line (from 1) of an advertisement file; whatever the line holds, it answers and raises nothing.

    Parameters
    ----------
    raw : the line as bytes, as text, or as the object that was in it.
    """
    parsed = _parse(line_no, raw)
    if isinstance(parsed, Rejected):
        return parsed
    words = _words(line_no, parsed)
    if isinstance(words, Rejected):
        return words
    title, text = words["title"], without_markup(words["description"])
    pay = read_pay(words["salary"], title, text)
    seats = read_seats(words["headcount"], title, text)
    region = read_place(words["region"], title, text, gazetteer)
    validity = read_validity(words["posted"], words["deadline"])
    min_age, max_age = read_ages(title, text)
    schooling = read_schooling(words["education"], title, text)
    occupation = read_occupation(title)
    return Posting(
        line=line_no,
        title=title,
        company=words["company"] or None,
        region=region,
        pay=pay,
        seats=seats,
        schooling=schooling,
        occupation=occupation.code if occupation else None,
        min_age=min_age,
        max_age=max_age,
        posted_on=validity.posted_on,
        valid_until=validity.valid_until,
        lodging=terms.lodging(text),
        meals=terms.meals(text),
        social_insurance=terms.social_insurance(text),
        shift=terms.shift(text),
        text=text,
        source=dict(parsed),
        findings=find_demands(gender=words["gender_req"], title=title, text=text),
        unknowns=tuple(_missing(words, pay, seats, region, validity, text)),
        remarks=tuple(_remarks(words["region"], title, text, pay, schooling, gazetteer)),
    )


def shift_dates(posting: Posting, days: int) -> Posting:
    """`posting` with its dates moved by `days`, for showing an old advertisement on a later business date.

    Dates that would leave the calendar stay unknown; a remark says that the dates were moved.
    """

    def moved(day: date | None) -> date | None:
        try:
            return day + timedelta(days=days) if day else None
        except OverflowError:
            return None

    remark = (
        f"演示：发布日期和截止日期后移了{days}天" if days >= 0 else f"演示：发布日期和截止日期前移了{-days}天"
    )
    return replace(
        posting,
        posted_on=moved(posting.posted_on),
        valid_until=moved(posting.valid_until),
        remarks=(*posting.remarks, remark),
    )


def _parse(line_no: int, raw: bytes | str | Mapping[str, Any]) -> Mapping[str, Any] | Rejected:
    if isinstance(raw, Mapping):
        return raw
    if len(raw) > LONGEST_LINE:
        return Rejected(line_no, f"第{line_no}行太长（超过{LONGEST_LINE // 1000}KB），请检查是否少了换行")
    if isinstance(raw, bytes):
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return Rejected(line_no, _encoding_reason(line_no, raw))
    else:
        text = raw
    if "\x00" in text:
        return Rejected(line_no, f"第{line_no}行含有空字符（NUL），请用文本编辑器删去后重新导入")
    try:
        parsed = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return Rejected(line_no, f"第{line_no}行不是完整的JSON，请检查引号、逗号和括号")
    if not isinstance(parsed, dict):
        return Rejected(line_no, f"第{line_no}行不是一条招聘信息，应为一个JSON对象（以花括号开头）")
    return parsed


def _encoding_reason(line_no: int, raw: bytes) -> str:
    try:
        chinese = re.search("[一-龥]", raw.decode("gb18030"))
    except UnicodeDecodeError:
        chinese = None
    if chinese:
        return f"第{line_no}行是GBK编码，不是UTF-8，请把文件另存为UTF-8后重新导入"
    return f"第{line_no}行不是UTF-8编码，文字已损坏，请重新导出后导入"


def _words(line_no: int, parsed: Mapping[str, Any]) -> dict[str, str] | Rejected:
    """Every field as text without blanks around it; an absent one is empty."""
    words: dict[str, str] = {}
    for name, label in FIELDS.items():
        value = parsed.get(name)
        if value is None:
            value = ""
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12:
            value = str(value)
        if not isinstance(value, str):
            return Rejected(line_no, f"第{line_no}行“{label}”（{name}）不是文字，请改成文字", name)
        if re.search("[\x00\ud800-\udfff]", value):
            return Rejected(line_no, f"第{line_no}行“{label}”（{name}）含有不能保存的字符，请删去", name)
        words[name] = value.strip()
    if not words["title"]:
        return Rejected(line_no, f"第{line_no}行没有“岗位名称”（title），请补上", "title")
    for name, label in FIELDS.items():
        longest = LONGEST.get(name, LONGEST_FIELD)
        if len(words[name]) > longest:
            return Rejected(line_no, f"第{line_no}行“{label}”（{name}）超过{longest}个字，请改短", name)
    return words


def _remarks(
    region: str, title: str, text: str, pay: Pay, schooling: Schooling, gazetteer: Gazetteer
) -> Iterator[str]:
    if len(posts(plain(text))) > 1 or len(title_names(title)) >= _SEVERAL_NAMES:
        yield "广告含多个岗位，人数和工资请核对"
    if pay.remark:
        yield pay.remark
    if schooling.remark:
        yield schooling.remark
    if former := former_name(region, gazetteer):
        yield f"地区原文：{former}"


def _missing(
    words: Mapping[str, str],
    pay: Pay,
    seats: int | None,
    region: str | None,
    validity: Validity,
    text: str,
) -> list[Finding]:
    lacks: list[tuple[Ground, str, str, str]] = []
    if pay.minimum is None:
        only_top = f"只写了上限（{shown(pay)}），不算写明薪酬" if pay.known else "没有写明薪酬，面议不算"
        lacks.append((Ground.MISSING_PAY, "salary", only_top, "写明月薪范围，如“4000-5000元/月”"))
    if seats is None:
        why = (
            f"招聘人数超出范围，应在1到{MOST_SEATS}人之间"
            if beyond_range(words["headcount"])
            else "没有写明招聘人数，若干、不限不算"
        )
        lacks.append((Ground.MISSING_SEATS, "headcount", why, "写明人数，如“10人”"))
    if validity.reason:
        lacks.append((Ground.MISSING_VALIDITY, "deadline", validity.reason, "写明截止日期，如“2025-06-30”"))
    elif validity.posted_on is None:
        lacks.append(
            (Ground.MISSING_VALIDITY, "posted", "没有有效的发布日期", "写明发布日期，如“2025-03-01”")
        )
    if region is None:
        unread = "地区没有读懂" if words["region"] else "没有写工作地点"
        lacks.append((Ground.MISSING_PLACE, "region", unread, "写明省、市、县（区）"))
    elif len(region) == 2:
        lacks.append((Ground.MISSING_PLACE, "region", "工作地点只写到省", "写明市、县（区）"))
    if not words["company"]:
        lacks.append((Ground.MISSING_EMPLOYER, "company", "没有写用人单位", "写明用人单位全称"))
    if not re.search("[A-Za-z一-龥]", words["title"]):
        lacks.append((Ground.MISSING_DUTIES, "title", "岗位名称里没有文字", "写明岗位名称，如“缝纫工”"))
    elif not says_what_the_work_is(text):
        lacks.append(
            (Ground.MISSING_DUTIES, "description", "没有写岗位职责或条件", "写明做什么、怎么做、上班时间")
        )
    return [
        Finding(ground, Severity.MISSING, name, why, _REQUIREMENT, advice)
        for ground, name, why, advice in lacks
    ]
