"""一个人: facts, household, the line of time, what is under way, and the vacancies that fit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi.responses import HTMLResponse
from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.benefits import benefits_of
from api.consenting import consents_public
from api.errors import Problem
from api.evidence_shown import evidence_public
from api.families import household_detail
from api.matches import vacancy_matches
from api.pages.desk import Desk
from api.pages.doubts_waiting import open_doubts
from api.pages.identity import hints
from api.pages.naming import vacancies_by_id
from api.pages.report_lines import report_lines
from api.pages.same_posts import without_twins
from api.pages.steps import open_applications
from api.paging import Paging
from api.public_posts import eligibility_public
from api.recommending import vacancies_for
from api.rights import Action
from api.routes.bureau.applications import list_applications
from api.routes.bureau.benefits import list_worker_benefits
from api.routes.bureau.follow_ups import list_worker_contacts
from api.routes.bureau.public_posts import list_job_offers
from api.routes.bureau.spells import list_spells
from api.routes.bureau.workers import worker_or_404
from api.schemas.against import AgainstEvidence
from api.schemas.benefit import StandingPublic
from api.schemas.household import HouseholdDetail
from api.schemas.ladder import OFFER_REASONS
from api.schemas.placement import ApplicationPublic, EvidencePublic, SpellPublic, VacancyMatches
from ledger.applications import LEAVING, RefusalReason
from ledger.consents.purposes import TERMS
from ledger.gathering import enrolments_of
from ledger.households import hardship_of
from ledger.identity.correcting import CorrectionReason
from models.application import OPEN_STATES, Application
from models.care import ContactMeans, Difficulty, Found
from models.consent import ConsentMeans, Speaker
from models.education import Education
from models.employer import Employer, EmployerKind
from models.household import HardshipPeriod, Household
from models.public_post import POST_KINDS, CadreRelation, DeclarationChange, OfferAnswer, Rung
from models.spell import PROVES, EmploymentSpell, Evidence
from models.vacancy import Vacancy
from models.worker import LabourCapability, Wants, Worker

_ALL = Paging(200, None, None)


CONTACT_CHOICES: dict[str, Any] = {
    "means": list(ContactMeans),
    "found": list(Found),
    "difficulties": list(Difficulty),
    "leave_reasons": LEAVING,
    "against": list(AgainstEvidence),
}
"""What the form of a contact offers."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a person's line of time: a spell with its evidence, or an application that came to nothing."""

    on: date
    spell: SpellPublic | None = None
    evidence: tuple[EvidencePublic, ...] = ()
    application: ApplicationPublic | None = None


