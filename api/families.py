"""Households as they are answered: their standing on a day, their members and who of them works where."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.household import (
    HardshipPublic,
    HouseholdDetail,
    HouseholdPublic,
    Member,
    MemberWork,
    StandingPublic,
)
from ledger.households import able, hardship_of, standing_on
from models.age import age_on
from models.employer import Employer
from models.household import HardshipPeriod, Household
from models.spell import EmploymentSpell
from models.worker import RelationToHead, Worker, WorkIntention


def households_public(
    session: Session, rows: Sequence[Household], present: Presenter, day: date
) -> list[HouseholdPublic]:
    """Households in a list, as of `day`."""
    periods = hardship_of(session, [row.identity for row in rows])
    return [HouseholdPublic(**_told(row, periods[row.identity], present, day)) for row in rows]


def household_detail(session: Session, row: Household, present: Presenter, day: date) -> HouseholdDetail:
    """One household's page, as of `day`."""
    periods = hardship_of(session, [row.identity])[row.identity]
    return HouseholdDetail(
        **_told(row, periods, present, day),
        risks=row.risks,
        measures=row.measures,
        members=members_of(session, [row.identity], present, day)[row.identity],
    )


def members_of(
    session: Session, household_ids: Sequence[int], present: Presenter, day: date
) -> dict[int, list[Member]]:
    """The members of each household that the session may see, its head first."""
    rows = session.exec(
        select(Worker)
        .where(col(Worker.household_id).in_(household_ids), col(Worker.merged_into).is_(None))
        .order_by(col(Worker.birth_date).nulls_last(), col(Worker.id))
    ).all()
    ids = [row.identity for row in rows]
    work = _work_on(session, ids, present, day)
    wishes = {
        wish.worker_id: wish
        for wish in session.exec(select(WorkIntention).where(col(WorkIntention.worker_id).in_(ids)))
    }
    found: dict[int, list[Member]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.relation_to_head is not RelationToHead.HEAD):
        wish = wishes.get(row.identity)
        found[row.household_id or 0].append(
            Member(
                worker_id=row.identity,
                name=row.name,
                relation=row.relation_to_head,
                sex=row.sex,
                age=age_on(row.birth_date, day) if row.birth_date else None,
                labour_capability=row.labour_capability,
                at_school=row.at_school,
                could_work=able(row, day) and not row.restricted,
                wants=wish.wants if wish else None,
                wish=wish.reason if wish else None,
                work=work.get(row.identity),
                restricted=row.restricted,
            )
        )
    return found


def _work_on(
    session: Session, worker_ids: Sequence[int], present: Presenter, day: date
) -> dict[int, MemberWork]:
    rows = session.exec(
        select(EmploymentSpell, Employer.name)
        .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
        .where(
            col(EmploymentSpell.worker_id).in_(worker_ids),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.started_on) <= day,
            col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= day),
        )
        # The main spell is told where there are others beside it.
        .order_by(col(EmploymentSpell.is_main), col(EmploymentSpell.started_on))
    )
    return {
        spell.worker_id: MemberWork(
            employer=employer or spell.kind.label,
            region=present.place(spell.region),
            started_on=spell.started_on,
        )
        for spell, employer in rows
    }


def _told(
    row: Household, periods: Sequence[HardshipPeriod], present: Presenter, day: date
) -> dict[str, object]:
    standing = standing_on(periods, day)
    return {
        "id": row.identity,
        "version": row.version,
        "number": row.number,
        "region": present.known_place(row.region),
        "village": row.village,
        "relocated": row.relocated,
        "hardship": [HardshipPublic.model_validate(period, from_attributes=True) for period in periods],
        "standing": StandingPublic(
            as_of=day,
            categories=list(standing.categories),
            monitored=standing.monitored,
            risk_cleared_on=standing.risk_cleared_on,
        ),
        "contacted_on": row.contacted_on,
        "contact_note": row.contact_note,
        "is_demo": row.is_demo,
    }
