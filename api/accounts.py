"""Names of accounts: who did something is told to whoever may see that it was done."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlmodel import Session

_NAMES = text("SELECT account_id, display_name FROM account_names(CAST(:ids AS bigint[]))")


def account_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Display names by number; an account that is not there is left out."""
    wanted = sorted({number for number in ids if number is not None})
    if not wanted:
        return {}
    rows = session.connection().execute(_NAMES, {"ids": wanted})
    return {row.account_id: row.display_name for row in rows}
