"""What a rule is, and what it finds.

A rule is declared beside its function: its number and code, how grave, whom it concerns, how to mend. The function
says what is wrong in a sentence about the case, without names and with numbers masked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from ledger.doubts.thresholds import Thresholds
from ledger.gazetteer import Gazetteer
from ledger.records.reported import Reported
from models.coded import Coded
from models.doubt import DoubtSeverity
from models.id_number import IdNumber, IdNumberFault, InvalidIdNumber, read_id_number

Severity = DoubtSeverity
"""How grave a finding is: the table's own words."""


class Concerns(Coded):
    """Whom a finding is about, and what its rule looks at together."""

    ROW = "row", "一条记录"
    PERSON = "person", "一个人"
    HOUSEHOLD = "household", "一户"
    LIST = "list", "整张表"


class MendAt(Coded):
    """Where a finding is mended: what its link leads to."""

    PERSON = "person", "基本情况"
    REPORT = "report", "务工经历"
    HOUSEHOLD = "household", "家庭情况"
    LIST = "list", "名册"
    NUMBER = "number", "证件号码"
    PROOF = "proof", "佐证"


@dataclass(frozen=True)
class Context:
    """What the rules are told beside the records: the day, the home county, the thresholds.

    `numbered` tells whether a row's number means anything to the reader: in a file it does, in our own tables not.
    `asked` are the fields that any of the records asks: somebody who is not in a list of those away is not away
    where such a list was given, and may be where none was.
    """

    as_of: date
    home: str
    thresholds: Thresholds = field(default_factory=Thresholds)
    gazetteer: Gazetteer = field(default_factory=Gazetteer.national)
    asked: Set[str] = frozenset()
    numbered: bool = True

    def nth(self, reported: Reported) -> str:
        """（第4行）, where rows have numbers that can be found again."""
        return f"（第{reported.row}行）" if self.numbered else ""

    @cached_property
    def _read(self) -> dict[str, IdNumber | IdNumberFault]:
        return {}

    def identity(self, reported: Reported) -> IdNumber | IdNumberFault | None:
        """What the ID number says, or what is wrong with it; None without one, or where it is another document.

        Whether the first six digits were ever a county's is left to the import: here length, date and check character.
        """
        text = reported.id_number
        if not text or not _is_id_card(reported.id_kind):
            return None
        found = self._read.get(text)
        if found is None:
            try:
                found = read_id_number(
                    text, ever_assigned=lambda _: True, born_by=self.as_of, demonstration=True
                )
            except InvalidIdNumber as wrong:
                found = wrong.fault
            self._read[text] = found
        return found

    def birth_date(self, reported: Reported) -> date | None:
        """The date of birth that a valid ID number states."""
        identity = self.identity(reported)
        return identity.birth_date if isinstance(identity, IdNumber) else None


def _is_id_card(kind: str | None) -> bool:
    return not kind or any(word in kind for word in ("身份证", "户口", "残疾"))


class Hit(NamedTuple):
    """One case of a rule over several rows: the row to mend, what is wrong, the figures behind it.

    `about` tells apart the cases that a rule may have of one person, household or list.
    """

    reported: Reported
    what: str
    statistics: Mapping[str, int | float] = {}
    about: str = ""


@dataclass(frozen=True)
class Rule:
    """What every rule declares. `ages`: its sentence names an age or a length that grows while the case stays."""

    number: str
    code: str
    title: str
    severity: Severity
    concerns: Concerns
    mend: str
    mend_at: MendAt
    ages: bool


@dataclass(frozen=True)
class RowRule(Rule):
    """A rule that one row can break."""

    find: Callable[[Reported, Context], str | None]


@dataclass(frozen=True)
class GroupRule(Rule):
    """A rule over all rows of a person, a household or a list."""

    find: Callable[[Sequence[Reported], Context], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One 疑点: which row, which rule, what is wrong."""

    reported: Reported
    rule: Rule
    what: str
    statistics: Mapping[str, int | float] = field(default_factory=dict)
    about: str = ""


def row_rule(
    number: str, title: str, severity: Severity, mend: str, *, mend_at: MendAt, ages: bool = False
) -> Callable[[Callable[[Reported, Context], str | None]], RowRule]:
    """Declare a rule of one row; its code is the function's name."""
    return lambda find: RowRule(
        number, find.__name__, title, severity, Concerns.ROW, mend, mend_at, ages, find
    )


def group_rule(
    number: str, title: str, severity: Severity, concerns: Concerns, mend: str, *, mend_at: MendAt
) -> Callable[[Callable[[Sequence[Reported], Context], Iterable[Hit]]], GroupRule]:
    """Declare a rule of several rows; its code is the function's name."""
    return lambda find: GroupRule(
        number, find.__name__, title, severity, concerns, mend, mend_at, False, find
    )
