"""导入招聘广告: a file of real advertisements becomes posts, and every line is told what became of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict

from sqlalchemy import insert
from sqlmodel import Session, col, select

from api.errors import Problem, invalid
from ledger.gazetteer import Gazetteer
from ledger.postings.findings import Severity
from ledger.postings.reading import Posting, Rejected, read_posting, shift_dates
from ledger.postings.report import outcome
from ledger.vacancies import settle
from models.employer import Employer
from models.intake import Import, ImportLine
from models.vacancy import Vacancy, VacancyState

Read = Posting | Rejected
Progress = Callable[[int, int, str], None]


LONGEST_FILE = 100_000  # lines; a line takes about a millisecond
_OTHER_KINDS = {
    b"PK\x03\x04": "Excel工作簿或压缩包",
    b"\xd0\xcf\x11\xe0": "旧版Excel或Word文件",
    b"\x1f\x8b": "压缩包",
    b"%PDF": "PDF文件",
    b"\xff\xfe": "UTF-16编码的文件",
    b"\xfe\xff": "UTF-16编码的文件",
}
"""The first bytes of files that people choose by mistake."""


class EmptyFile(ValueError):
    """There is no line in the file."""


def read_postings(content: bytes, progress: Progress | None = None) -> list[Read]:
    """Every line of a JSON Lines file, read or rejected; an empty line is a rejected one.

    Raises
    ------
    EmptyFile
        when no line holds anything.
    Problem
        422 when it is another kind of file, or too long.
    """
    _refuse_empty_and_others(content)
    lines = content.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\n").split(b"\n")
    if len(lines) > LONGEST_FILE:
        raise _too_long()
    gazetteer = Gazetteer.national()
    read: list[Read] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            read.append(read_posting(number, line, gazetteer=gazetteer))
        else:
            read.append(Rejected(number, f"第{number}行是空行，可以删去"))
        if progress and number % 50 == 0:
            progress(number, len(lines), "读取广告")
    return read


def _refuse_empty_and_others(content: bytes) -> None:
    for beginning, kind in _OTHER_KINDS.items():
        if content.startswith(beginning):
            raise invalid("file", "other_kind", f"这是{kind}，请另存为UTF-8编码、每行一条广告的 .jsonl 文件")
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        raise EmptyFile


def refuse_other_kinds(content: bytes) -> None:
    """What can be said of a file of advertisements before it is read.

    Raises
    ------
    Problem
        422 when it is empty, of another kind, or too long.
    """
    try:
        _refuse_empty_and_others(content)
    except EmptyFile:
        raise invalid("file", "empty", "文件里没有内容，请选择每行一条广告的 .jsonl 文件") from None
    if content.count(b"\n") > LONGEST_FILE:
        raise _too_long()


def _too_long() -> Problem:
    return invalid("file", "too_many_lines", f"文件超过{LONGEST_FILE // 10_000}万行，请分成几份再导入")


def same_file(session: Session, row: Import) -> list[Import]:
    """Imports of the very same file for another bureau or date, before `row`; its advertisements are there twice."""
    return list(
        session.exec(
            select(Import)
            .where(
                Import.kind == row.kind,
                Import.file_sha256 == row.file_sha256,
                col(Import.id) < row.identity,
            )
            .order_by(col(Import.id))
        )
    )


def apply_postings(
    session: Session, row: Import, content: bytes, *, progress: Progress | None = None
) -> None:
    """Let the lines of a file become posts of the bureau that the import is for.

    `row.as_of` is the day on which the file is current. In demonstration mode, where the business date stands still,
    all dates are moved by `row.shifted_days`, so that it falls on it, and the import says so.

    Raises
    ------
    EmptyFile
        when there is nothing in it.
    Problem
        422 when it is another kind of file, or too long.
    """
    read = read_postings(content, progress)
    if row.shifted_days:
        read = [shift_dates(line, row.shifted_days) if isinstance(line, Posting) else line for line in read]
    if progress:
        progress(0, 0, "写入岗位")
    _apply(session, row, read)
    row.counts = counts_of_read(read)
    session.add(row)
    session.flush()


def keep_posts(session: Session, row: Import, read: Sequence[Read]) -> None:
    """Let what was read become posts of the bureau, published where they are whole and lawful."""
    employers: dict[tuple[str, str], Employer] = {}
    for line in read:
        if isinstance(line, Posting):
            vacancy = vacancy_of(row, line, _employer(session, employers, row.region, line))
            session.add(vacancy)
    session.flush()


def _apply(session: Session, row: Import, read: Sequence[Read]) -> None:
    keep_posts(session, row, read)
    session.execute(
        insert(ImportLine),
        [
            {
                "import_id": row.identity,
                "line": line.line,
                "status": line.status.value,
                "reason": (told := outcome(line)).reason,
                "reading": {} if isinstance(line, Rejected) else asdict(told),
            }
            for line in read
        ],
    )


def _employer(
    session: Session, known: dict[tuple[str, str], Employer], kept_by: str, posting: Posting
) -> Employer | None:
    if posting.company is None:
        return None
    region = posting.region or kept_by
    key = (posting.company, region)
    if key not in known:
        found = session.exec(
            select(Employer).where(
                Employer.name == posting.company, Employer.region == region, Employer.kept_by == kept_by
            )
        ).first()
        if found is None:
            found = Employer(name=posting.company, region=region, kept_by=kept_by)
            session.add(found)
            session.flush()
        known[key] = found
    return known[key]


def vacancy_of(row: Import, posting: Posting, employer: Employer | None) -> Vacancy:
    """The post that an advertisement makes: published where it is whole and lawful."""
    vacancy = Vacancy(
        employer_id=employer.id if employer else None,
        kept_by=row.region,
        region=posting.region,
        title=posting.title,
        occupation=posting.occupation,
        seats=posting.seats,
        pay_min=posting.pay_min,
        pay_max=posting.pay_max,
        min_age=posting.min_age,
        max_age=posting.max_age,
        min_education=posting.schooling.minimum,
        lodging=posting.lodging,
        meals=posting.meals,
        social_insurance=posting.social_insurance,
        shift=posting.shift,
        posted_on=posting.posted_on,
        valid_from=posting.posted_on,
        valid_until=posting.valid_until,
        refreshed_on=posting.posted_on,
        unlawful_demands=[asdict(found) for found in posting.unlawful],
        text=posting.text,
        import_id=row.identity,
        import_line=posting.line,
    )
    settle(vacancy)
    if not vacancy.missing and not vacancy.unlawful_demands:
        vacancy.state = VacancyState.PUBLISHED
    return vacancy


def counts_of_read(read: Sequence[Read]) -> dict[str, int]:
    """How many lines came to what, and how many lack or demand what."""
    counts: Counter[str] = Counter({"lines": len(read)})
    for line in read:
        counts[line.status.value] += 1
        if isinstance(line, Posting):
            counts.update(f"unknown:{ground}" for ground in {found.ground.value for found in line.unknowns})
            counts.update(f"held:{ground}" for ground in {found.ground.value for found in line.unlawful})
            counts["ask"] += any(found.severity is Severity.ASK for found in line.findings)
    return dict(counts)
