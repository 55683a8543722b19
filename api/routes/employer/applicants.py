"""/employer/v1/applicants: who wants to come, and what the employer answers."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from api.deps import KeyringDep, RowId, SessionDep, SettingsDep, TodayDep
from api.employer_door.applicants import (
    HIRED,
    answer,
    applicant_or_404,
    applicants_public,
    telephone,
    undo_refusal,
)
from api.employer_door.asking import Own, speaking
from api.employer_door.laying import employer_router
from api.employer_door.waiting import to_be_answered
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.employer_door import ApplicantAnswered, ApplicantPublic, ApplicantRefusal, TelephoneTold
from api.versions import etag
from models.application import Application, ApplicationState

router = employer_router("/applicants", tag="applicant")
Answerer = Annotated[Own, Depends(speaking(Action.OWN_APPLICANTS))]


@router.get("", operation_id="employer_list_applicants")
def list_applicants(
    session: SessionDep,
    _: Answerer,
    present: PresenterDep,
    settings: SettingsDep,
    paging: PagingDep,
    vacancy_id: Annotated[RowNumber | None, Query()] = None,
    state: Annotated[ApplicationState | None, Query()] = None,
    waiting: Annotated[bool, Query(description="只列等单位答复的")] = False,
    hired: Annotated[bool, Query(description="只列已录用、还没有登记上岗的")] = False,
) -> Page[ApplicantPublic]:
    """Who was put forward for its posts or applied for them, and was told of to it; the last first."""
    query = select(Application)
    if vacancy_id:
        query = query.where(Application.vacancy_id == vacancy_id)
    if state:
        query = query.where(Application.state == state)
    if waiting:
        query = query.where(*to_be_answered(present.today))
    if hired:
        query = query.where(col(Application.state).in_(HIRED))
    rows, cursor, total = page_of(
        session, query, paging, number=col(Application.id), sorts={"applied_on": col(Application.applied_on)}
    )
    items = applicants_public(session, present, rows, settings.application_days)
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/{application_id}", operation_id="employer_read_applicant")
def read_applicant(
    application_id: RowId,
    session: SessionDep,
    _: Answerer,
    present: PresenterDep,
    settings: SettingsDep,
    response: Response,
) -> ApplicantPublic:
    """One of them."""
    row = applicant_or_404(session, application_id)
    response.headers.update(etag(row))
    return applicants_public(session, present, [row], settings.application_days)[0]


@router.post("/{application_id}/shortlist", operation_id="employer_shortlist_applicant")
def shortlist_applicant(
    application_id: RowId, session: SessionDep, whose: Answerer, present: PresenterDep, once: OnceDep
) -> ApplicantAnswered:
    """Look at this person more closely: she is told that there will be an interview."""
    told = answer(session, whose, present, application_id, ApplicationState.SHORTLISTED)
    return once.keep(told, status=200)


@router.post("/{application_id}/offer", operation_id="employer_offer_applicant")
def offer_applicant(
    application_id: RowId, session: SessionDep, whose: Answerer, present: PresenterDep, once: OnceDep
) -> ApplicantAnswered:
    """Take this person on: she is told, and decides. Her first day is recorded by the bureau, and takes the seat."""
    told = answer(session, whose, present, application_id, ApplicationState.OFFERED)
    return once.keep(told, status=200)


@router.post("/{application_id}/refuse", operation_id="employer_refuse_applicant")
def refuse_applicant(
    application_id: RowId,
    body: ApplicantRefusal,
    session: SessionDep,
    whose: Answerer,
    present: PresenterDep,
    once: OnceDep,
) -> ApplicantAnswered:
    """Do not take this person on, and why."""
    told = answer(session, whose, present, application_id, ApplicationState.REFUSED, body.reason)
    return once.keep(told, status=200)


@router.post("/{application_id}/undo", operation_id="employer_undo_refusal")
def undo(
    application_id: RowId, session: SessionDep, _: Answerer, present: PresenterDep, once: OnceDep
) -> ApplicantAnswered:
    """Take one's own no of today back: the application stands where it stood before."""
    return once.keep(undo_refusal(session, present, application_id), status=200)


@router.post("/{application_id}/telephone", operation_id="employer_ask_telephone")
def ask_telephone(
    application_id: RowId, session: SessionDep, _: Answerer, keyring: KeyringDep, today: TodayDep
) -> TelephoneTold:
    """The telephone of somebody who comes and who agreed to that. Each asking is on her record."""
    return telephone(session, keyring, application_id, today)