def worker_page(
    desk: Desk,
    worker_id: int,
    *,
    ranked: bool = True,
    net: bool = True,
    problem: Problem | None = None,
    numbers: tuple[str | None, str | None] | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    """The page; `numbers` are shown in full this once, `kept` is what was typed into a form that was refused."""
    row = worker_or_404(desk.session, worker_id)
    desk = desk.at(row.region)
    session, present = desk.session, desk.present
    worker = present.worker(row, desk.request.app.state.keyring)
    applications = _applications(desk, worker_id)
    under_way = [item for item in applications if item.state in OPEN_STATES]
    spells = list_spells(session, desk.caller, _ALL, present, worker_id=worker_id).items
    matches = None if row.restricted else _matches(desk, row, ranked=ranked, net=net)
    shown, twins = without_twins(session, matches.items if matches else [])
    return desk.show(
        "worker.html",
        path=f"/workers/{worker_id}",
        problem=problem,
        worker=worker,
        numbers=numbers,
        refusal_reasons=list(RefusalReason),
        leave_reasons=LEAVING,
        correction_reasons=_correction_reasons(row),
        wants=list(Wants),
        educations=list(Education),
        capabilities=list(LabourCapability),
        household=_household(desk, row),
        hardship_elsewhere=_hardship_elsewhere(desk, row),
        wished=[occupation.label for occupation in worker.intention.occupations] if worker.intention else [],
        last_occupation=worker.last_occupation.label if worker.last_occupation else None,
        now_at=[spell for spell in spells if spell.ended_on is None or spell.ended_on >= desk.today],
        told=report_lines(desk, worker_id, spells),
        moments=_line_of_time(desk, spells, applications),
        under_way=open_applications(desk, under_way),
        posts=vacancies_by_id(session, present, [item.vacancy_id for item in applications]),
        proposed={item.vacancy_id for item in under_way},
        matches=matches,
        shown=shown,
        twins=twins,
        ranked=ranked,
        kept=kept or {},
        back="worker",
        doubts=open_doubts(desk, worker_id),
        identity=hints(desk, worker_id),
        benefits=_benefits(desk, worker_id),
        contacts=list_worker_contacts(worker_id, session, desk.caller, desk.keyring),
        choices=CONTACT_CHOICES,
        ladder=None if row.restricted else _ladder(desk, row),
        courses=enrolments_of(session, worker_id),
        consents=consents_public(session, row, desk.today),
        consent_employers=_known_employers(session, worker_id),
        purposes=list(TERMS.values()),
        speakers=list(Speaker),
        consent_means=list(ConsentMeans),
    )


def _known_employers(session: Session, worker_id: int) -> Sequence[tuple[int | None, str]]:
    """The employers whom the person was put forward to or worked for."""
    asked = (
        select(Vacancy.employer_id)
        .join(Application, col(Application.vacancy_id) == col(Vacancy.id))
        .where(Application.worker_id == worker_id)
    )
    worked = select(EmploymentSpell.employer_id).where(EmploymentSpell.worker_id == worker_id)
    known = or_(col(Employer.id).in_(asked), col(Employer.id).in_(worked))
    return session.exec(select(Employer.id, Employer.name).where(known).order_by(col(Employer.name))).all()


def _ladder(desk: Desk, row: Worker) -> dict[str, Any]:
    """What stands for and against a public post, and the county's employers for them."""
    county = row.region[:6]
    keepers = desk.session.exec(
        select(Employer.id, Employer.name)
        .where(Employer.kind == EmployerKind.PUBLIC_POST, col(Employer.region).startswith(county))
        .order_by(col(Employer.id))
    ).all()
    found = eligibility_public(desk.session, row, place=row.region, cadre=None, today=desk.today)
    return {
        "terms": found.terms,
        "serving": any(term.ended is None for term in found.terms),
        "rule": found.rule,
        "unconfirmed": found.unconfirmed,
        "checks": [check for check in found.checks if check.code != "cadre"],
        "offers": list_job_offers(row.identity, desk.session, desk.caller),
        "keepers": keepers,
        "post_kinds": POST_KINDS,
        "rungs": list(Rung),
        "answers": list(OfferAnswer),
        "reasons": OFFER_REASONS,
        "relations": list(CadreRelation),
        "changes": list(DeclarationChange),
    }


def _benefits(desk: Desk, worker_id: int) -> list[StandingPublic]:
    return list_worker_benefits(
        worker_id, desk.session, desk.caller, benefits_of(desk.settings), desk.present, desk.today
    ).items


def _correction_reasons(row: Worker) -> list[CorrectionReason]:
    """Why a number may be corrected; where there is none it can only be added."""
    numbered = row.id_number_sealed is not None
    return [reason for reason in CorrectionReason if (reason is CorrectionReason.MISSING) != numbered]


def _matches(desk: Desk, row: Worker, *, ranked: bool, net: bool) -> VacancyMatches:
    found = vacancies_for(
        desk.session,
        row,
        account_id=desk.caller.account_id,
        as_of=desk.today,
        limit=10,
        ranked=ranked,
        net=net,
        refreshed_within_days=desk.present.refresh_days,
        explore=desk.present.explore_share,
    )
    return vacancy_matches(desk.session, found, desk.present)


def _applications(desk: Desk, worker_id: int) -> list[ApplicationPublic]:
    if not desk.may(Action.ANSWER):
        return []
    return list_applications(desk.session, desk.caller, _ALL, desk.present, worker_id=worker_id).items


def _household(desk: Desk, row: Worker) -> HouseholdDetail | None:
    household = desk.session.get(Household, row.household_id) if row.household_id is not None else None
    return household_detail(desk.session, household, desk.present, desk.today) if household else None


def _hardship_elsewhere(desk: Desk, row: Worker) -> list[HardshipPeriod] | None:
    """What may be known of a household that another township keeps: its hardship; None where that is not so."""
    if row.household_id is None or desk.session.get(Household, row.household_id) is not None:
        return None
    return hardship_of(desk.session, [row.household_id])[row.household_id]


def _line_of_time(
    desk: Desk, spells: list[SpellPublic], applications: list[ApplicationPublic]
) -> list[Moment]:
    proofs: dict[int, list[EvidencePublic]] = defaultdict(list)
    found = desk.session.exec(
        select(Evidence)
        .where(col(Evidence.spell_id).in_([spell.id for spell in spells]), PROVES)
        .order_by(col(Evidence.grade), col(Evidence.covers_from))
    ).all()
    for proof, shown in zip(found, evidence_public(desk.session, desk.keyring, found), strict=True):
        proofs[proof.spell_id].append(shown)
    moments = [Moment(spell.started_on, spell, tuple(proofs[spell.id])) for spell in spells]
    # A started application is told by its spell, one under way by its own part of the page.
    moments += [
        Moment(item.decided_on or item.applied_on, application=item)
        for item in applications
        if item.spell_id is None and item.state not in OPEN_STATES
    ]
    return sorted(moments, key=lambda moment: moment.on, reverse=True)
