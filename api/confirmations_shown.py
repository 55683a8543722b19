"""双向核实 as it is answered: who is to be looked for, and what was found."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.presenting import DELETED, Presenter
from api.schemas.confirmation import ConfirmationPublic, SideFinding, WaitingSpellPublic
from models.confirmation import ConfirmingSide, SpellConfirmation
from models.employer import Employer
from models.spell import EmploymentSpell
from models.worker import Sex
from outcomes.confirming import Waiting, contradicted, days_of, finding_of

_NAMES = text("SELECT spell_id, name, sex FROM names_at_work(CAST(:ids AS bigint[]))")
_COUNTY = 6


def confirmations_public(
    session: Session, spell: EmploymentSpell, rows: Sequence[SpellConfirmation]
) -> list[ConfirmationPublic]:
    """What was found of a spell, beside what the record says."""
    accounts = account_names(session, (row.account_id for row in rows))
    first, last = days_of(spell)
    return [
        ConfirmationPublic(
            **row.model_dump(exclude={"account_id", "is_demo", "spell_id"}),
            spell_id=spell.identity,
            by=accounts.get(row.account_id or 0, ""),
            contradicted=contradicted(finding_of(row), first, last),
        )
        for row in rows
    ]


def waiting_public(
    session: Session, present: Presenter, found: Sequence[Waiting], side: ConfirmingSide
) -> list[WaitingSpellPublic]:
    """Spells that wait, each with the person to be looked for; of whom is only stored nothing is told."""
    names = _names(session, [each.spell.identity for each in found])
    firms = _firms(session, (each.spell.employer_id for each in found))
    at_home = side is ConfirmingSide.ORIGIN
    return [
        WaitingSpellPublic(
            spell_id=each.spell.identity,
            worker_id=each.spell.worker_id if at_home else None,
            name=names.get(each.spell.identity, (DELETED, None))[0],
            sex=names.get(each.spell.identity, (DELETED, None))[1],
            home=present.known_place(each.spell.origin_region[: None if at_home else _COUNTY]),
            employer=firms.get(each.spell.employer_id or 0),
            region=present.place(each.spell.region),
            kind=each.spell.kind,
            started_on=each.spell.started_on,
            ended_on=each.spell.ended_on,
            precision=each.spell.precision,
            observed_until=each.spell.observed_until,
            findings=[
                SideFinding(
                    side=finding.side,
                    found=finding.found,
                    found_on=finding.found_on,
                    contradicted=finding in each.against,
                )
                for finding in each.findings.values()
            ],
            differs=bool(each.against),
        )
        for each in found
    ]


def _names(session: Session, spell_ids: list[int]) -> dict[int, tuple[str, Sex | None]]:
    rows = session.connection().execute(_NAMES, {"ids": spell_ids})
    return {row.spell_id: (row.name, Sex.read(row.sex) if row.sex else None) for row in rows}


def _firms(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    rows = session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted)))
    return {number or 0: name for number, name in rows}
