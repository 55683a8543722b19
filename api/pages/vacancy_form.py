"""补全 and 改写: what a clerk types into a post's form, as the change that the service takes."""

from typing import Annotated

from fastapi import Form, Response
from pydantic import ValidationError
from sqlmodel import select

from api.errors import invalid
from api.pages.desk import Desk
from api.pages.typed import refused
from api.routes.bureau.employers import create_employer
from api.schemas.post import EmployerCreate, VacancyUpdate
from ledger.gazetteer import Gazetteer
from ledger.postings.place import read_place
from models.employer import Employer
from models.vacancy import Vacancy

Typed = Annotated[str, Form()]
"""What a field may hold is judged with the whole form, so that a refusal keeps it."""
_LONGEST_PLACE = 100


def typed(
    title: Typed = "",
    employer: Typed = "",
    place: Typed = "",
    pay_min: Typed = "",
    pay_max: Typed = "",
    seats: Typed = "",
    valid_until: Typed = "",
    text: Typed = "",
    confirmed_removed: Typed = "",
) -> dict[str, str]:
    """The form as it was sent."""
    return {
        "title": title,
        "employer": employer,
        "place": place,
        "pay_min": pay_min,
        "pay_max": pay_max,
        "seats": seats,
        "valid_until": valid_until,
        "text": text,
        "confirmed_removed": confirmed_removed,
    }


def change(desk: Desk, row: Vacancy, typed: dict[str, str]) -> VacancyUpdate:
    """The change that was typed; an employer or a place that was missing is found by its name.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    told: dict[str, object] = {
        name: typed[name].strip() or None for name in ("pay_min", "pay_max", "seats", "valid_until")
    }
    told |= {"title": typed["title"].strip(), "text": typed["text"]}
    if typed["confirmed_removed"]:
        told["confirmed_removed"] = True
    region = row.region
    if region is None and typed["place"].strip():
        region = _place(typed["place"])
        told["region"] = region
    if row.employer_id is None and typed["employer"].strip():
        told["employer_id"] = _employer(desk, row, typed["employer"].strip(), region or row.kept_by)
    try:
        return VacancyUpdate.model_validate(told)
    except ValidationError as error:
        raise refused(error) from None


def _place(words: str) -> str:
    found = read_place(words[:_LONGEST_PLACE], "", "", Gazetteer.national())
    if found is None:
        raise invalid("place", "unknown", "没有认出工作地点，请写全省、市、县，如江苏省南通市通州区。")
    return found


def _employer(desk: Desk, row: Vacancy, name: str, region: str) -> int:
    """The employer of this name that the same bureau keeps, else a new one."""
    known = desk.session.exec(
        select(Employer).where(Employer.name == name, Employer.kept_by == row.kept_by)
    ).first()
    if known is not None:
        return known.identity
    try:
        body = EmployerCreate(name=name, region=region, kept_by=row.kept_by)
    except ValidationError as error:
        raise refused(error) from None
    return create_employer(body, desk.session, desk.caller, desk.once, desk.present, Response()).id
