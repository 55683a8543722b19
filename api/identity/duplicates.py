"""疑似重复 as it is shown: both records side by side, differing fields marked, numbers masked."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, or_, select

from api.jobs.running import Running
from api.presenting import DELETED, Presenter
from api.schemas.identity import Compared, DuplicateDetail, DuplicatePublic, LinePlace, WorkSeen
from ledger.identity.duplicates import search
from ledger.identity.likeness import plain_number
from ledger.identity.matching import same_name
from ledger.intake.lines import Reader
from ledger.intake.sealing import key_of
from ledger.people import mask_phone, reveal
from ledger.records.reported import Reported
from models.coded import Coded
from models.employer import Employer
from models.household import Household
from models.id_number import mask_id_number
from models.identity import PossibleDuplicate, WorkerMerge
from models.intake import Import, ImportLine
from models.sealing import Keyring, Unsealable
from models.spell import EmploymentSpell
from models.worker import Sex, Worker, WorkerSkill

KIND = "duplicates"
_UNKNOWN = "未登记"
_LABELS = {
    "name": "姓名",
    "id_number": "证件号码",
    "birth_date": "出生日期",
    "sex": "性别",
    "place": "户籍地",
    "village": "行政村",
    "household": "户编号",
    "relation": "与户主关系",
    "ethnicity": "民族",
    "education": "文化程度",
    "capability": "劳动能力",
    "phone": "联系电话",
    "skills": "技能",
}
Facts = dict[str, str]


def find_duplicates(job: Running) -> dict[str, Any]:
    """The job: look through a region for records that may be one person."""
    found = 0
    with job.transaction() as (session, _):
        for done, total, new in search(session, job.keyring, str(job.argument["region"])):
            found = new
            job.progress(done, total, "核对同名同生日的人")
    return {"link": "/duplicates", "found": found}


def duplicates_public(
    session: Session, rows: Sequence[PossibleDuplicate], present: Presenter
) -> list[DuplicatePublic]:
    """The pairs of a list."""
    ids = {number for row in rows for number in (row.worker_id, row.other_id) if number is not None}
    workers = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    people = {summary.id: summary for summary in present.workers(list(workers))}
    files = dict(
        session.exec(
            select(Import.id, Import.file_name).where(col(Import.id).in_({row.import_id for row in rows}))
        ).all()
    )
    merges = _standing(session, ids)
    return [
        DuplicatePublic(
            id=row.identity,
            version=row.version,
            likeness=row.likeness,
            worker=people[row.worker_id],
            other=people.get(row.other_id or 0),
            line=_line_place(session, row, files),
            verdict=row.verdict,
            note=row.note,
            merge_id=merges.get(frozenset((row.worker_id, row.other_id or 0))),
            created_at=row.created_at,
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def _standing(session: Session, ids: set[int]) -> dict[frozenset[int], int]:
    rows = session.exec(
        select(WorkerMerge).where(
            col(WorkerMerge.undone_at).is_(None),
            or_(col(WorkerMerge.kept_id).in_(ids), col(WorkerMerge.merged_id).in_(ids)),
        )
    )
    return {frozenset((row.kept_id, row.merged_id)): row.identity for row in rows}


def _line_place(session: Session, row: PossibleDuplicate, files: dict[int | None, str]) -> LinePlace | None:
    if row.import_id is None or row.import_line is None:
        return None
    line = session.get(ImportLine, (row.import_id, row.import_line))
    return LinePlace(
        import_id=row.import_id,
        line=row.import_line,
        file_name=files.get(row.import_id, ""),
        row=line.row if line else None,
    )


def duplicate_detail(
    session: Session, keyring: Keyring, row: PossibleDuplicate, present: Presenter
) -> DuplicateDetail:
    """Both side by side."""
    [summary] = duplicates_public(session, [row], present)
    worker = session.get_one(Worker, row.worker_id)
    left, number = _of_worker(session, keyring, worker, present)
    work_right: list[WorkSeen] = []
    other = session.get(Worker, row.other_id) if row.other_id is not None else None
    if other is not None:
        right, other_number = _of_worker(session, keyring, other, present)
        work_right = _work(session, other.identity, present)
    else:
        told = _line_told(session, keyring, row)
        right, other_number = _of_line(told) if told is not None else ({}, "")
        if told is not None and (told.employer or told.started):
            work_right = [_work_of_line(told)]
    return DuplicateDetail(
        **summary.model_dump(),
        facts=[
            _compared(name, left.get(name, ""), right.get(name, ""), number, other_number)
            for name in _LABELS
            if left.get(name) or right.get(name)
        ],
        number_differs_at=_differs_at(number, other_number),
        work_left=_work(session, worker.identity, present),
        work_right=work_right,
    )


def _compared(name: str, left: str, right: str, number: str, other_number: str) -> Compared:
    if name == "id_number":
        differs = number != other_number
        left, right = (mask_id_number(each) if each else "" for each in (number, other_number))
    elif name == "name":
        differs = not same_name(left, right)
    else:
        # What one side does not know is no contradiction.
        differs = bool(left and right) and left != right
    if name == "phone":
        left, right = (mask_phone(each) if each else "" for each in (left, right))
    return Compared(
        field=name, label=_LABELS[name], left=left or _UNKNOWN, right=right or _UNKNOWN, differs=differs
    )


def _differs_at(one: str, other: str) -> list[int]:
    if not one or not other or len(one) != len(other):
        return []
    return [at for at, pair in enumerate(zip(one, other, strict=True), 1) if pair[0] != pair[1]]


def _of_worker(session: Session, keyring: Keyring, row: Worker, present: Presenter) -> tuple[Facts, str]:
    try:
        number, phone = reveal(session, keyring, row)
    except Unsealable:
        number, phone = None, DELETED
    household = session.get(Household, row.household_id) if row.household_id is not None else None
    skills = session.exec(select(WorkerSkill.skill).where(WorkerSkill.worker_id == row.identity))
    facts = {
        "name": row.name,
        "id_number": "*" if number else "",
        "birth_date": row.birth_date.isoformat() if row.birth_date else "",
        "sex": _word(row.sex),
        "place": present.known_place(row.region).name,
        "village": row.village or (household.village if household else None) or "",
        "household": household.number if household else "",
        "relation": _word(row.relation_to_head),
        "ethnicity": row.ethnicity or "",
        "education": _word(row.education),
        "capability": _word(row.labour_capability),
        "phone": (phone or "").removeprefix("+86"),
        "skills": "、".join(sorted(skills)),
    }
    return facts, plain_number(number or "")


def _line_told(session: Session, keyring: Keyring, row: PossibleDuplicate) -> Reported | None:
    """The line as it was written; None where its cells are gone or can't be read."""
    file = session.get(Import, row.import_id)
    line = session.get(ImportLine, (row.import_id, row.import_line))
    if file is None or line is None or line.sealed_cells is None:
        return None
    try:
        reader = Reader(file.sheets, key_of(keyring, file))
        [(_, read)] = reader.read([(line.line, line.sheet, line.row or 0, line.sealed_cells)])
    except Unsealable:
        return None
    return read.reported


