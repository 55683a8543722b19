"""在岗名册: opened once a month, which tells the employer of its own people; confirmed once, which is evidence of grade D.

The record of work stays as it is: who is said to have left is the home county's to record, and until then the two differ.
A roster that carries the seal is a paper, and is taken in as one by the bureau (B).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.audit import record
from api.confirming import take, undo
from api.employer_door.asking import Own
from api.errors import conflict, invalid, not_found
from api.presenting import Presenter
from api.schemas.confirmation import ConfirmationCreate
from api.schemas.employer_door import (
    RosterConfirm,
    RosterConfirmed,
    RosterLine,
    RosterPublic,
    RosterSummary,
    RosterWord,
    SaidBefore,
)
from ledger.applications import RefusalReason
from ledger.consents.disclosing import FOR
from models.confirmation import ConfirmedBy, ConfirmingSide, SpellConfirmation, StillThere
from models.disclosure import DisclosureReason
from models.roster import EmployerRoster
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.vacancy import Vacancy
from models.worker import Sex
from outcomes.calendar import month_end, month_start
from outcomes.confirming import days_of

_OPEN = text("SELECT open_roster(CAST(:fields AS text[]), :today)")
_AT_WORK = text("SELECT count_for_roster(:today)")
_PEOPLE = text("SELECT * FROM people_on_roster(:id, :today)")


def at_work(session: Session, today: date) -> int:
    """How many the ledger has at work at the caller's employer now of whom it may be told."""
    return int(session.connection().scalar(_AT_WORK, {"today": today}) or 0)


def roster_of_month(session: Session, employer_id: int, today: date) -> EmployerRoster | None:
    """This month's roster, if it is opened."""
    return session.exec(
        select(EmployerRoster).where(
            EmployerRoster.employer_id == employer_id, EmployerRoster.month == month_start(today)
        )
    ).first()


def open_roster(session: Session, whose: Own, today: date) -> EmployerRoster:
    """This month's roster, opened now if it was not yet: of whoever is at work there, may be told of and has not refused.

    Raises
    ------
    Problem
        409 where there is nobody to tell of.
    """
    known = roster_of_month(session, whose.employer.identity, today)
    if known is not None:
        return known
    fields = sorted(each.value for each in FOR[DisclosureReason.ROSTER])
    number = session.connection().scalar(_OPEN, {"fields": fields, "today": today})
    row = session.get_one(EmployerRoster, number)
    people = len(_people(session, row, today))
    if not people:
        words = "台账里现在没有在本单位上班、可以列上名册的人。人社部门登记上岗以后，就能核对。"
        raise conflict("nobody-at-work", "现在没有要核对的人", words)
    record(
        session, "disclose", "employer", whose.employer.identity,
        region=whose.employer.kept_by, change={"roster_id": row.identity, "people": people},
    )  # fmt: skip
    return row


def roster_or_404(session: Session, roster_id: int) -> EmployerRoster:
    """A roster of the employer's.

    Raises
    ------
    Problem
        404 for any other.
    """
    row = session.get(EmployerRoster, roster_id)
    if row is None:
        raise not_found("这份名册")
    return row


def as_of(row: EmployerRoster, on: date) -> date:
    """Of which day a roster asks who is there: of a month that is over, its last, however late it is confirmed."""
    return min(on, month_end(row.month))


def roster_summary(session: Session, row: EmployerRoster, today: date) -> RosterSummary:
    """A roster in a list."""
    return RosterSummary(**row.model_dump(), people=len(_people(session, row, today)))


def roster_public(session: Session, present: Presenter, row: EmployerRoster) -> RosterPublic:
    """A roster with its lines, those longest there first."""
    people = _people(session, row, present.today)
    spells = _spells(session, people)
    posts = _posts(session, spells)
    said = _said(session, people)
    lines = [
        RosterLine(
            spell_id=number,
            name=person.name,
            sex=Sex.read(person.sex) if person.sex else None,
            home=present.place(person.home),
            post=posts.get(spells[number].vacancy_id or 0),
            started_on=spells[number].started_on,
            ended_on=spells[number].ended_on,
            **_words(said.get(number, ()), as_of(row, row.confirmed_on) if row.confirmed_on else None),
        )
        for number, person in people.items()
        if number in spells
    ]
    lines.sort(key=lambda line: (line.started_on, line.spell_id))
    return RosterPublic(
        **row.model_dump(),
        people=len(lines),
        lines=lines,
        as_of=as_of(row, row.confirmed_on or present.today),
    )


def confirm_roster(
    session: Session, keyring: Keyring, whose: Own, row: EmployerRoster, body: RosterConfirm, today: date
) -> RosterConfirmed:
    """Say of everybody on the roster whether she is still there. What is said is kept as found from the employer's side.

    Raises
    ------
    Problem
        409 for a roster that was confirmed, 422 for a line that is missing, foreign, or cannot be.
    """
    session.refresh(row, with_for_update=True)
    if row.confirmed_on is not None:
        words = "每月核对一次。填错了请告诉当地人社部门；以后的变化下个月再核对。"
        raise conflict("roster-confirmed", "本月名册已经核对过", words)
    people = _people(session, row, today)
    spells = _spells(session, people)
    words_of = {line.spell_id: line for line in body.lines}
    for at, line in enumerate(body.lines):
        if line.spell_id not in spells:
            raise invalid(f"lines.{at}.spell_id", "unknown", "名册上没有这一行，请刷新后再核对")
        if words_of[line.spell_id] is not line:
            raise invalid(f"lines.{at}.spell_id", "twice", "同一个人写了两行，请只留一行")
    if open_ones := len(spells.keys() - words_of.keys()):
        raise invalid("lines", "missing", f"名册上还有{open_ones}人没有选，请每人选一项")
    for at, line in enumerate(body.lines):
        _take(session, keyring, whose, row, spells[line.spell_id], line, at, as_of(row, today), today)
    row.confirmed_on, row.confirmed_by = today, whose.account_id
    session.add(row)
    session.flush()
    session.refresh(row)
    told = Counter(line.found for line in words_of.values())
    record(
        session, "confirm", "employer_roster", row.identity,
        region=whose.employer.kept_by, change={each.value: told[each] for each in StillThere},
    )  # fmt: skip
    return RosterConfirmed(
        id=row.identity,
        version=row.version,
        confirmed_on=today,
        at_work=told[StillThere.AT_WORK],
        left=told[StillThere.NOT_AT_WORK],
        unknown=told[StillThere.UNKNOWN],
    )


