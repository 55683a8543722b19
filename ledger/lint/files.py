"""A file of advertisements, JSON Lines or CSV, read by the linter: findings line by line, and what could not be read."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.gazetteer import Gazetteer
from ledger.postings.demands import sex
from ledger.postings.duties import NOTHING_OF_THE_WORK, says_what_the_work_is
from ledger.postings.findings import Finding, Ground
from ledger.postings.reading import FIELDS, Posting, Rejected, read_posting
from models.reference import occupations

# The exchange's vacancy columns, and the fields of an advertisement that say the same.
_EXCHANGE = {
    "text": "description",
    "pay_min": "salary",
    "seats": "headcount",
    "valid_until": "deadline",
    "valid_from": "posted",
    "employer_id": "company",
}
_ALSO_EXCHANGE = (
    "vacancy_id title region occupation pay_max hours_per_week min_age max_age min_education required_skills "
    "preferred_skills lodging meals social_insurance shift gender_req"
)
_KNOWN = {*FIELDS, *_EXCHANGE, *_ALSO_EXCHANGE.split()}
_OWN = {theirs: ours for ours, theirs in _EXCHANGE.items()}
LONGEST_CELL = 200_000  # characters; the reader refuses far shorter ones with a reason of its own


class Unreadable(ValueError):
    """Nothing in the file can be read; the message, in Chinese, says why and what to do."""


@dataclass
class Linted:
    """What came of a file. `findings` and `rejected` are in the file's order, each with its line (from 1).

    In a CSV the heading is line 1, as a spreadsheet numbers its rows.
    """

    lines: int = 0
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()

    def take(self, read: Posting | Rejected, found: tuple[Finding, ...] = ()) -> None:
        """Count one line in."""
        self.lines += 1
        if isinstance(read, Rejected):
            self.rejected.append(read)
        else:
            self.findings += [(read.line, finding) for finding in found]


def lint_posting(posting: Posting, occupation: str = "") -> tuple[Finding, ...]:
    """All that is wrong with one advertisement: demands first, then what it lacks."""
    found = [
        finding
        for finding in (*posting.findings, *posting.unknowns)
        if not sex.lawful_for(f"{posting.title} {occupation}", finding)
    ]
    lacking = {finding.ground for finding in posting.unknowns}
    if Ground.MISSING_DUTIES not in lacking and not says_what_the_work_is(posting.text):
        found.append(NOTHING_OF_THE_WORK)
    return tuple(found)


def lint_json_lines(content: bytes, progress: Callable[[int, int, str], None] | None = None) -> Linted:
    """Every line of a JSON Lines file, its objects with an advertisement's own names or the exchange's.

    Raises
    ------
    Unreadable
        when no line holds anything.
    """
    lines = _readable(content).removesuffix(b"\n").split(b"\n")
    gazetteer, linted, unknown = Gazetteer.national(), Linted(), dict[str, None]()
    for number, line in enumerate(lines, start=1):
        row = _texts(line)
        unknown |= dict.fromkeys(name for name in row if name not in _KNOWN)
        if (row.keys() - FIELDS.keys()) & _KNOWN:
            _take(linted, number, row)
        elif line.strip():
            read = read_posting(number, line, gazetteer=gazetteer)
            linted.take(read, lint_posting(read) if isinstance(read, Posting) else ())
        else:
            linted.take(Rejected(number, f"第{number}行是空行，可以删去"))
        if progress and number % 50 == 0:
            progress(number, len(lines), "检查广告")
    linted.unknown_columns = tuple(unknown)
    return linted


def _texts(line: bytes) -> dict[str, str]:
    """The fields of an object as texts; none where the line is no object: the reader says what is wrong with it."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        name: "" if value is None else str(value)
        for name, value in told.items()
        if not isinstance(value, dict | list)
    }


def lint_csv(content: bytes, progress: Callable[[int, int, str], None] | None = None) -> Linted:
    """Every row of a CSV with the exchange's vacancy columns or an advertisement file's own.

    Raises
    ------
    Unreadable
        when it is no text, or has no column of titles.
    """
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(_decoded(_readable(content)), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader)]
    except csv.Error:
        raise Unreadable("第1行的引号不成对，请用表格软件打开检查后另存") from None
    if "title" not in heading:
        raise Unreadable("第1行没有 title（岗位名称）这一列，请在第1行写列名，如 title,text,pay_min,seats")
    linted = Linted(unknown_columns=tuple(name for name in heading if name and name not in _KNOWN))
    number = 1
    try:
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                _take_row(linted, number, heading, cells)
            if progress and number % 50 == 0:
                progress(number, 0, "检查岗位")
    except csv.Error:
        reason = f"第{number + 1}行（文件第{reader.line_num}行附近）引号不成对，或一格太长，从这里起没有检查，请修改后重新检查"
        linted.take(Rejected(number + 1, reason))
    return linted


def _take_row(linted: Linted, number: int, heading: list[str], cells: list[str]) -> None:
    if len(cells) > len(heading):
        more = len(cells) - len(heading)
        linted.take(Rejected(number, f"第{number}行比标题行多{more}列，请检查引号和逗号"))
        return
    _take(linted, number, dict(zip(heading, cells, strict=False)))


def _take(linted: Linted, number: int, row: Mapping[str, str]) -> None:
    read = read_posting(number, _as_advertisement(row), gazetteer=Gazetteer.national())
    if isinstance(read, Rejected):
        linted.take(_in_their_words(read, row))
    else:
        found = lint_posting(read, _occupation(row.get("occupation", "")))
        linted.take(read, tuple(_for_columns(found, row)))


def _readable(content: bytes) -> bytes:
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise Unreadable("文件里没有内容，请选择 .jsonl 或 .csv 文件")
    if content.startswith(
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")
    ):
        raise Unreadable(
            "这不是文本文件（可能是Excel工作簿、压缩包或UTF-16文件），请另存为UTF-8编码的 .csv 文件"
        )
    return content


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件不是UTF-8编码，文字已损坏，请重新导出为UTF-8编码的 .csv 文件")


def _as_advertisement(row: Mapping[str, str]) -> dict[str, Any]:
    """A row under an advertisement's field names; its own names win where it has both."""
    theirs: dict[str, Any] = {ours: row.get(column, "") for column, ours in _EXCHANGE.items()}
    if low := row.get("pay_min", "").strip():
        high = row.get("pay_max", "").strip()
        theirs["salary"] = f"{low}-{high}" if high else low
    elif high := row.get("pay_max", "").strip():
        theirs["salary"] = f"{high}以下"
    return theirs | {name: row[name] for name in FIELDS if name in row}


def _for_columns(found: tuple[Finding, ...], row: Mapping[str, str]) -> Iterator[Finding]:
    """The findings under the row's own column names. The exchange asks for no date of posting."""
    for finding in found:
        if finding.field == "posted" and "posted" not in row:
            continue
        column = _OWN.get(finding.field, finding.field)
        yield finding if finding.field in row else replace(finding, field=column)


def _in_their_words(read: Rejected, row: Mapping[str, str]) -> Rejected:
    if read.field is None or read.field in row:
        return read
    column = _OWN.get(read.field, read.field)
    return replace(read, reason=read.reason.replace(f"（{read.field}）", f"（{column}）"), field=column)


def _occupation(stated: str) -> str:
    names = {row.code: row.name for row in occupations()} if stated.strip().isdigit() else {}
    return names.get(stated.strip(), stated)
