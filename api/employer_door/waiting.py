"""Who waits for the employer's answer: whose turn it is, of those alone of whom it may be told still."""

from datetime import date

from sqlalchemy import ColumnElement, text
from sqlmodel import col

from models.application import Application, ApplicationState

WAITING = (ApplicationState.PROPOSED, ApplicationState.APPLIED, ApplicationState.SHORTLISTED)
"""States in which it is the employer's turn."""
_TOLD = text("SELECT application_id FROM applicants_told(NULL, :told_on) WHERE name IS NOT NULL")


def to_be_answered(today: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which somebody waits for an answer: nobody is asked for one that cannot be given."""
    told = _TOLD.bindparams(told_on=today)
    return col(Application.state).in_(WAITING), col(Application.id).in_(told)
