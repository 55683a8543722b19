"""The evidence column of spells.csv: `A 2025-01-01..2025-06-30;C 2025-07-01..2025-08-31 seal+telephone+uscc`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ledger.forms.cells import Unclear
from ledger.forms.values import day, narrow
from models.spell import EvidenceGrade

MARKS = ("seal", "telephone", "uscc")
_HOW = "应写成“A 2025-01-01..2025-06-30”，多项用分号分开；单位证明在后面写有哪些要件，如“seal+telephone+uscc”"
_PIECE = re.compile(r"([A-D])\s+([0-9-]+)\.\.([0-9-]+)(?:\s+([a-z+]+))?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class ToldEvidence:
    """A piece of evidence as it is told: grade, first and last day covered, and the marks that a certificate bears."""

    grade: EvidenceGrade
    covers_from: date
    covers_to: date
    marks: frozenset[str] = frozenset()


def read_evidence(text: str) -> tuple[ToldEvidence, ...]:
    """All pieces that the text tells; a period told in months covers the whole of them.

    Raises
    ------
    Unclear
        for anything else than pieces of evidence.
    """
    return tuple(_piece(part.strip()) for part in narrow(text).split(";") if part.strip())


def _piece(text: str) -> ToldEvidence:
    match = _PIECE.fullmatch(text)
    if match is None:
        raise Unclear(_HOW)
    marks = frozenset(match[4].split("+")) if match[4] else frozenset[str]()
    if not marks <= set(MARKS):
        raise Unclear(f"证明的要件只能写：{'、'.join(MARKS)}，用加号连接")
    begins, ends = _day(match[2]), _day(match[3])
    if _MONTH.fullmatch(match[3]):
        ends = ends.replace(day=monthrange(ends.year, ends.month)[1])
    if ends < begins:
        raise Unclear("佐证的结束日期早于开始日期，请核对")
    return ToldEvidence(EvidenceGrade.read(match[1]), begins, ends, marks)


@lru_cache(maxsize=50_000)
def _day(text: str) -> date:
    return day(f"{text}-01" if _MONTH.fullmatch(text) else text)
