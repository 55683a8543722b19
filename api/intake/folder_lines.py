"""One line of an exchange folder, mended: before the folder is applied all of it is checked again, afterwards the line
goes into the ledger by itself."""

from datetime import date

from sqlmodel import Session

from api.intake.applying import one_at_a_time
from api.intake.checking import context_of
from api.intake.exchange import opened, rows_of, sheets_in_order
from api.intake.exchange_work import follow_folder
from api.intake.following import repeat_the_others
from api.intake.receiving import CHECK, ask
from ledger.doubts.thresholds import Thresholds
from ledger.intake.lines import Reader
from models.intake import Import, ImportLine, ImportState
from models.sealing import Keyring


def judge_again(
    session: Session,
    keyring: Keyring,
    row: Import,
    line: ImportLine,
    key: bytes,
    *,
    account_id: int,
    today: date,
    demonstration: bool,
    thresholds: Thresholds | None,
) -> None:
    """Judge a line whose cells were changed; others may rest on it, so that before 入库 all are judged anew."""
    if row.state is not ImportState.APPLIED:
        row.state = ImportState.CHECKING
        ask(session, account_id, row, CHECK)
        return
    one_at_a_time(session, row.region)
    context = context_of(session, row, today=today, demonstration=demonstration)
    context.account_id = account_id
    exchange = opened(session, keyring, key, row, context, whole=False)
    file, name = next((file, name) for at, file, name in sheets_in_order(row) if at == line.sheet)
    staged = [(line.line, line.sheet, line.row or 0, line.sealed_cells or b"")]
    found = exchange.judge(session, file, name, rows_of(Reader(row.sheets, key), staged))
    exchange.mark(session, file, found)
    exchange.apply(session, file, found)
    exchange.finish(session)
    repeat_the_others(session, keyring, row, line, exchange.applied)
    follow_folder(
        session,
        keyring,
        context,
        exchange.applied,
        exchange.works,
        file_name=row.file_name,
        thresholds=thresholds,
    )
