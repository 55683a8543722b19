"""What workers.csv says of a person beyond a list of people: skills, wishes, experience, and that a household moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from ledger.exchange.codes import Occupations, known_regions
from ledger.exchange.folder import Folder, Row, complain
from ledger.exchange.workers import TAKEN
from ledger.intake.judged import Judged
from models.household import Household
from models.intake import LineStatus
from models.worker import Worker, WorkerSkill, WorkIntention

_MOST_YUAN = 1_000_000
_LONGEST_SKILL = 40
_GRADE = "与证件号码或台账里的残疾等级不一致，没有采用，请对照残疾证核对"
_OCCUPATION = "没有认出这个职业，没有记入；请写职业代码或常用的工种名称"
_REGIONS = "有不存在的行政区划代码，没有记入这一项"
_PAY = "超过100万元，没有记入，请核对"
_SKILL = f"有的技能超过{_LONGEST_SKILL}个字，没有记入这一项"
_NO_HOME = "没有 household_id，也不知道是哪一户，没有记入；请补上户编号"
_NO_COMPANION = "台账和 workers.csv 里都没有这个人，没有记入"


@dataclass(slots=True)
class Details:
    """What one line says beyond the list. `changes` as in `Judged`; `skills` are those to be added or set."""

    judged: Judged
    person: dict[str, Any] = field(default_factory=dict)
    wishes: dict[str, Any] = field(default_factory=dict)
    skills: dict[str, int | None] = field(default_factory=dict)
    relocated: bool | None = None
    companion: str | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger holds of some people; households by person, and by number for those whom a line puts there."""

    people: Mapping[int, Worker]
    skills: Mapping[int, dict[str, int | None]]
    wishes: Mapping[int, WorkIntention]
    moved: Mapping[int | str, bool | None]
    companions: Mapping[int, str]


def judge_details(
    session: Session, folder: Folder, rows: Sequence[Row], judged: Sequence[Judged], occupations: Occupations
) -> list[Details]:
    """What the lines that come in would change; a person is told of once, by the first line."""
    taken = [(row, each) for row, each in zip(rows, judged, strict=True) if each.status in TAKEN]
    known = _known(session, folder, [each for _, each in taken])
    places = known_regions(
        session, (code for row, _ in taken for code in row.values.get("accepted_regions") or ())
    )
    mates = folder.anybody(
        session, (row.values["companion_id"] for row, _ in taken if row.values.get("companion_id"))
    )
    found = []
    for row, each in taken:
        whose = each.worker_id or (each.number.number if each.number else row.line)
        if whose in folder.detailed:
            continue
        folder.detailed.add(whose)
        details = _told(each, row, mates, occupations, places)
        _against(details, known)
        if details.changes:
            found.append(details)
            if each.status is LineStatus.SAME:
                each.status = LineStatus.CHANGED
    return found


def _told(
    judged: Judged, row: Row, mates: set[str], occupations: Occupations, places: frozenset[str]
) -> Details:
    values, details = row.values, Details(judged)
    if (months := values.get("experience_months")) is not None:
        details.person["experience_months"] = months
    if text := values.get("last_occupation"):
        if code := occupations.find(text):
            details.person["last_occupation"] = code
        else:
            complain(judged, "last_occupation", _OCCUPATION)
    if (grade := values.get("disability_grade")) is not None:
        details.person["disability_grade"] = grade or None
    if (pay := values.get("pay_floor")) is not None:
        if pay > _MOST_YUAN:
            complain(judged, "pay_floor", _PAY)
        else:
            details.wishes["pay_floor"] = int(pay)
    if codes := values.get("accepted_regions"):
        if places.issuperset(codes):
            details.wishes["accepted_regions"] = list(codes)
        else:
            complain(judged, "accepted_regions", _REGIONS)
    for heading in ("available_from", "needs_lodging"):
        if values.get(heading) is not None:
            details.wishes[heading] = values[heading]
    skills = dict(values.get("skills") or ())
    if any(len(skill) > _LONGEST_SKILL for skill in skills):
        complain(judged, "skills", _SKILL)
    else:
        details.skills = skills
    details.relocated = values.get("relocated")
    if (companion := values.get("companion_id")) is not None:
        if companion in mates:
            details.companion = companion
        else:
            complain(judged, "companion_id", _NO_COMPANION)
    return details


