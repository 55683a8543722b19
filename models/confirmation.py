"""双向核实: what the home county, the place of work and the service station found of a spell."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, Row, coded
from models.coded import Coded


class ConfirmingSide(Coded):
    """Who looked."""

    ORIGIN = "origin", "户籍地"
    DESTINATION = "destination", "就业地"
    STATION = "station", "劳务协作工作站"


class StillThere(Coded):
    """核实结果."""

    AT_WORK = "at_work", "仍在岗"
    NOT_AT_WORK = "not_at_work", "不在岗"
    UNKNOWN = "unknown", "没能核实到"


class ConfirmedBy(Coded):
    """核实方式."""

    ON_SITE = "on_site", "现场核实"
    EMPLOYER = "employer", "向单位了解"
    PERSON = "person", "联系本人"
    FAMILY = "family", "向家人或村组了解"


class SpellConfirmation(Row, table=True):
    """核实记录: what one side found of a spell on one day. It is added to, never changed.

    `since`: the first day from which the work was found to have gone on; empty where only the day itself was seen.
    """

    __tablename__ = "spell_confirmation"
    __table_args__ = (
        CheckConstraint("since IS NULL OR (found = 'at_work' AND since <= found_on)", "since_before_found"),
        UniqueConstraint("spell_id", "side", "found_on", "found", name="uq_spell_confirmation_once"),
    )

    spell_id: int = Field(foreign_key="employment_spell.id", sa_type=BIG)
    side: ConfirmingSide = Field(sa_type=coded(ConfirmingSide), nullable=False)
    found: StillThere = Field(sa_type=coded(StillThere), nullable=False)
    means: ConfirmedBy = Field(sa_type=coded(ConfirmedBy), nullable=False)
    found_on: date
    since: date | None = None
    account_id: int | None = Field(
        default=None, foreign_key="account.id", sa_type=BIG, description="nobody's for generated ones"
    )
    is_demo: bool = False
