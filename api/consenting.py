"""同意: taken down over any door, and told back."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.errors import Problem, conflict, invalid
from api.schemas.consent import (
    ConsentCreate,
    ConsentPublic,
    ConsentsPublic,
    ConsentTold,
    DisclosurePublic,
    PurposeStanding,
)
from ledger.consents.disclosing import disclosures_of
from ledger.consents.keeping import GuardianNeeded, PersonNeeded, Said, guardian_agrees, is_child, keep
from ledger.consents.purposes import TERMS
from ledger.consents.standing import consents_of, standing
from models.consent import PER_EMPLOYER, Consent, Purpose
from models.disclosure import Told
from models.employer import Employer
from models.worker import PersonKey, Worker


def require_guardian(session: Session, worker: Worker, today: date) -> None:
    """Of a child full numbers are shown, and copies and papers given, when a guardian has agreed that the data is used.

    Raises
    ------
    Problem
        409 where no guardian has.
    """
    if is_child(worker, today) and not guardian_agrees(session, worker, today):
        words = "不满14周岁的人，先在本页“同意和个人信息”里登记监护人对“求职就业服务”的同意，再查看完整号码、出具副本或打开附件。"
        raise conflict("guardian-consent", "需要监护人同意", words)


def take_consent(
    session: Session, worker: Worker, body: ConsentTold, *, today: date, account_id: int
) -> Consent:
    """Write down a yes or a no, with all that follows from it.

    Raises
    ------
    Problem
        409 where the data was deleted; 422 for a day ahead, an employer that is not there, or somebody who can't say so.
    """
    on = body.told_on or today
    if on > today:
        raise invalid("told_on", "in_the_future", "表示同意或撤回的日期不能晚于今天")
    if worker.birth_date is not None and on < worker.birth_date:
        raise invalid("told_on", "before_birth", "日期早于出生日期，请核对")
    until = body.until if isinstance(body, ConsentCreate) else None
    if until is not None and until < on:
        raise invalid("until", "before_start", "有效期不能早于同意的日期")
    if body.employer_id is not None and session.get(Employer, body.employer_id) is None:
        raise invalid("employer_id", "unknown", "没有这家用人单位，请从单位列表中选择")
    if session.get(PersonKey, worker.identity) is None:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已按规定删除，不再登记。")
    said = Said(
        body.purpose, isinstance(body, ConsentCreate), body.speaker, body.means, on, body.employer_id, until, body.form_number
    )  # fmt: skip
    try:
        return keep(session, worker, said, today=today, account_id=account_id)
    except GuardianNeeded:
        raise invalid(
            "speaker",
            "guardian_needed",
            "不满14周岁的人，由父母或其他监护人表示同意或撤回，请选“父母或其他监护人”",
        ) from None
    except PersonNeeded:
        raise invalid(
            "speaker",
            "person_needed",
            "这一项要本人同意：敏感信息和位置须本人单独同意，本人说过不同意的也只能由本人改口",
        ) from None


def consents_public(session: Session, worker: Worker, today: date) -> ConsentsPublic:
    """What stands of every purpose, for all employers and for each that was named, and all that was said."""
    rows = consents_of(session, [worker.identity]).get(worker.identity, [])
    names = _employers(session, (row.employer_id for row in rows))
    accounts = account_names(session, [row.account_id for row in rows])
    asked: list[tuple[Purpose, int | None]] = []
    for purpose in Purpose:
        if purpose is not Purpose.SENSITIVE:
            asked.append((purpose, None))
        if purpose in PER_EMPLOYER:
            named = {
                row.employer_id for row in rows if row.purpose is purpose and row.employer_id is not None
            }
            asked += [(purpose, number) for number in sorted(named)]
    return ConsentsPublic(
        standing=[_standing(rows, names, today, *each) for each in asked],
        items=[consent_public(row, names, accounts) for row in rows],
        under_care=is_child(worker, today),
    )


def _standing(
    rows: list[Consent], names: dict[int, str], today: date, purpose: Purpose, employer_id: int | None
) -> PurposeStanding:
    terms = TERMS[purpose]
    stands, row = standing(rows, purpose, today, employer_id)
    return PurposeStanding(
        purpose=purpose,
        employer_id=employer_id,
        employer=names.get(employer_id or 0),
        what=terms.what,
        law=terms.law,
        standing=stands,
        until=row.until if row else None,
        allowed=stands.allows(purpose),
        without=terms.without,
        stops=terms.stops,
    )


def consent_public(row: Consent, names: dict[int, str], accounts: dict[int, str]) -> ConsentPublic:
    """One answer."""
    return ConsentPublic(
        **row.model_dump(exclude={"worker_id", "account_id", "created_at"}),
        employer=names.get(row.employer_id or 0),
        taken_by=accounts.get(row.account_id),
    )


def one_public(session: Session, row: Consent) -> ConsentPublic:
    """The answer that was just taken down."""
    return consent_public(
        row, _employers(session, [row.employer_id]), account_names(session, [row.account_id])
    )


def disclosures_public(session: Session, worker_id: int) -> list[DisclosurePublic]:
    """Which employers were told of a person, the last first."""
    rows = disclosures_of(session, worker_id)
    names = _employers(session, (row.employer_id for row in rows))
    accounts = account_names(session, [row.account_id for row in rows])
    return [
        DisclosurePublic(
            **row.model_dump(exclude={"fields", "account_id", "created_at"}),
            employer=names.get(row.employer_id),
            fields=[Told.read(each) for each in row.fields],
            told_by=accounts.get(row.account_id or 0),
        )
        for row in rows
    ]


def _employers(session: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in numbers if number is not None}
    rows = session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted))).all()
    return {number: name for number, name in rows if number is not None}


REFUSED_WORDS = (
    "本人不同意（或同意已到期）向这家单位提供信息，不能推荐。本人改变主意的，先在本人页面登记同意。"
)


def refused_by_person() -> Problem:
    """409: the person does not want this employer to be told."""
    return conflict("consent-withdrawn", "本人不同意向这家单位提供信息", REFUSED_WORDS)