def _known(session: Session, folder: Folder, judged: Sequence[Judged]) -> _Known:
    ids = [each.worker_id for each in judged if each.worker_id is not None]
    people = {row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()}
    skills: dict[int, dict[str, int | None]] = {}
    for each in session.exec(select(WorkerSkill).where(col(WorkerSkill.worker_id).in_(ids))):
        skills.setdefault(each.worker_id, {})[each.skill] = each.level
    wishes = {
        row.worker_id: row
        for row in session.exec(select(WorkIntention).where(col(WorkIntention.worker_id).in_(ids)))
    }
    moved: dict[int | str, bool | None] = {}
    homes = {row.household_id for row in people.values()} - {None}
    numbers = {each.told.household for each in judged if each.told and each.told.household}
    for home in session.exec(
        select(Household).where(
            col(Household.id).in_(homes)
            | (
                col(Household.number).in_(numbers)
                & col(Household.region).startswith(folder.county, autoescape=True)
            )
        )
    ):
        moved[home.identity] = moved[home.number] = home.relocated
    mates = {row.companion_id for row in wishes.values()} - {None}
    keys = dict(
        session.exec(select(Worker.id, Worker.national_number).where(col(Worker.id).in_(mates))).all()
    )
    companions = {
        worker_id: keys.get(row.companion_id) or "" for worker_id, row in wishes.items() if row.companion_id
    }
    return _Known(people, skills, wishes, moved, companions)


def _against(details: Details, known: _Known) -> None:
    """Leave of what is told what the ledger does not say already."""
    judged = details.judged
    worker = known.people.get(judged.worker_id or 0)
    wishes = known.wishes.get(judged.worker_id or 0)
    grade = details.person.pop("disability_grade", None)
    ours = worker.disability_grade if worker else _grade_of(judged)
    if grade is not None and ours is None:
        details.person["disability_grade"] = grade
    elif grade is not None and grade != ours:
        complain(judged, "disability_grade", _GRADE)
    for name, value in list(details.person.items()):
        before = getattr(worker, name) if worker else None
        if before == value:
            del details.person[name]
        else:
            details.changes[name] = before, value
    for name, value in list(details.wishes.items()):
        before = getattr(wishes, name) if wishes else None
        if before == value or (name == "accepted_regions" and sorted(before or ()) == sorted(value)):
            del details.wishes[name]
        else:
            listed = name == "accepted_regions"
            details.changes[name] = (tuple(before or ()), tuple(value)) if listed else (before, value)
    have = dict(sorted(known.skills.get(judged.worker_id or 0, {}).items()))
    details.skills = {
        skill: level
        for skill, level in details.skills.items()
        if skill not in have or (level is not None and have[skill] != level)
    }
    if details.skills:
        details.changes["skills"] = (
            tuple(map(_skill, have.items())),
            tuple(map(_skill, (have | details.skills).items())),
        )
    _household(details, known, worker)
    if details.companion is not None:
        before = known.companions.get(judged.worker_id or 0)
        if before == details.companion:
            details.companion = None
        else:
            details.changes["companion_id"] = before, details.companion


def _household(details: Details, known: _Known, worker: Worker | None) -> None:
    if details.relocated is None:
        return
    told = details.judged.told
    whose = (told.household if told else None) or (worker.household_id if worker else None)
    if whose is None:
        complain(details.judged, "relocated", _NO_HOME)
        details.relocated = None
    elif known.moved.get(whose) is details.relocated:
        details.relocated = None
    else:
        details.changes["relocated"] = known.moved.get(whose), details.relocated


def _grade_of(judged: Judged) -> int | None:
    suffix = judged.number.disability_suffix[1:2] if judged.number else ""
    return int(suffix) if suffix in ("1", "2", "3", "4") else None


def _skill(pair: tuple[str, int | None]) -> str:
    skill, level = pair
    return skill if level is None else f"{skill}{level}级"