def undo_roster(
    session: Session, keyring: Keyring, whose: Own, row: EmployerRoster, today: date
) -> RosterSummary:
    """Take a roster back that was kept by mistake, on its day and by the account that kept it, line by line as a station takes
    back a look; it is to be confirmed again.

    Raises
    ------
    Problem
        409 for any other, and where one of the records was corrected since.
    """
    session.refresh(row, with_for_update=True)
    if row.confirmed_on != today or row.confirmed_by != whose.account_id:
        words = "只有当天、由核对的账号能撤销。已经过了当天的，请告诉当地人社部门。"
        raise conflict("roster-stands", "这份名册不能撤销", words)
    people, day = _people(session, row, today), as_of(row, today)
    for said in _said(session, people).values():
        for each in said:
            if each.found_on == day and each.account_id == whose.account_id:
                undo(session, keyring, whose.caller, each)
    session.refresh(row, with_for_update=True)
    row.confirmed_on = row.confirmed_by = None
    session.add(row)
    session.flush()
    session.refresh(row)
    record(session, "undo", "employer_roster", row.identity, region=whose.employer.kept_by)
    return roster_summary(session, row, today)


def _take(
    session: Session,
    keyring: Keyring,
    whose: Own,
    roster: EmployerRoster,
    spell: EmploymentSpell,
    line: RosterWord,
    at: int,
    on: date,
    today: date,
) -> None:
    gone, field, nth = line.found is StillThere.NOT_AT_WORK, f"lines.{at}", f"第{at + 1}行"
    first, _ = days_of(spell)
    if gone and (line.left_on is None or line.reason is None):
        raise invalid(f"{field}.left_on", "missing", f"{nth}：已经离岗的，请填最后一天上班的日期和离岗原因")
    if not gone and (line.left_on is not None or line.reason is not None):
        raise invalid(f"{field}.found", "contradicts", f"{nth}：只有已经离岗的才填离岗日期和原因")
    if line.left_on is not None and not first <= line.left_on <= on:
        words = f"{nth}：最后一天上班的日期应在上岗（{first:%Y-%m-%d}）以后、不晚于{on:%Y-%m-%d}"
        raise invalid(f"{field}.left_on", "outside", words)
    # At work on that day, and as far as the employer knows since the month began.
    since = max(first, roster.month) if line.found is StillThere.AT_WORK else None
    body = ConfirmationCreate(found=line.found, means=ConfirmedBy.EMPLOYER, found_on=on, since=since)
    left = (line.left_on, line.reason.value) if line.left_on and line.reason else None
    take(session, keyring, whose.caller, spell, body, ConfirmingSide.EMPLOYER, today=today, left=left)


def _people(session: Session, row: EmployerRoster, today: date) -> dict[int, Any]:
    found = session.connection().execute(_PEOPLE, {"id": row.identity, "today": today})
    return {person.spell_id: person for person in found if person.name is not None}


def _spells(session: Session, people: Mapping[int, Any]) -> dict[int, EmploymentSpell]:
    rows = session.exec(select(EmploymentSpell).where(col(EmploymentSpell.id).in_(people)))
    return {row.identity: row for row in rows}


def _posts(session: Session, spells: Mapping[int, EmploymentSpell]) -> dict[int, str]:
    wanted = {spell.vacancy_id for spell in spells.values() if spell.vacancy_id is not None}
    rows = session.exec(select(Vacancy.id, Vacancy.title).where(col(Vacancy.id).in_(wanted))).all()
    return {number: title for number, title in rows if number is not None}


def _said(session: Session, people: Mapping[int, Any]) -> dict[int, list[SpellConfirmation]]:
    """By spell what was said of it by the employer, in the order of the days."""
    found: dict[int, list[SpellConfirmation]] = defaultdict(list)
    rows = session.exec(
        select(SpellConfirmation)
        .where(
            col(SpellConfirmation.spell_id).in_(people),
            SpellConfirmation.side == ConfirmingSide.EMPLOYER,
        )
        .order_by(col(SpellConfirmation.found_on), col(SpellConfirmation.id))
    )
    for row in rows:
        found[row.spell_id].append(row)
    return found


def _words(said: Sequence[SpellConfirmation], day: date | None) -> dict[str, Any]:
    """What was said of the day of which a roster asks, if it is confirmed, and before that."""
    here = next((each for each in said if each.found_on == day), None)
    earlier = [each for each in said if day is None or each.found_on < day]
    before = None
    if earlier:
        last = earlier[-1]
        before = SaidBefore(
            found=last.found, found_on=last.found_on, left_on=last.left_on, reason=_reason(last)
        )
    return {
        "found": here.found if here else None,
        "left_on": here.left_on if here else None,
        "reason": _reason(here) if here else None,
        "before": before,
    }


def _reason(row: SpellConfirmation) -> RefusalReason | None:
    return RefusalReason.read(row.reason) if row.reason else None
