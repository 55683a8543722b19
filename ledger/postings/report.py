"""What came of an import: one row a line, counts by status and reason, and both as CSV."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TextIO

from ledger.cells import harmless
from ledger.postings.findings import Finding, Severity
from ledger.postings.reading import Posting, Rejected
from models.intake import OF_A_POSTING

COLUMNS = (
    "line",
    "status",
    "pay_min",
    "pay_max",
    "seats",
    "region",
    "education",
    "occupation",
    "reason",
)


@dataclass(frozen=True)
class Outcome:
    """One line of the table; an empty text is unknown, education `any` is 不限."""

    line: int
    status: str
    pay_min: str
    pay_max: str
    seats: str
    region: str
    education: str
    occupation: str
    reason: str


@dataclass(frozen=True)
class Counts:
    """How many lines came to what. A line with several unknowns or grounds counts in each of them."""

    lines: int
    by_status: dict[str, int]
    unknowns: dict[str, int]
    held: dict[str, int]


def outcome(read: Posting | Rejected) -> Outcome:
    """The row of one line; its reason names every unlawful demand, every lack and every remark."""
    if isinstance(read, Rejected):
        return Outcome(read.line, read.status, "", "", "", "", "", "", read.reason)
    reasons = [_sentence(finding) for finding in (*read.findings, *read.unknowns)]
    return Outcome(
        read.line,
        read.status,
        _text(read.pay_min),
        _text(read.pay_max),
        _text(read.seats),
        read.region or "",
        read.schooling.code,
        read.occupation or "",
        "；".join([*reasons, *read.remarks]),
    )


def counts(all_read: Iterable[Posting | Rejected]) -> Counts:
    """The sums of an import: by status, unknowns by what is missing (of every posting), held back by ground."""
    statuses: Counter[str] = Counter({status.value: 0 for status in OF_A_POSTING})
    unknowns: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for read in all_read:
        statuses[read.status.value] += 1
        if isinstance(read, Posting):
            unknowns.update({finding.ground.value for finding in read.unknowns})
            held.update({finding.ground.value for finding in read.unlawful})
    return Counts(statuses.total(), dict(statuses), dict(unknowns.most_common()), dict(held.most_common()))


def write_csv(outcomes: Iterable[Outcome], stream: TextIO) -> None:
    """Write the table to a text stream opened with newline=''.

    A text that begins with = + - or @ would be a formula to a spreadsheet; an apostrophe in front keeps it text.
    """
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    for row in outcomes:
        writer.writerow({name: harmless(str(value)) for name, value in asdict(row).items()})


def _sentence(finding: Finding) -> str:
    if finding.severity is Severity.MISSING:
        return f"{finding.ground.label}：{finding.phrase}"
    what = "违法限制" if finding.severity is Severity.UNLAWFUL else "需说明理由"
    return f"{what}（{finding.ground.label}）：“{' '.join(finding.phrase.split())}”"


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
