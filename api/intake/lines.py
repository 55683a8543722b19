"""One line at a time: shown with what is wrong in it, mended, left out, or sent back in a workbook."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from api.deps import Caller
from api.errors import conflict, invalid, not_found
from api.intake.applying import one_at_a_time
from api.intake.checking import context_of
from api.intake.folder_lines import judge_again
from api.intake.following import follow, repeat_the_others
from api.rights import Action
from api.schemas.intake import ChangePublic, ComplaintPublic, ImportLinePublic
from api.workbooks.mending import Fault, Faulty, error_workbook
from ledger.doubts.thresholds import Thresholds
from ledger.forms import Layout
from ledger.intake.applying import Applied
from ledger.intake.identical import tell_of_identical
from ledger.intake.judged import TAKEN
from ledger.intake.judging import judge
from ledger.intake.layouts import column_of, heading_of, layout_of, own_headings
from ledger.intake.lines import Reader, counts_of, mark_judged
from ledger.intake.reading import read_lines, terms_of
from ledger.intake.sealing import key_of, seal_cells, unseal_cells, unseal_judgement
from ledger.intake.taking_in import take_in
from ledger.people import mask_phone
from models.base import now
from models.household import Household
from models.id_number import mask_id_number
from models.intake import Import, ImportKind, ImportLine, ImportState, LineStatus
from models.sealing import Keyring, Unsealable
from models.worker import Worker

_OPEN = frozenset({LineStatus.REJECTED, LineStatus.POSSIBLE})
_KEYS = ("worker_id", "vacancy_id", "employer_id")
_MASKED = frozenset({"id_number", "phone"})


def line_or_404(session: Session, row: Import, number: int) -> ImportLine:
    """One line, locked.

    Raises
    ------
    Problem
        404 when the file has no such line.
    """
    found = session.get(ImportLine, (row.identity, number), with_for_update=True) if number < 2**31 else None
    if found is None:
        raise not_found("这一行")
    return found


def presented(
    session: Session, keyring: Keyring, caller: Caller, row: Import, lines: Sequence[ImportLine]
) -> list[ImportLinePublic]:
    """Lines as they are answered; names, complaints and changes only to those who may see people."""
    try:
        key = key_of(keyring, row) if caller.may(Action.READ_LEDGER, row.region) else None
    except Unsealable:
        key = None
    shown = [_presented(row, line, key) for line in lines]
    return _named(session, shown) if key is not None else shown


def _named(session: Session, lines: list[ImportLinePublic]) -> list[ImportLinePublic]:
    """Lines whose cells are gone, since they are in the ledger, with the names that stand there."""
    people = {line.worker_id for line in lines if line.name is None} - {None}
    homes = {line.household_id for line in lines if line.household is None} - {None}
    names = dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(people))).all())
    numbers = dict(
        session.exec(select(Household.id, Household.number).where(col(Household.id).in_(homes))).all()
    )
    for line in lines:
        line.name = line.name or names.get(line.worker_id)
        line.household = line.household or numbers.get(line.household_id)
    return lines


def _presented(row: Import, line: ImportLine, key: bytes | None) -> ImportLinePublic:
    told: dict[str, Any] = {"complaints": [], "changes": {}}
    name = number = household = title = None
    headings: Mapping[str, str] = {}
    fields: dict[str, str] = {}
    if key is not None:
        told = unseal_judgement(key, line.sealed_judgement)
        if row.kind is ImportKind.EXCHANGE:
            # In the exchange folder a heading is the field.
            fields = {field: field for field in row.sheets[line.sheet]["mapping"].values()}
        elif row.sheets and told != {"complaints": [], "changes": {}}:
            headings = own_headings(row.sheets[line.sheet])
            fields = {heading: field for field, heading in headings.items()}
        if line.sealed_cells is not None and row.sheets:
            cells, _ = unseal_cells(key, line.sealed_cells)
            sheet = row.sheets[line.sheet]
            name, number, household, title = (
                _cell(sheet, cells, field) for field in ("name", "id_number", "household", "title")
            )
            if row.kind is ImportKind.EXCHANGE and not name:
                keys = (_cell(sheet, cells, field) for field in _KEYS)
                title = title or next((each for each in keys if each), None)
    return ImportLinePublic(
        line=line.line,
        sheet=line.sheet,
        row=line.row,
        status=line.status,
        reason=line.reason,
        reading=line.reading,
        name=name[:50] if name else None,
        id_number=mask_id_number(number) if number and number.isalnum() else None,
        household=household[:100] if household else None,
        title=title[:100] if title else None,
        worker_id=line.worker_id,
        household_id=line.household_id,
        complaints=[
            ComplaintPublic(
                column=column, field=_field(fields, column), reason=reason, refused=refused, lost=lost
            )
            for column, reason, refused, lost in told["complaints"]
        ],
        changes=[
            ChangePublic(
                field=field,
                label=headings.get(field) or heading_of(field, row.kind),
                before=_masked(field, before),
                after=_masked(field, after),
                kept=kept,
            )
            for field, (before, after, kept) in told["changes"].items()
        ],
        open=_is_open(line),
        partial=_is_partial(line),
    )


def _field(fields: Mapping[str, str], column: str) -> str | None:
    # Where nothing says whose a row is, all the columns that could are named.
    return fields.get(column) or fields.get(column.partition("、")[0])


def _cell(sheet: Mapping[str, Any], cells: Sequence[Any], field: str) -> str | None:
    at = column_of(sheet, field)
    return str(cells[at]).strip() or None if at is not None and at < len(cells) and cells[at] else None


def _masked(field: str, text: str) -> str:
    if field not in _MASKED or not text:
        return text
    return mask_id_number(text) if field == "id_number" else mask_phone(text)


def _is_open(line: ImportLine) -> bool:
    waits = line.status in _OPEN or line.partial
    return line.settled_at is None and line.sealed_cells is not None and waits


def _is_partial(line: ImportLine) -> bool:
    return line.partial and line.settled_at is None


def mend(
    session: Session,
    keyring: Keyring,
    row: Import,
    line: ImportLine,
    cells: Mapping[str, str],
    *,
    account_id: int,
    today: date,
    demonstration: bool,
    thresholds: Thresholds | None = None,
) -> None:
    """Put other texts, if any, into a line's cells and judge it again; where the file is applied, so is the line.

    Raises
    ------
    Problem
        409 when the line is settled or the file is at work, 422 for a field that the file has no column for, or one
        of a line in the ledger whose cell was taken: it is put right there.
    """
    if row.kind in (ImportKind.POSTINGS, ImportKind.POSTS) or row.kind is None:
        raise conflict("mend-the-post", "请在岗位里改", "岗位的内容请到岗位页面修改。")
    _must_be_open(row, line)
    key = key_of(keyring, row)
    written, formulas = unseal_cells(key, line.sealed_cells or b"")
    sheet = row.sheets[line.sheet]
    if row.state is ImportState.APPLIED and line.status in TAKEN:
        _require_lost(key, sheet, line, cells)
    for field, text in cells.items():
        at = column_of(sheet, field)
        if at is None:
            raise invalid("cells", "unknown", "这个文件里没有这一列，请从列出的列里选择")
        written += [None] * (at + 1 - len(written))
        written[at] = text
        formulas = [column for column in formulas if column != at]
    line.sealed_cells = seal_cells(key, written, formulas)
    session.add(line)
    session.flush()
    if row.kind is ImportKind.EXCHANGE:
        judge_again(
            session, keyring, row, line, key,
            account_id=account_id, today=today, demonstration=demonstration, thresholds=thresholds,
        )  # fmt: skip
        _recount(session, row)
        session.refresh(line)
        return
    context = context_of(session, row, today=today, demonstration=demonstration)
    context.account_id = account_id
    if row.state is ImportState.APPLIED:
        one_at_a_time(session, row.region)
    reader = Reader(row.sheets, key, keyring)
    read = read_lines(
        terms_of(context), reader.read([(line.line, line.sheet, line.row or 0, line.sealed_cells)])
    )
    before = context.remembered()
    judged = judge(session, keyring, context, read)
    tell_of_identical(session, row, judged, reader.marks)
    mark_judged(session.connection(), row.identity, key, judged, reader.marks)
    if row.state is ImportState.APPLIED:
        applied = Applied()
        # It is judged once more as it is taken in: what it has told by now counts as not told yet.
        context.named, context.seen = before
        take_in(session, keyring, context, key, read, applied)
        repeat_the_others(session, keyring, row, line, applied)
        follow(session, keyring, context, applied, thresholds=thresholds)
    _recount(session, row)
    session.refresh(line)


def skip(session: Session, row: Import, line: ImportLine) -> None:
    """Leave a line out for good, or what of it could not be taken where the rest is in the ledger; its cells go.

    Raises
    ------
    Problem
        409 when it is settled or the file is at work.
    """
    if not (row.state is ImportState.READY and line.status in TAKEN):
        # Before the file is applied any line may be left out.
        _must_be_open(row, line)
    line.partial, line.settled_at, line.sealed_cells = False, now(), None
    if not (row.state is ImportState.APPLIED and line.status in TAKEN):
        line.status, line.sealed_judgement = LineStatus.SKIPPED, None
    session.add(line)
    session.flush()
    _recount(session, row)


def error_file(session: Session, keyring: Keyring, row: Import) -> tuple[bytes, int, set[int]]:
    """The lines that are not in order as a workbook, to be sent back; how many they are, and whom of the ledger they mean.

    Raises
    ------
    Problem
        404 when every line is in order.
    """
    key = key_of(keyring, row)
    most = max((int(each["rows"]) for each in row.sheets), default=0)
    folder = row.kind is ImportKind.EXCHANGE
    found: list[Faulty] = []
    told_of: set[int] = set()
    for at, sheet in enumerate(row.sheets):
        layout = layout_of(sheet)
        if layout is None or layout.form is None or not (folder or int(sheet["rows"]) == most):
            continue
        lines = session.exec(
            select(ImportLine)
            .where(
                ImportLine.import_id == row.identity,
                ImportLine.sheet == at,
                or_(col(ImportLine.status).in_(_OPEN), col(ImportLine.partial)),
                col(ImportLine.settled_at).is_(None),
                col(ImportLine.sealed_cells).is_not(None),
            )
            .order_by(col(ImportLine.line))
        ).all()
        if lines:
            told = [
                (line.row or 0, unseal_cells(key, line.sealed_cells or b"")[0], _faults(layout, key, line))
                for line in lines
            ]
            found.append((layout.form, layout, told))
            told_of |= {line.worker_id for line in lines if line.worker_id is not None}
        if not folder:
            break
    if not found:
        raise not_found("需要更正的行")
    many = sum(len(lines) for _, _, lines in found)
    return error_workbook(found, applied=row.state is ImportState.APPLIED), many, told_of


def _faults(layout: Layout, key: bytes, line: ImportLine) -> list[Fault]:
    places = {heading: at for at, heading in layout.headings.items()}
    # Of two columns with one heading the one that is read.
    places |= {layout.headings[at]: at for at, _, _ in reversed(layout.readers)}
    found: list[Fault] = []
    for column, reason, refused, lost in unseal_judgement(key, line.sealed_judgement)["complaints"]:
        if lost or line.status not in TAKEN:
            at = places.get(column, places.get(column.partition("、")[0]))
            found.append((at, reason if column in places or not column else f"{column}：{reason}", refused))
    # What waits for a human is not in the ledger, whatever else is said of it.
    return found if found and line.status is not LineStatus.POSSIBLE else [(None, line.reason, True), *found]


def _require_lost(key: bytes, sheet: Mapping[str, Any], line: ImportLine, cells: Mapping[str, str]) -> None:
    told = unseal_judgement(key, line.sealed_judgement)["complaints"]
    lost = {column for column, _, _, lost in told if lost}
    headings = own_headings(sheet)
    if any(headings.get(field) not in lost for field in cells if field in headings):
        raise invalid("cells", "taken", "这一行已入库，这里只能改没有采用的格子；其他内容请在台账里更正")


def _must_be_open(row: Import, line: ImportLine) -> None:
    if row.state not in (ImportState.READY, ImportState.APPLIED):
        raise conflict("at-work", "文件正在处理", "文件还在处理，请等处理结束后再改。")
    if not _is_open(line):
        raise conflict("line-settled", "这一行已处理", "这一行已经处理过，请刷新后再看。")


def _recount(session: Session, row: Import) -> None:
    row.counts = counts_of(session, row.identity, by_sheet=row.kind is ImportKind.EXCHANGE)
    session.add(row)
    session.flush()
