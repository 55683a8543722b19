"""A chunk of lines, judged and written at once: judged again where somebody else registered one of its people in the
same moment."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from ledger.identity.registering import said_at_once
from ledger.intake.applying import Applied, apply_lines
from ledger.intake.context import Context
from ledger.intake.judging import judge
from ledger.intake.reading import Read
from models.sealing import Keyring

_MOST = 100
"""How often one chunk is judged anew: each time at least one more of its people is somebody's by then."""


def take_in(
    session: Session,
    keyring: Keyring,
    context: Context,
    key: bytes,
    lines: Sequence[Read],
    applied: Applied,
) -> None:
    """Judge the lines and write them. The database makes two of one person wait for each other, whoever registers them:
    the second finds the person then as anybody would, of the own county or of another.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        when the lines can't be written for any other reason; the caller's transaction is over then.
    """
    for attempt in range(_MOST):
        named, seen = context.remembered()
        judged = judge(session, keyring, context, lines)
        try:
            apply_lines(session, keyring, context, key, judged, applied)
        except IntegrityError as error:
            if not said_at_once(error) or attempt + 1 == _MOST:
                raise
            context.named, context.seen = named, seen
        else:
            return
