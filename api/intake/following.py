"""What follows when lines are in the ledger: reports are accepted by the rules, and the findings of the file are made."""

from typing import Any

from sqlmodel import Session

from api.jobs.running import Running
from ledger.intake.applying import Applied
from ledger.intake.context import Context
from models.intake import Import
from models.sealing import Keyring


def follow(
    session: Session,
    keyring: Keyring,
    row: Import,
    context: Context,
    applied: Applied,
    *,
    job: Running | None = None,
) -> dict[str, Any]:
    """Accept what was reported and look for findings, in the transaction that applied the file."""
    return {}
