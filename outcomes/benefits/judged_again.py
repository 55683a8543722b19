"""Claims judged once more: of the day of the claim, as the record says now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from models.benefit import BenefitClaim
from models.employer import Employer
from models.worker import Worker
from outcomes.benefits.employers import Firm, FirmStanding, judge_firm
from outcomes.benefits.judging import judge_all
from outcomes.benefits.people import Benefits, firms_of, people_of
from outcomes.benefits.standing import Payment, Person, Standing


@dataclass(frozen=True, slots=True)
class Judged:
    """What the benefit says of the claimant, as though this claim were not paid; the person, where it is one."""

    standing: Standing | FirmStanding
    person: Person | None


def judged_again(
    session: Session, rows: Sequence[BenefitClaim], benefits: Benefits
) -> dict[int, Judged | None]:
    """By claim; None where nobody can be judged: her data may only be stored, or she is not the session's to see.

    A claim of a benefit that is not known any more is not there. A claim of a record that went up in another is that
    person's.
    """
    found: dict[int, Judged | None] = {}
    by_day: dict[date, list[BenefitClaim]] = defaultdict(list)
    for row in rows:
        if row.benefit in benefits:
            by_day[row.opened_on].append(row)
    whose = _people_now(session, [row.worker_id for row in rows if row.worker_id is not None])
    for day, some in by_day.items():
        found |= _of_workers(
            session, [row for row in some if row.worker_id is not None], benefits, day, whose
        )
        found |= _of_employers(session, [row for row in some if row.employer_id is not None], benefits, day)
    return found


def _of_workers(
    session: Session, rows: Sequence[BenefitClaim], benefits: Benefits, day: date, whose: dict[int, int]
) -> dict[int, Judged | None]:
    people = people_of(session, benefits, day, worker_ids=set(whose.values())) if rows else {}
    alike: dict[tuple[str, int], list[tuple[BenefitClaim, Person]]] = defaultdict(list)
    found: dict[int, Judged | None] = {}
    for row in rows:
        person = people.get(whose.get(row.worker_id or 0, 0))
        if person is None:
            found[row.identity] = None
        else:
            unpaid = replace(person, payments=_without(row, person.payments))
            alike[row.benefit, row.year].append((row, unpaid))
    for (code, year), pairs in alike.items():
        standings = judge_all(benefits[code], [person for _, person in pairs], year=year, as_of=day)
        for (row, person), standing in zip(pairs, standings, strict=True):
            found[row.identity] = Judged(standing, person)
    return found


def _of_employers(
    session: Session, rows: Sequence[BenefitClaim], benefits: Benefits, day: date
) -> dict[int, Judged | None]:
    if not rows:
        return {}
    wanted = col(Employer.id).in_([row.employer_id for row in rows])
    firms = firms_of(session, benefits, day, session.exec(select(Employer).where(wanted)).all())

    def judged(row: BenefitClaim, firm: Firm) -> Judged:
        unpaid = replace(firm, payments=_without(row, firm.payments))
        standing = judge_firm(benefits[row.benefit], unpaid, year=row.year, as_of=day, costs=row.costs)
        return Judged(standing, None)

    return {
        row.identity: judged(row, firm) if (firm := firms.get(row.employer_id or 0)) is not None else None
        for row in rows
    }


def _without(row: BenefitClaim, payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """The payments beside this claim's: of the same benefit and year those that were made before it alone."""
    return tuple(
        each
        for each in payments
        if (each.benefit.code, each.year) != (row.benefit, row.year)
        or (each.paid_on is not None and (row.paid_on is None or each.paid_on < row.paid_on))
    )


def _people_now(session: Session, worker_ids: Sequence[int]) -> dict[int, int]:
    """By record the number of the person, where the record went up in another."""
    rows = session.exec(
        select(Worker.id, Worker.merged_into).where(col(Worker.id).in_(sorted(set(worker_ids))))
    )
    return {number: kept or number for number, kept in rows if number is not None}
