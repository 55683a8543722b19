"""重点单位: which employers have many poverty-relieved people and keep them, and what each is entitled to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from api.benefits import amount_public
from api.deps import Caller
from api.errors import invalid, not_found
from api.paging import Page, Paging, after_cursor, cursor_of
from api.presenting import Presenter
from api.schemas.base import Labelled
from api.schemas.benefit import (
    FirmStandingPublic,
    KeyEmployerPublic,
    KeyEmployersPage,
    KeyWorkerPublic,
    StayedPublic,
)
from models.employer import OF_THE_COUNTY, Employer, EmployerKind
from models.spell import EmploymentSpell
from models.worker import Worker
from outcomes.benefits.benefit import Benefit, Party
from outcomes.benefits.employers import Firm, judge_firm
from outcomes.benefits.people import firms_of
from outcomes.benefits.staying import FEW, MARKS, Stayed, began, relieved, stayed, still_there, together

Who = Literal["at_work", "after_3", "after_6"]
SORTS = ("-relieved", "-after_3", "-after_6")


@dataclass(frozen=True, slots=True)
class _Counted:
    """An employer, its poverty-relieved people now there, and how many stayed after each of `MARKS`."""

    row: Employer
    relieved: int
    stayed: tuple[Stayed, ...]


def key_employers(
    session: Session,
    benefits: Mapping[str, Benefit],
    present: Presenter,
    region: str,
    *,
    year: int,
    as_of: date,
    least: int,
    paging: Paging,
) -> KeyEmployersPage:
    """Employers kept by a region with at least so many poverty-relieved people now: the most first, of as many the one
    that keeps them best; or by how it keeps them.

    Raises
    ------
    Problem
        422 for an order that there is not.
    """
    order = paging.sort or SORTS[0]
    if order not in SORTS:
        raise invalid("sort", "unknown", "可以的顺序：" + "、".join(SORTS))
    after = after_cursor(paging.cursor)
    worked = exists().where(
        col(EmploymentSpell.employer_id) == col(Employer.id), col(EmploymentSpell.superseded_at).is_(None)
    )
    rows = session.exec(
        select(Employer)
        .where(
            col(Employer.kept_by).startswith(region, autoescape=True),
            # A public post ends with its term, however well its holder is kept.
            col(Employer.kind) != EmployerKind.PUBLIC_POST,
            or_(col(Employer.kind).in_(OF_THE_COUNTY), worked),
        )
        .order_by(col(Employer.id))
    ).all()
    firms = firms_of(session, benefits, as_of, rows)
    every = [_counted(row, firms[row.identity], as_of) for row in rows]
    found = _in_order([each for each in every if each.relieved >= least], order)
    numbers = [each.row.identity for each in found]
    begin = numbers.index(after) + 1 if after in numbers else 0
    shown = found[begin : begin + paging.limit]
    told = _standings(benefits, {each.row.identity: firms[each.row.identity] for each in shown}, year, as_of)
    summaries = {each.id: each for each in present.employers([each.row for each in shown])}
    items = [
        KeyEmployerPublic(
            employer=summaries[each.row.identity],
            relieved=each.relieved,
            after_3=_stayed_public(each.stayed[0]),
            after_6=_stayed_public(each.stayed[1]),
            benefits=told[each.row.identity],
        )
        for each in shown
    ]
    more = cursor_of(numbers[begin + paging.limit - 1]) if begin + paging.limit < len(found) else None
    return KeyEmployersPage(
        items=items,
        next_cursor=more,
        total=len(found),
        fewer=len(every) - len(found),
        few=FEW,
        without_benefit=sum(
            not any(_may_have(benefit, firms[each.row.identity], year) for benefit in benefits.values())
            for each in found
        ),
    )


def _counted(row: Employer, firm: Firm, as_of: date) -> _Counted:
    theirs = relieved(firm)
    return _Counted(
        row,
        sum(hand.at_work(as_of) for hand in theirs),
        tuple(stayed(theirs, months, as_of) for months in MARKS),
    )


def _in_order(found: list[_Counted], order: str) -> list[_Counted]:
    wholes = [together(each.stayed[at] for each in found) for at in range(len(MARKS))]
    shares = [whole.stayed / whole.cases if whole.cases else 0.0 for whole in wholes]

    def place(each: _Counted) -> tuple[float, float, int]:
        mark = SORTS.index(order) - 1
        kept = each.stayed[max(mark, 0)].shrunk(shares[max(mark, 0)])
        first = (each.relieved, kept) if mark < 0 else (kept, each.relieved)
        return -first[0], -first[1], each.row.identity

    return sorted(found, key=place)


def _stayed_public(told: Stayed) -> StayedPublic:
    return StayedPublic(cases=told.cases, stayed=told.stayed, share=told.share)


def key_workers(
    session: Session,
    benefits: Mapping[str, Benefit],
    present: Presenter,
    row: Employer,
    *,
    as_of: date,
    who: Who | None,
    paging: Paging,
) -> Page[KeyWorkerPublic]:
    """The poverty-relieved people behind an employer's numbers, by their numbers: who is there now, or whose three or six
    months are full and of whom it is known whether she stayed."""
    after = after_cursor(paging.cursor)
    hands = relieved(firms_of(session, benefits, as_of, [row])[row.identity])
    told = {}
    for hand in hands:
        marks = [still_there(hand, months, as_of) for months in MARKS]
        asked = {
            None: True,
            "at_work": hand.at_work(as_of),
            "after_3": marks[0] is not None,
            "after_6": marks[1] is not None,
        }
        if asked[who]:
            told[hand.key] = hand, marks
    numbers = sorted(number for number in told if isinstance(number, int))
    shown = [number for number in numbers if number > after][: paging.limit]
    rows = session.exec(select(Worker).where(col(Worker.id).in_(shown)).order_by(col(Worker.id))).all()
    items = []
    for worker in present.workers(list(rows)):
        hand, marks = told[worker.id]
        items.append(
            KeyWorkerPublic(
                worker=worker, started_on=began(hand), at_work=hand.at_work(as_of),
                after_3=marks[0], after_6=marks[1],
            )
        )  # fmt: skip
    more = cursor_of(shown[-1]) if shown and shown[-1] != numbers[-1] else None
    return Page(items=items, next_cursor=more, total=len(numbers))


def employer_or_404(session: Session, caller: Caller, employer_id: int) -> Employer:
    """The employer, if the caller's region keeps it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Employer, employer_id)
    if row is None or not caller.governs(row.kept_by):
        raise not_found("这个用人单位")
    return row


