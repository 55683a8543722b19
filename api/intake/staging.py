"""Staging: a file's rows become lines, their cells sealed; after a kill it goes on behind the last row staged."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select, update

from api.errors import invalid
from api.importing import apply_postings
from api.intake.guarding import guarded
from api.intake.receiving import CHECK, ask, done, fail
from api.jobs.running import Cancelled, JobFailed, Running
from api.schemas.intake import MappingTold
from api.workbooks.limits import Unreadable
from api.workbooks.reading import Sheet, sheets
from ledger.forms import WrongAnswer
from ledger.intake.layouts import TOP, first_look, lacking, only_of, retold, set_aside
from ledger.intake.our_own import not_to_come_back
from ledger.intake.sealing import Cell, kept_file, key_of, seal_cells
from models.bulk import insert_rows
from models.intake import PROOF_KINDS, HeadingMemory, Import, ImportKind, ImportPurpose, ImportState

_CHUNK = 1_000
_MOST_HEADINGS = 300
"""Of one sheet: what a clerk could still look through, and what an answer may hold."""
_MOST_ASKED = 100
_FEWER = "请只保留要导入的列，或复制到模板里，再重新导入"
_NOTHING = "文件里没有数据行，请确认导出的内容后再试"
_ASK = "有表头需要您说明对应哪一项，说明后继续"
_LACKING = "没有认出这些必需的列：{}；请说明是哪一列，文件里没有的请补上后重新导入"
_PROOF = "社保缴费名单、工资发放名单、单位在岗花名册用于两本账对账，不直接入库；请重新导入并选择“两本账对账”"

_NOT_COMPARED = "交换文件夹用于入库，不能两本账对账；请重新导入并选择“入库”"


@guarded
def stage(job: Running) -> dict[str, Any]:
    """Read the file that was received; the job's end is the check's beginning, or a question about headings.

    Raises
    ------
    JobFailed
        when the file is refused; nothing of it is kept.
    """
    import_id = int(job.argument["import_id"])
    link = {"link": f"/imports/{import_id}"}
    with job.transaction() as (session, _):
        row = session.get_one(Import, import_id)
        if row.state is not ImportState.STAGING:
            return link
        key = key_of(job.keyring, row)
        content = kept_file(session, key, import_id)
        if row.kind is ImportKind.POSTINGS:
            apply_postings(session, row, content, progress=job.progress)
            done(session, row)
            return link
        name, kind, described = row.file_name, row.kind, [dict(each) for each in row.sheets]
        memory = remembered(session, row.region, kind)
    try:
        for at, sheet in enumerate(sheets(content, name=name)):
            if at == len(described):
                described.append({})
            if not described[at].get("done"):
                _stage_sheet(job, import_id, key, at, sheet, described, memory, kind, name)
    except Unreadable as refused:
        with job.transaction() as (session, _):
            fail(session, session.get_one(Import, import_id), str(refused))
        raise JobFailed(str(refused)) from None
    failed = ""
    with job.transaction() as (session, _):
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.state is not ImportState.STAGING:
            return link
        if not any(each["rows"] for each in described):
            reason = next((each["skipped"] for each in described if each["skipped"]), _NOTHING)
            fail(session, row, reason)
            failed = reason
        else:
            settle_headings(session, job.account_id, row)
            failed = _wrong(row)
            if failed:
                fail(session, row, failed)
    if failed:
        raise JobFailed(failed)
    return link


def _wrong(row: Import) -> str:
    """Why a file whose headings are known is not taken in all the same; empty where nothing is against it."""
    if row.kind in PROOF_KINDS and row.purpose is ImportPurpose.APPLY:
        return _PROOF
    if row.kind is not ImportKind.EXCHANGE:
        return ""
    if row.purpose is ImportPurpose.COMPARE:
        return _NOT_COMPARED
    lacks = [(each["name"], needed) for each in row.sheets if (needed := lacking(each))]
    return "；".join(f"“{name}”缺少必需的列：{'、'.join(needed)}" for name, needed in lacks) + (
        "。请补上后重新导入" if lacks else ""
    )


def remembered(session: Session, region: str, kind: ImportKind | None) -> dict[str, str | None]:
    """What the bureau said before of the headings of its files. While nobody knows of which kind the file is, a heading
    that means one thing in one kind and another in another is not known: it is asked."""
    query = select(HeadingMemory.heading, HeadingMemory.field).where(HeadingMemory.region == region)
    if kind is not None:
        query = query.where(HeadingMemory.kind == kind)
    meanings: dict[str, set[str | None]] = {}
    for heading, field in session.exec(query):
        meanings.setdefault(heading, set()).add(field)
    return {heading: meant.pop() for heading, meant in sorted(meanings.items()) if len(meant) == 1}


def settle_headings(session: Session, account_id: int, row: Import) -> None:
    """Ask what is not known of the headings, or let the check begin."""
    told = [each for each in row.sheets if each["kind"] and each["rows"] and not each["skipped"]]
    if row.kind is None and told:
        row.kind = ImportKind.read(max(told, key=lambda each: int(each["rows"]))["kind"])
    if row.kind is not None and told:
        row.sheets = [only_of(each, row.kind) for each in row.sheets]
    read = [each for each in row.sheets if not each["skipped"] and each["rows"]]
    needed = dict.fromkeys(heading for each in read for heading in lacking(each))
    if row.kind is None or needed or any(each["asking"] for each in read):
        row.state = ImportState.MAPPING
        row.message = _LACKING.format("、".join(needed)) if needed else _ASK
        session.add(row)
        session.flush()
    else:
        row.state, row.message = ImportState.CHECKING, ""
        ask(session, account_id, row, CHECK)


def answer_headings(session: Session, account_id: int, row: Import, told: MappingTold) -> None:
    """Take what somebody said of the headings, remember it, and go on.

    Raises
    ------
    Problem
        422 for a field that files of this kind do not have.
    """
    fields = {heading: field or None for heading, field in told.fields.items()}
    try:
        row.sheets = [
            each if each["skipped"] else retold(each, told.kind or _kind(each), fields) for each in row.sheets
        ]
    except WrongAnswer as problem:
        raise invalid("fields", "unknown", str(problem)) from None
    kinds = {each["kind"] for each in row.sheets if each["kind"] and not each["skipped"]}
    if not kinds:
        raise invalid("kind", "missing", "请先选择这是哪种文件")
    row.kind = told.kind or row.kind or ImportKind.read(sorted(kinds)[0])
    remember(session, row.region, row.kind, fields)
    if row.state is ImportState.READY:
        session.execute(
            text(
                "UPDATE import_line SET status = NULL, sealed_judgement = NULL "
                "WHERE import_id = :id AND settled_at IS NULL"
            ),
            {"id": row.identity},
        )
    settle_headings(session, account_id, row)


def _kind(sheet: Mapping[str, Any]) -> ImportKind | None:
    return ImportKind.read(sheet["kind"]) if sheet["kind"] else None


def remember(session: Session, region: str, kind: ImportKind, fields: Mapping[str, str | None]) -> None:
    """Keep what headings mean for the bureau's next file of the kind."""
    found = session.exec(
        select(HeadingMemory).where(HeadingMemory.region == region, HeadingMemory.kind == kind)
    ).all()
    known = {each.heading: each for each in found}
    for heading, field in fields.items():
        kept = heading[:200]
        each = known.setdefault(kept, HeadingMemory(region=region, kind=kind, heading=kept))
        each.field = field
        session.add(each)
    session.flush()


