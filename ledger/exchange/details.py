"""What workers.csv says of a person beyond a list of people: skills, wishes, experience, and that a household moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from ledger.exchange.codes import Occupations, known_regions
from ledger.exchange.folder import Folder, Row, complain
from ledger.exchange.workers import TAKEN
from ledger.history import Written, change_of, change_rows, household_keys, person_keys
from ledger.intake.context import Context
from ledger.intake.judged import Judged
from models.base import now
from models.bulk import insert_rows, update_rows
from models.household import Household
from models.intake import LineStatus
from models.sealing import Keyring
from models.worker import Worker, WorkerSkill, WorkIntention

_OF_PERSON = ("experience_months", "last_occupation", "disability_grade")
_OF_WISHES = ("pay_floor", "accepted_regions", "available_from", "needs_lodging")
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


def write_details(
    session: Session, keyring: Keyring, context: Context, folder: Folder, found: Iterable[Details]
) -> None:
    """Write them, once the lines have their people, with the record of what changed."""
    by_person = {each.judged.worker_id: each for each in found if each.judged.worker_id is not None}
    if not by_person:
        return
    ids = list(by_person)
    people = {row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(ids)))}
    intentions = {
        row.worker_id: row
        for row in session.exec(select(WorkIntention).where(col(WorkIntention.worker_id).in_(ids)))
    }
    had = {
        (row.worker_id, row.skill): row.level
        for row in session.exec(select(WorkerSkill).where(col(WorkerSkill.worker_id).in_(ids)))
    }
    written: list[Written] = []
    columns, new_wishes, wishes, new_skills, skills = ([] for _ in range(5))
    moved: dict[int, Details] = {}
    made: list[tuple[int, dict[str, Any], Details]] = []
    at = now()

    def note(action: str, noun: str, row_id: int | None, change: dict[str, Any], each: Details) -> None:
        worker_id = each.judged.worker_id or 0
        written.append(
            Written(
                action, noun, row_id, change, people[worker_id].region,
                worker_id=worker_id, import_line=each.judged.line,
            )
        )  # fmt: skip

    for worker_id, each in by_person.items():
        worker = people[worker_id]
        if each.person:
            before = {name: getattr(worker, name) for name in _OF_PERSON}
            columns.append({"id": worker_id} | before | each.person)
            note("update", "worker", worker_id, change_of(before, before | each.person), each)
        if each.wishes:
            row = intentions.get(worker_id)
            before = {name: getattr(row, name) if row else None for name in _OF_WISHES}
            before["accepted_regions"] = list(before["accepted_regions"] or ())
            after = before | each.wishes
            if row is None:
                new_wishes.append({"created_at": at, "worker_id": worker_id, "occupations": []} | after)
                made.append((worker_id, change_of(None, after), each))
            else:
                wishes.append({"id": row.identity} | after)
                note("update", "work_intention", row.identity, change_of(before, after), each)
        for skill, level in each.skills.items():
            told = {"worker_id": worker_id, "skill": skill, "level": level}
            if (worker_id, skill) in had:
                skills.append(told)
                change = {"level": [had[worker_id, skill], level], "skill": [skill, skill]}
                note("update", "worker_skill", None, change, each)
            else:
                new_skills.append(told)
                note("create", "worker_skill", None, {"skill": skill, "level": level}, each)
        home = each.judged.household_id or worker.household_id
        if each.relocated is not None and home is not None:
            moved.setdefault(home, each)
        if each.companion is not None:
            folder.companions.append((worker_id, each.companion, each.judged.line))
    connection = session.connection()
    update_rows(connection, "worker", ("id",), columns)
    insert_rows(connection, "work_intention", new_wishes)
    numbers = _numbers(session, [worker_id for worker_id, _, _ in made])
    for worker_id, change, each in made:
        note("create", "work_intention", numbers[worker_id], change, each)
    update_rows(connection, "work_intention", ("id",), wishes)
    insert_rows(connection, "worker_skill", new_skills)
    update_rows(connection, "worker_skill", ("worker_id", "skill"), skills)
    written += _moved(session, moved)
    _record(session, keyring, context, written)


def write_companions(session: Session, keyring: Keyring, context: Context, folder: Folder) -> None:
    """Say who is to be placed with whom, once everybody of the folder is there."""
    told = {
        worker_id: (folder.people.get(key), line)
        for worker_id, key, line in folder.companions
        if folder.people.get(key) not in (None, worker_id)
    }
    people = {row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(list(told))))}
    rows = {
        row.worker_id: row
        for row in session.exec(select(WorkIntention).where(col(WorkIntention.worker_id).in_(list(told))))
    }
    new = [
        {"created_at": now(), "worker_id": worker_id, "occupations": [], "accepted_regions": []}
        for worker_id in told.keys() - rows.keys()
    ]
    insert_rows(session.connection(), "work_intention", new)
    numbers = _numbers(session, list(told))
    written, changed = [], []
    for worker_id, (companion, line) in told.items():
        row, after = rows.get(worker_id), {"companion_id": companion}
        changed.append({"id": numbers[worker_id], **after})
        change = change_of({"companion_id": row.companion_id} if row else None, after)
        if change:
            written.append(
                Written(
                    "update" if row else "create", "work_intention", numbers[worker_id], change,
                    people[worker_id].region, worker_id=worker_id, import_line=line,
                )
            )  # fmt: skip
    update_rows(session.connection(), "work_intention", ("id",), changed)
    _record(session, keyring, context, written)


def _numbers(session: Session, worker_ids: Sequence[int]) -> dict[int, int]:
    """The numbers of people's wishes."""
    query = select(WorkIntention.worker_id, WorkIntention.id).where(
        col(WorkIntention.worker_id).in_(worker_ids)
    )
    return {worker_id: number or 0 for worker_id, number in session.exec(query)}


def _moved(session: Session, moved: Mapping[int, Details]) -> list[Written]:
    homes = session.exec(select(Household).where(col(Household.id).in_(list(moved)))).all()
    update_rows(
        session.connection(),
        "household",
        ("id",),
        [{"id": home.identity, "relocated": moved[home.identity].relocated} for home in homes],
    )
    return [
        Written(
            "update", "household", home.identity, {"relocated": [home.relocated, moved[home.identity].relocated]},
            home.region, household_id=home.identity, import_line=moved[home.identity].judged.line,
        )
        for home in homes
    ]  # fmt: skip


def _record(session: Session, keyring: Keyring, context: Context, written: Sequence[Written]) -> None:
    keys = person_keys(session, keyring, {each.worker_id for each in written if each.worker_id})
    homes = household_keys(session, keyring, {each.household_id for each in written if each.household_id})
    insert_rows(
        session.connection(),
        "audit_event",
        change_rows(
            keys,
            written,
            household_keys=homes,
            account_id=context.account_id,
            request_id=context.request_id,
            import_id=context.import_id,
        ),
    )
    session.expire_all()