def standings_of_firm(
    session: Session, benefits: Mapping[str, Benefit], rows: Sequence[Employer], *, year: int, as_of: date
) -> dict[int, list[FirmStandingPublic]]:
    """How each employer stands to each benefit for employers of its region and year."""
    return _standings(benefits, firms_of(session, benefits, as_of, rows), year, as_of)


def _standings(
    benefits: Mapping[str, Benefit], firms: Mapping[int, Firm], year: int, as_of: date
) -> dict[int, list[FirmStandingPublic]]:
    found: dict[int, list[FirmStandingPublic]] = {}
    for number, firm in firms.items():
        found[number] = [
            FirmStandingPublic(
                benefit=Labelled(code=benefit.code, label=benefit.name),
                year=year,
                state=standing.state,
                amount=amount_public(standing.amount),
                heads=len(standing.heads),
                workers=standing.workers,
                relieved=standing.relieved,
                missing=list(standing.missing),
                claimed=any(
                    each.benefit.code == benefit.code and each.year == year and each.paid_on is None
                    for each in firm.payments
                ),
            )
            for benefit in benefits.values()
            if _may_have(benefit, firm, year)
            and (standing := judge_firm(benefit, firm, year=year, as_of=as_of))
        ]
    return found


def _may_have(benefit: Benefit, firm: Firm, year: int) -> bool:
    """Whether the benefit is one for such employers, there and in that year."""
    return (
        benefit.party is Party.EMPLOYER
        and benefit.of_year(year)
        and benefit.of_region(firm.region)
        and benefit.kind in (None, firm.kind)
    )
