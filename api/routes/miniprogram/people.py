"""/mp/v1/people/{worker_id}: what is on record of a person, the posts that fit her, and what she is entitled to."""

from typing import Annotated

from fastapi import Query
from sqlmodel import col, select

from api.benefits import BenefitsDep, amount_public, claims_of_worker, standings_of
from api.deps import KeyringDep, RowId, SessionDep, TodayDep
from api.errors import Problem, conflict
from api.miniprogram.asking import AnyPersonDep, OnceDep, PersonDep
from api.miniprogram.identity import identity_of
from api.miniprogram.laying import PERSON, mini_router
from api.miniprogram.shown import matches_public, person_public
from api.offering import on_offer
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.recommending import vacancies_for
from api.routes.bureau.vacancies import vacancy_or_404
from api.schemas.base import RegionCode, Sought, Yuan
from api.schemas.miniprogram import MpBenefit, MpMatches, MpPerson, MpSpell, TelephonePublic
from api.schemas.post import VacancyPublic, VacancySummary
from ledger.people import change_phone, mask_phone
from models.consent import Speaker
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState

router = mini_router(PERSON, tag="person")


@router.get("", operation_id="mp_read_person")
def read_person(
    person: AnyPersonDep, session: SessionDep, keyring: KeyringDep, present: PresenterDep
) -> MpPerson:
    """What the bureau has on record of the person, numbers masked."""
    return person_public(session, keyring, present, person)


@router.post("/telephone", operation_id="mp_change_telephone")
def change_telephone(
    person: PersonDep, session: SessionDep, keyring: KeyringDep, once: OnceDep
) -> TelephonePublic:
    """Put the telephone that WeChat has verified in the place of the one in the ledger."""
    if person.speaker is not Speaker.SELF:
        raise Problem(
            403, "person-needed", "要本人办理", "登记电话只能由本人用自己的微信更换，或到村里办理。"
        )
    telephone = identity_of(session, keyring, person.account_id).telephone
    if telephone is None:
        raise Problem(409, "telephone-first", "请先验证手机号", "请先点“手机号快速验证”。")
    change_phone(session, keyring, person.worker, telephone)
    session.flush()
    answer = TelephonePublic(telephone=mask_phone(telephone))
    return once.keep(answer, status=200, worker_id=person.worker.identity)


@router.get("/matches", operation_id="mp_list_matches")
def list_matches(
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ranked: Annotated[bool, Query(description="false为不排序，按登记先后")] = True,
) -> MpMatches:
    """The posts that fit her best, each with its reasons; the list is logged as it is shown."""
    found = vacancies_for(
        session,
        person.worker,
        account_id=person.account_id,
        as_of=today,
        limit=limit,
        ranked=ranked,
        refreshed_within_days=present.refresh_days,
        explore=present.explore_share,
        regions=[person.worker.region],
    )
    return matches_public(session, found, present)


@router.get("/vacancies", operation_id="mp_list_vacancies")
def list_vacancies(
    _: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    paging: PagingDep,
    q: Annotated[Sought | None, Query(description="岗位名称")] = None,
    region: Annotated[RegionCode | None, Query(description="工作地点")] = None,
    pay: Annotated[Yuan | None, Query(description="工资不低于")] = None,
    lodging: Annotated[bool, Query(description="只看包住的")] = False,
) -> Page[VacancySummary]:
    """Search all posts that are on offer today, the newest first."""
    query = select(Vacancy).where(on_offer(today, present.refresh_days))
    if q:
        query = query.where(col(Vacancy.title).contains(q, autoescape=True))
    if region:
        query = query.where(col(Vacancy.region).startswith(region))
    if pay:
        query = query.where(col(Vacancy.pay_max) >= pay)
    if lodging:
        query = query.where(col(Vacancy.lodging).is_(True))
    rows, cursor, total = page_of(
        session, query, paging, number=col(Vacancy.id), sorts={"pay_max": col(Vacancy.pay_max)}
    )
    return Page(items=present.vacancies(rows), next_cursor=cursor, total=total)


@router.get("/vacancies/{vacancy_id}", operation_id="mp_read_vacancy")
def read_vacancy(
    vacancy_id: RowId, _: PersonDep, session: SessionDep, present: PresenterDep
) -> VacancyPublic:
    """One post, as the employer wrote it."""
    row = vacancy_or_404(session, vacancy_id)
    if row.state not in (VacancyState.PUBLISHED, VacancyState.CLOSED):
        raise conflict("not-published", "岗位没有发布", "这个岗位现在不招人，请看看别的岗位。")
    return present.vacancy(row)


@router.get("/spells", operation_id="mp_list_spells")
def list_spells(
    person: AnyPersonDep, session: SessionDep, present: PresenterDep, today: TodayDep
) -> Page[MpSpell]:
    """The person's work on record, the last first."""
    rows = session.exec(
        select(EmploymentSpell)
        .where(
            EmploymentSpell.worker_id == person.worker.identity,
            col(EmploymentSpell.superseded_at).is_(None),
        )
        .order_by(col(EmploymentSpell.started_on).desc())
    ).all()
    items = [
        MpSpell(
            id=each.id,
            employer=each.employer,
            region=each.region,
            started_on=each.started_on,
            ended_on=each.ended_on,
            observed_until=each.observed_until,
            goes_on=each.started_on <= today and (each.ended_on is None or each.ended_on > today),
        )
        for each in present.spells(list(rows))
    ]
    return Page(items=items, next_cursor=None, total=len(items))


@router.get("/benefits", operation_id="mp_list_benefits")
def list_benefits(
    person: PersonDep,
    session: SessionDep,
    benefits: BenefitsDep,
    today: TodayDep,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Page[MpBenefit]:
    """What she is entitled to now, what is missing for the rest, and what was paid."""
    year = year or today.year
    claims = claims_of_worker(session, person.worker.identity, year)
    items = [
        MpBenefit(
            code=benefit.code,
            name=benefit.name,
            year=year,
            state=standing.state.value,
            label=standing.state.label,
            amount=amount_public(standing.amount),
            missing=list(standing.missing),
            claim=claims[benefit.code].state.label if benefit.code in claims else None,
        )
        for benefit, standing in standings_of(session, benefits, person.worker, year=year, as_of=today)
    ]
    return Page(items=items, next_cursor=None, total=len(items))