def _of_line(told: Reported) -> tuple[Facts, str]:
    number = plain_number(told.id_number or "")
    says = len(number) == 18 and number[:17].isdecimal()
    facts = {
        "name": told.name or "",
        "id_number": "*" if told.id_number else "",
        "birth_date": f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if says else "",
        "sex": (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE).label if says else "",
        "village": told.village or "",
        "household": told.household or "",
        "relation": told.relation or "",
        "ethnicity": told.ethnicity or "",
        "education": _word(told.education),
        "capability": _word(told.capability),
        "phone": (told.phone or "").removeprefix("+86"),
    }
    return facts, number


def _work(session: Session, worker_id: int, present: Presenter) -> list[WorkSeen]:
    rows = session.exec(
        select(EmploymentSpell, Employer.name)
        .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
        .where(EmploymentSpell.worker_id == worker_id, col(EmploymentSpell.superseded_at).is_(None))
        .order_by(col(EmploymentSpell.started_on).desc())
    )
    return [
        WorkSeen(
            period=f"{spell.started_on.isoformat()}至{spell.ended_on.isoformat() if spell.ended_on else '今'}",
            employer=employer or spell.kind.label,
            place=present.known_place(spell.region).name if spell.region else "地点未登记",
        )
        for spell, employer in rows
    ]


def _work_of_line(told: Reported) -> WorkSeen:
    begun = told.started.isoformat()[:7] if told.started else "?"
    ended = told.ended.isoformat()[:7] if told.ended else "今"
    return WorkSeen(
        period=f"{begun}至{ended}", employer=told.employer or "单位未写明", place=told.county_text or ""
    )


def _word(value: Coded | None) -> str:
    return value.label if value is not None else ""
