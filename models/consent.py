"""同意: what somebody agreed to, or took back. Dated rows; the last one of a purpose stands."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Field, col

from models.base import BIG, Row, coded
from models.coded import Coded
from models.worker import Worker


class Purpose(Coded):
    """What a person's information is used for, and may be asked about. `ledger.consents.purposes` says what each means."""

    SERVICE = "service", "求职就业服务"
    RANKING = "ranking", "推荐排序"
    EMPLOYER = "employer", "向用人单位提供信息"
    SENSITIVE = "sensitive", "申领补贴时向用人单位提供敏感信息"
    CHECK_IN = "check_in", "位置打卡"
    MESSAGES = "messages", "短信、微信通知"


PER_EMPLOYER = frozenset({Purpose.EMPLOYER, Purpose.SENSITIVE})
"""Purposes that may be agreed to for one employer alone."""


class Speaker(Coded):
    """Who said it."""

    SELF = "self", "本人"
    FAMILY = "family", "家庭成员代为转达"
    INFORMANT = "informant", "村级信息员代为转达"
    GUARDIAN = "guardian", "父母或其他监护人"


THEMSELVES = frozenset({Speaker.SELF, Speaker.GUARDIAN})
"""Who speaks with the person's own word: nobody else takes back what these have refused."""


class ConsentMeans(Coded):
    """How it was said."""

    PAPER = "paper", "纸质同意书"
    SCREEN = "screen", "当面在屏幕上确认"
    PHONE = "phone", "电话"
    WECHAT = "wechat", "在微信小程序里确认"


class Consent(Row, table=True):
    """One answer of one person about one purpose: yes until a day, or no. Nothing is overwritten."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint(
            "employer_id IS NULL OR purpose IN ('employer', 'sensitive')", "employer_where_asked"
        ),
        CheckConstraint("purpose <> 'sensitive' OR employer_id IS NOT NULL", "sensitive_to_one"),
        CheckConstraint("until IS NULL OR (given AND until >= told_on)", "until_of_a_yes"),
        CheckConstraint("(means = 'paper') = (form_number <> '')", "paper_with_number"),
        Index("ix_consent_worker_id_purpose", "worker_id", "purpose"),
        # Everybody whose last word may be no, or may be over: few, and asked of whole counties.
        Index("ix_consent_purpose", "purpose", "worker_id"),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    purpose: Purpose = Field(sa_type=coded(Purpose), nullable=False)
    employer_id: int | None = Field(
        default=None, foreign_key="employer.id", sa_type=BIG, description="this one alone; empty is any"
    )
    given: bool
    told_on: date
    until: date | None = Field(default=None, description="the last day it holds; empty is until taken back")
    speaker: Speaker = Field(sa_type=coded(Speaker), nullable=False)
    means: ConsentMeans = Field(sa_type=coded(ConsentMeans), nullable=False)
    form_number: str = Field(default="", max_length=40, description="of the paper")
    account_id: int = Field(foreign_key="account.id", sa_type=BIG, description="who took it down")
    is_demo: bool = False


def stopped(purpose: Purpose, day: date) -> Select[int]:
    """Numbers of the people whose last word on a purpose, employers aside, was no or is over on `day`; of merged records
    the kept one's. Of what somebody has refused themselves nobody else's yes is heard."""
    person = func.coalesce(Worker.merged_into, Worker.id)
    order = (col(Consent.told_on), col(Consent.id))
    own = col(Consent.speaker).in_(THEMSELVES)
    # Each word, and how many of the person's own had been said by then: the first of so many is the last own one.
    said = (
        select(
            person.label("worker_id"),
            *(col(each) for each in (Consent.id, Consent.told_on, Consent.given, Consent.until)),
            own.label("own"),
            func.count().filter(own).over(partition_by=person, order_by=order, rows=(None, 0)).label("words"),
        )
        .join(Worker, col(Worker.id) == col(Consent.worker_id))
        .where(col(Consent.purpose) == purpose, col(Consent.employer_id).is_(None))
        .subquery()
    )
    word = said.c
    theirs = func.first_value(word.given).over(
        partition_by=(word.worker_id, word.words), order_by=(word.told_on, word.id)
    )
    heard = select(*word, (word.given & ~word.own & (word.words > 0) & ~theirs).label("overruled")).subquery()
    last = (
        select(heard.c.worker_id, heard.c.given, heard.c.until)
        .where(~heard.c.overruled)
        .ext(distinct_on(heard.c.worker_id))
        .order_by(heard.c.worker_id, heard.c.told_on.desc(), heard.c.id.desc())
        .subquery()
    )
    return select(last.c.worker_id).where(~last.c.given | (last.c.until < day))
