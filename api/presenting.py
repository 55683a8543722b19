"""Rows as they are answered: labels, names of places, masked numbers."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session, col, select

from api.deps import Caller, SessionDep, SettingsDep, TodayDep
from api.errors import invalid
from api.places import Places
from api.schemas.base import Labelled, Place
from api.schemas.placement import ApplicationPublic, SpellPublic
from api.schemas.post import EmployerPublic, ResponsivenessPublic, VacancyPublic, VacancySummary
from api.schemas.worker import IntentionPublic, WorkerPublic, WorkerSummary
from ledger.applications import RefusalReason
from ledger.employers import Responsiveness, responsiveness
from ledger.people import at_work, hardship_on, mask_phone, reveal
from matching.market import REFRESHED_WITHIN_DAYS
from models.age import age_on
from models.application import Application
from models.employer import Employer
from models.household import HardshipCategory
from models.id_number import mask_id_number
from models.sealing import Keyring, Unsealable
from models.spell import EmploymentSpell
from models.taxonomy import Industry, Occupation
from models.vacancy import Vacancy
from models.worker import Worker, WorkerSkill, WorkIntention

DELETED = "已删除"


class Presenter:
    """Turns rows into answers as of `today`, asking the database once for a whole list."""

    def __init__(
        self,
        session: Session,
        places: Places,
        today: date,
        refresh_days: int = REFRESHED_WITHIN_DAYS,
        explore_share: float = 0.0,
    ) -> None:
        self._session = session
        self._places = places
        self.today = today
        self.refresh_days = refresh_days
        self.explore_share = explore_share

    def place(self, code: str | None) -> Place | None:
        """A region by code and name."""
        return self.known_place(code) if code else None

    def known_place(self, code: str) -> Place:
        """A region that is there."""
        return Place(code=code, name=self._places.name(self._session, code) or code)

    def _labels(
        self, table: type[Occupation] | type[Industry], codes: Iterable[str | None]
    ) -> dict[str, str]:
        wanted = col(table.code).in_(set(codes) - {None})
        return dict(self._session.exec(select(table.code, table.name).where(wanted)).all())

    def _labelled(self, table: type[Occupation] | type[Industry], code: str | None) -> Labelled | None:
        return Labelled(code=code, label=self._labels(table, [code]).get(code, code)) if code else None

    def workers(self, rows: list[Worker]) -> list[WorkerSummary]:
        """People in a list."""
        hardship = self._hardship(rows)
        employed = set(
            self._session.exec(
                select(Worker.id).where(
                    col(Worker.id).in_([row.identity for row in rows]), at_work(self.today)
                )
            )
        )
        return [
            WorkerSummary(
                id=row.identity,
                name=row.name,
                sex=row.sex,
                age=age_on(row.birth_date, self.today) if row.birth_date else None,
                region=self.known_place(row.region),
                education=row.education,
                hardship=hardship.get(row.household_id) if row.household_id else None,
                employed=row.identity in employed,
                restricted=row.restricted,
                is_demo=row.is_demo,
            )
            for row in rows
        ]

    def worker(self, row: Worker, keyring: Keyring) -> WorkerPublic:
        """One person's page."""
        [summary] = self.workers([row])
        skills = self._session.exec(
            select(WorkerSkill)
            .where(WorkerSkill.worker_id == row.identity)
            .order_by(col(WorkerSkill.level).desc().nulls_last(), col(WorkerSkill.skill))
        )
        intention = self._session.exec(
            select(WorkIntention).where(WorkIntention.worker_id == row.identity)
        ).first()
        number: str | None
        phone: str | None
        try:
            number, phone = reveal(self._session, keyring, row)
            number, phone = number and mask_id_number(number), phone and mask_phone(phone)
        except Unsealable:
            number = phone = DELETED
        return WorkerPublic(
            **summary.model_dump(),
            version=row.version,
            birth_date=row.birth_date,
            id_number=number,
            phone=phone,
            ethnicity=row.ethnicity,
            household_id=row.household_id,
            relation_to_head=row.relation_to_head,
            labour_capability=row.labour_capability,
            disability_grade=row.disability_grade,
            at_school=row.at_school,
            speaks_mandarin=row.speaks_mandarin,
            experience_months=row.experience_months,
            last_occupation=self._labelled(Occupation, row.last_occupation),
            skills={skill.skill: skill.level for skill in skills},
            intention=self._intention(intention) if intention else None,
        )

    def _intention(self, row: WorkIntention) -> IntentionPublic:
        labels = self._labels(Occupation, row.occupations)
        return IntentionPublic(
            wants=row.wants,
            reason=row.reason,
            accepted_regions=[self.known_place(code) for code in row.accepted_regions],
            occupations=[Labelled(code=code, label=labels.get(code, code)) for code in row.occupations],
            pay_floor=row.pay_floor,
            available_from=row.available_from,
            needs_lodging=row.needs_lodging,
        )

    def _hardship(self, rows: list[Worker]) -> dict[int, HardshipCategory]:
        households = [row.household_id for row in rows if row.household_id is not None]
        return hardship_on(self._session, households, self.today)

    def employer(self, row: Employer) -> EmployerPublic:
        """A 用人单位."""
        return self.employers([row])[0]

    def employers(self, rows: list[Employer]) -> list[EmployerPublic]:
        """用人单位 in a list."""
        labels = self._labels(Industry, [row.industry for row in rows])
        answering = self.responsiveness([row.identity for row in rows])
        return [
            EmployerPublic(
                id=row.identity,
                version=row.version,
                name=row.name,
                uscc=row.uscc,
                kind=row.kind,
                region=self.known_place(row.region),
                kept_by=self.known_place(row.kept_by),
                industry=Labelled(code=row.industry, label=labels.get(row.industry, row.industry))
                if row.industry
                else None,
                size=row.size,
                opened_on=row.opened_on,
                is_demo=row.is_demo,
                responsiveness=answering[row.identity],
            )
            for row in rows
        ]

    def responsiveness(self, employer_ids: list[int]) -> dict[int, ResponsivenessPublic]:
        """How readily employers answer."""
        found = responsiveness(self._session, employer_ids, self.today)
        return {
            number: ResponsivenessPublic(
                asked=each.asked,
                answered=each.answered,
                share=each.share,
                median_days=each.median_days,
                few=each.few,
                sentence=answering_words(each),
            )
            for number, each in found.items()
        }

    def vacancies(self, rows: list[Vacancy]) -> list[VacancySummary]:
        """Posts in a list."""
        wanted = {row.employer_id for row in rows if row.employer_id is not None}
        names = dict(
            self._session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted))).all()
        )
        return [
            VacancySummary(
                id=row.identity,
                title=row.title,
                employer_id=row.employer_id,
                employer=names.get(row.employer_id),
                region=self.place(row.region),
                seats=row.seats,
                seats_left=None if row.seats is None else row.seats - row.seats_taken,
                pay_min=row.pay_min,
                pay_max=row.pay_max,
                lodging=row.lodging,
                valid_until=row.valid_until,
                state=row.state,
                is_demo=row.is_demo,
            )
            for row in rows
        ]

    def vacancy(self, row: Vacancy) -> VacancyPublic:
        """One post's page."""
        [summary] = self.vacancies([row])
        return VacancyPublic(
            **summary.model_dump(),
            version=row.version,
            kept_by=self.known_place(row.kept_by),
            occupation=self._labelled(Occupation, row.occupation),
            hours_per_week=row.hours_per_week,
            min_age=row.min_age,
            max_age=row.max_age,
            min_education=row.min_education,
            required_skills=row.required_skills,
            preferred_skills=row.preferred_skills,
            meals=row.meals,
            social_insurance=row.social_insurance,
            shift=row.shift,
            posted_on=row.posted_on,
            valid_from=row.valid_from,
            refreshed_on=row.refreshed_on,
            missing=row.missing,
            unlawful_demands=row.unlawful_demands,
            text=row.text,
        )

    def application(self, row: Application) -> ApplicationPublic:
        """One application."""
        spell_id = self._session.exec(
            select(EmploymentSpell.id).where(
                EmploymentSpell.application_id == row.identity, col(EmploymentSpell.superseded_at).is_(None)
            )
        ).first()
        return ApplicationPublic(
            id=row.identity,
            version=row.version,
            worker_id=row.worker_id,
            vacancy_id=row.vacancy_id,
            state=row.state,
            applied_on=row.applied_on,
            decided_on=row.decided_on,
            answered_on=row.answered_on,
            start_told_on=row.start_told_on,
            reason=RefusalReason.read(row.reason) if row.reason else None,
            side=row.side,
            spell_id=spell_id,
        )

    def spells(self, rows: list[EmploymentSpell]) -> list[SpellPublic]:
        """务工记录."""
        wanted = {row.employer_id for row in rows if row.employer_id is not None}
        names = dict(
            self._session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted))).all()
        )
        return [
            SpellPublic(
                id=row.identity,
                version=row.version,
                worker_id=row.worker_id,
                employer_id=row.employer_id,
                employer=names.get(row.employer_id),
                vacancy_id=row.vacancy_id,
                region=self.place(row.region),
                kind=row.kind,
                arrangement=row.arrangement,
                started_on=row.started_on,
                ended_on=row.ended_on,
                observed_until=row.observed_until,
                precision=row.precision,
                monthly_income=row.monthly_income,
                leave_reason=RefusalReason.read(row.leave_reason) if row.leave_reason else None,
                superseded=row.superseded_at is not None,
            )
            for row in rows
        ]


def answering_words(found: Responsiveness) -> str:
    """How an employer answers, as a clerk says it."""
    if found.asked == 0:
        return "近半年没有推荐过人"
    counted = f"近半年推荐{found.asked}人，答复{found.answered}人"
    if found.few:
        return f"{counted}（样本少）"
    days = f"，多在{found.median_days:.0f}天内答复" if found.median_days is not None else ""
    if found.median_days is not None and found.median_days < 1:
        days = "，多在当天答复"
    return f"{counted}（{found.share:.0%}）{days}"


def get_presenter(request: Request, session: SessionDep, today: TodayDep, settings: SettingsDep) -> Presenter:
    """The presenter of this request."""
    return Presenter(
        session, request.app.state.places, today, settings.vacancy_refresh_days, settings.explore_share
    )


PresenterDep = Annotated[Presenter, Depends(get_presenter)]


def keeping_region(caller: Caller, told: str | None) -> str:
    """The region whose bureau keeps a new record: the one told, else the caller's only one."""
    if told is not None:
        return told
    if len(caller.regions) == 1:
        return caller.regions[0]
    raise invalid("kept_by", "missing", "您管辖多个地区，请用 kept_by 写明由哪个地区保管这条记录")
