"""What workers.csv says of people beyond a list of people, written in a few statements with the record of what changed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from ledger.exchange.details import Details
from ledger.exchange.folder import Folder
from ledger.history import Written, change_of, change_rows, household_keys, person_keys
from ledger.intake.context import Context
from models.base import now
from models.bulk import insert_rows, update_rows
from models.household import Household
from models.sealing import Keyring
from models.worker import Worker, WorkerSkill, WorkIntention

_OF_PERSON = ("experience_months", "last_occupation", "disability_grade")
_OF_WISHES = ("pay_floor", "accepted_regions", "available_from", "needs_lodging")


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
    session.flush()
    session.expire_all()
