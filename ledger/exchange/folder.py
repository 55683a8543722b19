"""What a folder at work knows: whom and what its keys mean, of its own rows and of what is in the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from ledger.gazetteer import county_of
from ledger.intake.judged import Judged
from ledger.intake.layouts import Complaint, Line
from models.employer import Employer
from models.exchange import ExchangeKey, ExchangeNoun
from models.intake import ImportKind, LineStatus
from models.vacancy import Vacancy
from models.worker import Worker

LONGEST_KEY = 60
_UNCLEAR = "没有读懂，这一行先不入库，请改好"
_TOO_LONG = f"超过{LONGEST_KEY}个字，请改短"
_NOBODY = "台账里没有人编号是它的人，workers.csv 里也没有；请在 workers.csv 补上 name、id_number 两列，或先用花名册登记"
_SEVERAL = "台账里有几个人是这个人编号，请先合并或更正人编号"
_NOT_IN = "workers.csv 里这个人没有入库，请先改好那一行"
_NO_FIRM = "employers.csv 里没有这个单位，以前的交换文件夹里也没有；请在 employers.csv 补上"
_FIRM_NOT_IN = "employers.csv 里这个单位没有入库，请先改好那一行"
_NO_POST = "vacancies.csv 里没有这个岗位，以前的交换文件夹里也没有；请在 vacancies.csv 补上"
_POST_NOT_IN = "vacancies.csv 里这个岗位没有入库，请先改好那一行"


class Row(NamedTuple):
    """One line of one of the files, and the row in it."""

    line: int
    row: int
    told: Line

    @property
    def values(self) -> dict[str, Any]:
        """What it says, by heading."""
        return dict(self.told.extra)


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer that a key means; without a number it is made when the folder is applied."""

    number: int | None
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a key means; without a number it is made when the folder is applied."""

    number: int | None
    held: bool = False


@dataclass(slots=True)
class Folder:
    """One folder at work.

    `people`, `firms` and `posts` are what its keys mean, looked up as they are needed: a person without a number is
    registered when the folder is applied. `lost` are keys that mean nothing, with the reason. `named` are the keys of
    workers.csv, `superseded` those rows of spells.csv in whose place another stands. `numbers` tells the person of a key
    apart from another's, `detailed` of whom more than a list tells was told already, `companions` who is to be placed with whom (person, the other's key, line), `waiting` the keys of people whom a line will register, `made` the posts that a row has told of.
    """

    import_id: int
    region: str
    as_of: date
    named: frozenset[str] = frozenset()
    superseded: frozenset[str] = frozenset()
    people: dict[str, int | None] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    lost: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    detailed: set[int | str] = field(default_factory=set)
    waiting: dict[int, list[str]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    companions: list[tuple[int, str, int]] = field(default_factory=list)

    @property
    def county(self) -> str:
        """The county within which a 人编号 means one person."""
        return county_of(self.region)

    def take_person(self, key: str, judged: Judged, *, taken: bool) -> None:
        """Let the key mean the person of a line of workers.csv, or nobody where the line does not come in."""
        if taken:
            self.people[key] = judged.worker_id
            if judged.worker_id is None:
                self.waiting.setdefault(judged.line, []).append(key)
            self.lost.pop(("worker_id", key), None)
        elif key not in self.numbers:
            self.people.pop(key, None)
            self.lost["worker_id", key] = _NOT_IN

    def lose(self, heading: str, key: str) -> None:
        """The row that would have told what the key means does not come in."""
        meanings: dict[str, Any] = self.firms if heading == "employer_id" else self.posts
        if key not in meanings:
            self.lost[heading, key] = _FIRM_NOT_IN if heading == "employer_id" else _POST_NOT_IN

    def anybody(self, session: Session, keys: Iterable[str]) -> set[str]:
        """Which of the keys mean somebody, of the folder or of the ledger."""
        wanted = set(keys)
        self._people(session, wanted - self.named)
        return {key for key in wanted if key in self.named or key in self.people}

    def look_up(self, session: Session, rows: Sequence[Row]) -> None:
        """Find what the keys of some rows mean, in a few queries."""
        keys = {
            heading: {str(row.told.extra[heading]) for row in rows if row.told.extra.get(heading)}
            for heading in ("worker_id", "employer_id", "vacancy_id")
        }
        self._people(session, keys["worker_id"])
        self._firms(session, keys["employer_id"])
        self._posts(session, keys["vacancy_id"])

    def _people(self, session: Session, keys: set[str]) -> None:
        wanted = keys - self.people.keys() - {key for heading, key in self.lost if heading == "worker_id"}
        found: dict[str, set[int]] = {}
        for person, worker_id in _under(session, self.county, wanted):
            found.setdefault(person, set()).add(worker_id)
        for key in wanted:
            if len(found.get(key, ())) == 1:
                self.people[key] = found[key].pop()
            else:
                self.lost["worker_id", key] = _SEVERAL if key in found else _NOBODY

    def _firms(self, session: Session, keys: set[str]) -> None:
        wanted = keys - self.firms.keys() - {key for heading, key in self.lost if heading == "employer_id"}
        for key, number, name, region in session.exec(
            select(ExchangeKey.key, Employer.id, Employer.name, Employer.region)
            .join(Employer, col(Employer.id) == col(ExchangeKey.employer_id))
            .where(
                ExchangeKey.region == self.region,
                ExchangeKey.noun == ExchangeNoun.EMPLOYER,
                col(ExchangeKey.key).in_(wanted),
            )
        ):
            self.firms[key] = Firm(number, name, region)
        for key in wanted - self.firms.keys():
            self.lost["employer_id", key] = _NO_FIRM

    def _posts(self, session: Session, keys: set[str]) -> None:
        wanted = keys - self.posts.keys() - {key for heading, key in self.lost if heading == "vacancy_id"}
        for key, number, demands in session.exec(
            select(ExchangeKey.key, Vacancy.id, Vacancy.unlawful_demands)
            .join(Vacancy, col(Vacancy.id) == col(ExchangeKey.vacancy_id))
            .where(
                ExchangeKey.region == self.region,
                ExchangeKey.noun == ExchangeNoun.VACANCY,
                col(ExchangeKey.key).in_(wanted),
            )
        ):
            self.posts[key] = Post(number, bool(demands))
        for key in wanted - self.posts.keys():
            self.lost["vacancy_id", key] = _NO_POST


def _under(session: Session, county: str, persons: Iterable[str]) -> list[tuple[str, int]]:
    rows = session.exec(
        select(Worker.national_number, Worker.id).where(
            col(Worker.national_number).in_(list(persons)),
            col(Worker.region).startswith(county, autoescape=True),
            col(Worker.merged_into).is_(None),
        )
    )
    return [(person, number) for person, number in rows if person and number]


def begun(row: Row, required: Iterable[str], *, whole: bool) -> Judged:
    """The line as it is before anything is known: skipped, rejected for what can't be read, or new.

    Parameters
    ----------
    required : headings without which the row says nothing.
    whole : a cell that can't be read refuses the whole row, since the rest would say something else without it.
    """
    needed = set(required)
    complaints = [
        replace(each, reason=f"{each.reason}；{_UNCLEAR}", refused=True)
        if not each.refused and (whole or each.column in needed)
        else each
        for each in row.told.complaints
    ]
    judged = Judged(row.line, None, LineStatus.NEW, complaints=complaints, kind=ImportKind.EXCHANGE)
    if row.told.skipped:
        judged.status = LineStatus.SKIPPED
        return judged
    for heading in needed | {"worker_id", "employer_id", "vacancy_id"}:
        value = row.told.extra.get(heading)
        if isinstance(value, str) and heading.endswith("_id") and len(value) > LONGEST_KEY:
            refuse(judged, heading, _TOO_LONG)
    return rejected(judged)


def meaning(folder: Folder, judged: Judged, row: Row, *headings: str) -> None:
    """Refuse the line where a key of its means nothing."""
    for heading in headings:
        key = row.told.extra.get(heading)
        if key and (why := folder.lost.get((heading, str(key)))):
            refuse(judged, heading, why)
    rejected(judged)


def refuse(judged: Judged, heading: str, reason: str) -> None:
    """The line does not come in before this is mended."""
    judged.complaints.append(Complaint(heading, reason, refused=True))


def complain(judged: Judged, heading: str, reason: str) -> None:
    """Something is told of the line, the rest of which comes in."""
    judged.complaints.append(Complaint(heading, reason))


def rejected(judged: Judged) -> Judged:
    """The line, rejected where something in it is refused."""
    refused = [each for each in judged.complaints if each.refused]
    if refused and judged.status is not LineStatus.SKIPPED:
        judged.status = LineStatus.REJECTED
        judged.reason = "；".join(f"{each.column}：{each.reason}" for each in refused)
    return judged
