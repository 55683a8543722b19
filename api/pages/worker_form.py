"""登记劳动力, 就业意愿 and 技能: what a clerk types about a person, as the body that the service takes.

Several places or occupations are typed with a semicolon between them, because the names of occupations carry commas.
"""

import re
from typing import Annotated, Any, TypeVar

from fastapi import Form
from pydantic import BaseModel, ValidationError
from sqlmodel import Session, col, select

from api.errors import invalid
from api.pages.typed import refused
from api.schemas.worker import IntentionTold, WorkerCreate, WorkerUpdate
from ledger.gazetteer import Gazetteer
from ledger.occupations import read_occupation
from ledger.postings.place import read_place
from models.taxonomy import Occupation

Typed = Annotated[str, Form()]
_LONGEST_NAME = 100
Body = TypeVar("Body", bound=BaseModel)
_YES_NO = {"yes": True, "no": False}


def person_typed(
    name: Typed = "",
    region: Typed = "",
    id_number: Typed = "",
    phone: Typed = "",
    sex: Typed = "",
    birth_date: Typed = "",
    ethnicity: Typed = "",
    education: Typed = "",
    labour_capability: Typed = "",
    speaks_mandarin: Typed = "",
    after_deletion: Typed = "",
) -> dict[str, str]:
    """The form of a new person as it was sent."""
    return dict(locals())


def facts_typed(
    name: Typed = "",
    phone: Typed = "",
    ethnicity: Typed = "",
    education: Typed = "",
    labour_capability: Typed = "",
    at_school: Typed = "",
    speaks_mandarin: Typed = "",
) -> dict[str, str]:
    """The form of what may be put right about a person, as it was sent."""
    return dict(locals())


def intention_typed(
    wants: Typed = "",
    reason: Typed = "",
    places: Typed = "",
    occupations: Typed = "",
    pay_floor: Typed = "",
    available_from: Typed = "",
    needs_lodging: Typed = "",
) -> dict[str, str]:
    """The form of an intention as it was sent."""
    return dict(locals())


def person(typed: dict[str, str]) -> WorkerCreate:
    """The person to be registered.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    told: dict[str, Any] = {name: text.strip() or None for name, text in typed.items()}
    told["speaks_mandarin"] = _YES_NO.get(typed["speaks_mandarin"])
    told["after_deletion"] = typed["after_deletion"] == "yes"
    if told["region"] is None:
        raise invalid("region", "missing", "请选择户籍地。")
    if told["name"] is None:
        raise invalid("name", "missing", "请填写姓名。")
    return _valid(WorkerCreate, told)


def facts(typed: dict[str, str]) -> WorkerUpdate:
    """The change of what is known of a person; the telephone is shown masked, so an empty one stays as it is.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    told: dict[str, Any] = {name: text.strip() or None for name, text in typed.items()}
    told |= {name: _YES_NO.get(typed[name]) for name in ("at_school", "speaks_mandarin")}
    if told["name"] is None:
        raise invalid("name", "missing", "请填写姓名。")
    if told["phone"] is None:
        del told["phone"]
    return _valid(WorkerUpdate, told)


def intention(session: Session, typed: dict[str, str]) -> WorkerUpdate:
    """The change of a person's intention; places and occupations are found by their names.

    Raises
    ------
    Problem
        422 in words that name the field, and the place or occupation that was not found.
    """
    told: dict[str, Any] = {
        name: typed[name].strip() or None for name in ("wants", "reason", "pay_floor", "available_from")
    }
    told["needs_lodging"] = _YES_NO.get(typed["needs_lodging"])
    told["accepted_regions"] = [_place(words) for words in _several(typed["places"])]
    told["occupations"] = [_occupation(session, words) for words in _several(typed["occupations"])]
    return WorkerUpdate(intention=_valid(IntentionTold, told))


def skills(names: list[str], levels: list[str]) -> WorkerUpdate:
    """The change of a person's skills: the rows of the form, those without a name left out.

    Raises
    ------
    Problem
        422 in words that name the field.
    """
    rows = zip(names, levels, strict=False)
    return _valid(
        WorkerUpdate, {"skills": {name.strip(): level or None for name, level in rows if name.strip()}}
    )


def _valid(schema: type[Body], told: dict[str, Any]) -> Body:
    try:
        return schema.model_validate(told)
    except ValidationError as error:
        raise refused(error) from None


def _several(text: str) -> list[str]:
    return [words for part in re.split("[;；\n]", text) if (words := part.strip()[:_LONGEST_NAME])]


def _place(words: str) -> str:
    found = read_place(words, "", "", Gazetteer.national())
    if found is None:
        raise invalid(
            "accepted_regions", "unknown", f"没有认出“{words}”，请写省、市、县的名称，如江苏省南通市。"
        )
    return found


def _occupation(session: Session, words: str) -> str:
    named = session.exec(select(Occupation.code).where(col(Occupation.name) == words)).first()
    if named is not None:
        return named
    found = read_occupation(words)
    if found is None:
        raise invalid("occupations", "unknown", f"没有认出工种“{words}”，请换一个说法，如缝纫工、保洁员。")
    return found.code
