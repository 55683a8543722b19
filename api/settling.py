"""What a clerk says of the rows of a comparison: theirs is right, ours is, register, or why; and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, select

from api.audit import IMPORT
from api.comparing import read_lines
from api.errors import conflict, invalid
from api.taking import OF_THE_PERSON, TAKABLE, Clerk, own_of, prepared, register, take, write
from ledger.identity.likeness import plain_number
from ledger.identity.matching import elsewhere, find_people, keep_number
from ledger.intake.columns import PERSON_COLUMNS
from ledger.intake.judged import Judged
from ledger.intake.sealing import key_of
from models.base import now
from models.identity import NumberOrigin, PossibleDuplicate, Verdict
from models.intake import ComparisonRow, Import, LineStatus, Settlement, Standing
from models.sealing import Keyring
from models.worker import Worker

_DIGITS = 18


def answer(
    session: Session,
    keyring: Keyring,
    row: Import,
    rows: Sequence[ComparisonRow],
    how: Settlement,
    clerk: Clerk,
    *,
    fields: Sequence[str] | None = None,
    note: str = "",
) -> int:
    """Give one answer to several open rows; how many of them nothing is left to say of.

    Raises
    ------
    Problem
        409 or 422 where the answer does not fit a row; nothing is changed then.
    """
    if how is not Settlement.EXPLAINED and any(each.standing is Standing.ODD for each in rows):
        raise conflict(
            "nothing-to-take", "这一行请写明情况", "数值要核对的行没有哪一边可以采用，核对后请写明情况。"
        )
    if how is Settlement.EXPLAINED and not note.strip():
        raise invalid("note", "missing", "请写明情况，以后查得到为什么不一致。")
    if how is Settlement.TAKEN:
        take(session, keyring, row, rows, fields, clerk)
    elif how is Settlement.REGISTERED:
        register(session, keyring, row, rows, clerk)
    done = 0
    for each in rows:
        answered = set(each.fields if fields is None else fields) & set(each.fields)
        if how is Settlement.TAKEN and each.standing is Standing.DIFFERS:
            answered &= TAKABLE
            each.taken = sorted({*each.taken, *answered})
        whole = each.standing is not Standing.DIFFERS or how is Settlement.EXPLAINED
        each.fields = [] if whole else sorted(set(each.fields) - answered)
        if not each.fields:
            each.settlement = Settlement.TAKEN if each.taken else how
            each.settled_by, each.settled_at = clerk.account_id, now()
            done += 1
        if note.strip():
            each.note = note.strip()
        session.add(each)
    session.flush()
    return done


def reopen(
    session: Session,
    keyring: Keyring,
    row: Import,
    each: ComparisonRow,
    differences: Mapping[str, Any],
    clerk: Clerk,
) -> None:
    """Take an answer back: what was only said is open again, what was taken of the person is as it was.

    Raises
    ------
    Problem
        409 where the ledger was changed in a way that only the person's own page takes back.
    """
    if (
        each.settlement is Settlement.REGISTERED
        or set(each.taken) - OF_THE_PERSON
        or (each.settlement is Settlement.TAKEN and each.standing is not Standing.DIFFERS)
    ):
        raise conflict(
            "not-reversible", "不能在这里撤销",
            "这一行已经新增了人员或改了务工、户的记录，请在本人的页面上更正，修改历史里有原来的内容。",
        )  # fmt: skip
    if each.taken:
        _put_back(session, keyring, row, each, differences, clerk)
    each.fields, each.taken, each.settlement = sorted(differences), [], None
    each.settled_by = each.settled_at = None
    session.add(each)
    session.flush()


def settle_identity(session: Session, keyring: Keyring, row: Import, pair: PossibleDuplicate) -> None:
    """Somebody has said whether a line of the list is a person of ours, though its number is another.

    The same: the number means this person from now on, wherever it comes. Two: the line is of somebody whom only the
    other list has.
    """
    lines = dict(read_lines(session, row, key_of(keyring, row), only=[pair.import_line or 0]))
    waiting = [
        each
        for each in open_rows(session, row.identity, standing=Standing.DIFFERS)
        if (each.line, each.worker_id) == (pair.import_line, pair.worker_id)
    ]
    if pair.verdict is Verdict.DIFFERENT:
        for each in waiting:
            session.delete(each)
            session.add(ComparisonRow(import_id=row.identity, line=each.line, standing=Standing.ONLY_THERE))
        session.flush()
        return
    told = lines[pair.import_line or 0].reported
    number = plain_number(told.id_number or "") if told else ""
    known = find_people(session, keyring, [number]) or elsewhere(session, keyring, [number])
    if len(number) == _DIGITS and not known:
        keep_number(session, keyring, pair.worker_id, number, NumberOrigin.MISTYPED)
    for each in waiting:
        each.fields = sorted(set(each.fields) - {"id_number"})
        if not each.fields:
            each.settlement, each.note = Settlement.KEPT, each.note or "已判断是同一人，对方号码记为曾用号码"
            each.settled_by, each.settled_at = pair.decided_by, now()
        session.add(each)
    session.flush()


def open_rows(
    session: Session,
    import_id: int,
    *,
    standing: Standing | None = None,
    field: str | None = None,
    ids: Sequence[int] | None = None,
) -> list[ComparisonRow]:
    """Rows that wait for an answer, locked, in the order in which they stand."""
    query = select(ComparisonRow).where(
        ComparisonRow.import_id == import_id, col(ComparisonRow.settlement).is_(None)
    )
    if standing is not None:
        query = query.where(ComparisonRow.standing == standing)
    if field is not None:
        query = query.where(col(ComparisonRow.fields).contains([field]))
    if ids is not None:
        query = query.where(col(ComparisonRow.id).in_(ids))
    return list(session.exec(query.order_by(col(ComparisonRow.id)).with_for_update()).all())


def _put_back(
    session: Session,
    keyring: Keyring,
    row: Import,
    each: ComparisonRow,
    differences: Mapping[str, Any],
    clerk: Clerk,
) -> None:
    """Let the person be as before: the same way back as forth, with ours as what is told."""
    own = own_of(session, keyring, row, [each]).get(each.worker_id or 0)
    worker = session.get(Worker, each.worker_id)
    if worker is None or not own:
        raise conflict("gone", "不能撤销", "本人已不在您管辖的地区，或信息已限制使用，请在本人的页面上核对。")
    current = own[0].reported
    if any(getattr(current, name) != differences[name][1] for name in each.taken):
        raise conflict("changed-since", "这一项后来又改过", "请在本人的页面上更正，修改历史里有原来的内容。")
    before: dict[str, Any] = {name: differences[name][0] for name in each.taken}
    context, _ = prepared(session, keyring, row, [], clerk)
    one = Judged(
        line=each.line or 0,
        told=replace(current, household=None, **before),
        status=LineStatus.CHANGED,
        worker_id=worker.identity,
        changes={name: (differences[name][1], value) for name, value in before.items()},
    )
    write(session, keyring, context, [one], {})
    _blank(session, row, each, worker, [name for name, value in before.items() if value in (None, (), "")])


def _blank(session: Session, row: Import, each: ComparisonRow, worker: Worker, fields: Sequence[str]) -> None:
    """What was not known before is not known again; a list never says so by itself."""
    session.refresh(worker)
    session.info[IMPORT] = (row.identity, each.line)
    for name in fields:
        if name == "phone":
            worker.phone_sealed = worker.phone_index = worker.phone_index_2 = None
        else:
            setattr(worker, PERSON_COLUMNS[name], [] if name == "health" else None)
    session.add(worker)
    session.flush()
    session.info.pop(IMPORT, None)