def _stage_sheet(
    job: Running,
    import_id: int,
    key: bytes,
    at: int,
    sheet: Sheet,
    described: list[dict[str, Any]],
    memory: dict[str, str | None],
    kind: ImportKind | None,
    file_name: str,
) -> None:
    rows: Iterator[tuple[int, list[Cell]]] = sheet.rows
    if not described[at]:
        top = list(islice(rows, TOP))
        if sheet.aside:
            described[at] = set_aside(sheet.name, sheet.aside)
        else:
            first = [row for row in top if row[0] <= TOP]
            described[at] = first_look(sheet.name, first, memory, kind)
            if words := _too_many(sheet.name, described[at]):
                raise Unreadable(words)
            if words := not_to_come_back(sheet.name, file_name, first, described[at]):
                raise Unreadable(words)
        rows = chain(top, rows)
    told = described[at]
    begin = max(told["staged"], told["heading_row"] or 0)
    formulas: dict[int, list[int]] = {}
    for row_number, column in sheet.formulas:
        formulas.setdefault(row_number, []).append(column)
    waiting = (row for row in rows if row[0] > begin and not told["skipped"])
    while chunk := list(islice(waiting, _CHUNK)):
        first = 1 + sum(each.get("rows", 0) for each in described)
        lines = [
            {
                "import_id": import_id,
                "line": first + index,
                "sheet": at,
                "row": number,
                "reason": "",
                "reading": {},
                "sealed_cells": seal_cells(key, cells, formulas.get(number, ())),
            }
            for index, (number, cells) in enumerate(chunk)
        ]
        told["staged"], told["rows"] = chunk[-1][0], told["rows"] + len(chunk)
        _keep(job, import_id, lines, described)
        job.progress(first + len(chunk) - 1, 0, f"已读取{first + len(chunk) - 1}行")
    told["done"] = True
    _keep(job, import_id, [], described)


def _too_many(name: str, told: Mapping[str, Any]) -> str:
    """Why nobody is asked about the headings of a sheet; empty where they are few enough."""
    headings, asking = len(told["headings"]), len(told["asking"])
    if told["skipped"] or (headings <= _MOST_HEADINGS and asking <= _MOST_ASKED):
        return ""
    if headings > _MOST_HEADINGS:
        return f"表“{name}”有{headings}个表头，最多{_MOST_HEADINGS}个，没有读取；{_FEWER}"
    return f"表“{name}”有{asking}个表头认不出，超过{_MOST_ASKED}个，没有读取；{_FEWER}"


def _keep(job: Running, import_id: int, lines: list[dict[str, Any]], described: list[dict[str, Any]]) -> None:
    """The lines and the mark behind them, together or not at all."""
    with job.transaction() as (session, _):
        connection = session.connection()
        state = connection.scalar(
            text('SELECT state FROM "import" WHERE id = :id FOR UPDATE'), {"id": import_id}
        )
        if state != ImportState.STAGING.value:
            raise Cancelled
        insert_rows(connection, "import_line", lines)
        connection.execute(update(Import).where(col(Import.id) == import_id).values(sheets=described))
