"""Theirs in the place of ours: what a list says of a person is written as an import writes it, with file and row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, select

from api.comparing import read_lines
from api.errors import conflict
from api.identity.handing_over import note_opened
from api.intake.applying import one_at_a_time
from api.intake.checking import context_of
from api.payments import standing_on
from api.reports.accepting import accept
from api.reports.mending import Mending, mend_spells
from api.settings import Settings
from ledger.comparing.differing import nearest
from ledger.comparing.values import MONTHS
from ledger.forms.proofs import paid_months
from ledger.history import Written, change_rows, person_keys
from ledger.identity.handover import open_handover
from ledger.identity.registering import DEFAULT_REASON
from ledger.intake.applying import claim_of_line
from ledger.intake.columns import PERSON_COLUMNS, fitting
from ledger.intake.context import Context
from ledger.intake.households import settle_households
from ledger.intake.judged import Judged
from ledger.intake.judging import HOUSEHOLD_OWN, judge
from ledger.intake.layouts import Line
from ledger.intake.people import change_people, register_people
from ledger.intake.reading import read_line, terms_of
from ledger.intake.sealing import key_of
from ledger.records.own import Own, own_records
from ledger.records.reported import Reported
from ledger.records.sealed import WORK_FIELDS
from ledger.reports import NewReport, write_reports
from models.bulk import insert_rows
from models.employer import Employer
from models.intake import PROOF_KINDS, ComparisonRow, Import, LineStatus, Standing
from models.report import ReportSource
from models.sealing import Keyring
from models.spell import Precision
from outcomes.calendar import month_end, month_start

OF_WORK = WORK_FIELDS - {"precision", "abroad", "noted"}
OF_THE_PERSON = frozenset({*PERSON_COLUMNS, "phone"})
TAKABLE = OF_WORK | OF_THE_PERSON | HOUSEHOLD_OWN | {"household"}
"""Fields in which theirs can be put in the place of ours. Who somebody is, is not for a list to say."""

FINAL = TAKABLE - OF_THE_PERSON
"""Of these what was taken is not given back by the comparison: only the person's or the household's page corrects it."""

_ASKED = "在其他县已有记录，已发起移交，对方答复前仍由对方统计"
_PROVED = frozenset({"working", "started", "ended", "employer", "income", "region"})


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who settles, and by which request."""

    account_id: int
    request_id: str | None
    settings: Settings


def take(
    session: Session,
    keyring: Keyring,
    row: Import,
    rows: Sequence[ComparisonRow],
    fields: Sequence[str] | None,
    clerk: Clerk,
) -> None:
    """Let our records say what the list says in these fields; of payments without work of ours, the work.

    Raises
    ------
    Problem
        409 where there is nothing to take, or a field that only the person's own page corrects.
    """
    context, lines = prepared(session, keyring, row, rows, clerk)
    own = own_of(session, keyring, row, rows)
    judged: list[Judged] = []
    told: dict[int, Reported] = {}
    mendings: list[Mending] = []
    for each in rows:
        line, records = lines.get(each.line or 0), own.get(each.worker_id or 0)
        if line is None or line.reported is None or not records:
            raise conflict(
                "nothing-to-take",
                "没有可以采用的内容",
                "这一行只在本台账，或本人不在您管辖的地区、信息已限制使用，请保留本台账或写明情况。",
            )
        theirs, wanted = fitting(line.reported)[0], _wanted(each, fields)
        anew = each.standing is Standing.ONLY_THERE
        if row.kind in PROOF_KINDS:
            theirs = as_work(session, theirs, line, row)
            wanted = _PROVED if anew else wanted
        base = _base(records, theirs)
        one = Judged(
            line=each.line or 0,
            told=_about_household(theirs, base, wanted),
            status=LineStatus.CHANGED,
            worker_id=each.worker_id,
            changes={name: (getattr(base.reported, name), getattr(theirs, name)) for name in wanted},
        )
        judged.append(one)
        work: dict[str, Any] = {name: getattr(theirs, name) for name in wanted & OF_WORK}
        if not work:
            continue
        mine = _idle(base.reported) if anew else base.reported
        if "started" in work:
            work["precision"] = theirs.precision
        told[one.line] = replace(mine, **work)
        if base.spell_id is not None and not anew:
            mendings.append(Mending(one.line, base.spell_id, told[one.line], frozenset(work)))
    mend_spells(
        session, keyring, row, mendings,
        today=clerk.settings.today(), account_id=clerk.account_id, request_id=clerk.request_id,
    )  # fmt: skip
    write(session, keyring, context, judged, told)


def register(
    session: Session, keyring: Keyring, row: Import, rows: Sequence[ComparisonRow], clerk: Clerk
) -> None:
    """Enter the people of these rows into the ledger, as an import would; who has a record elsewhere is asked for.

    Raises
    ------
    Problem
        409 where somebody has a record here, or may be somebody of ours.
    """
    if any(each.standing is not Standing.ONLY_THERE or each.worker_id is not None for each in rows):
        raise conflict(
            "already-registered", "台账里已有这个人", "只有“只在对方名册”而台账里没有的人可以登记。"
        )
    context, lines = prepared(session, keyring, row, rows, clerk)
    if row.kind in PROOF_KINDS:
        lines = {
            number: replace(line, reported=as_work(session, line.reported, line, row))
            for number, line in lines.items()
            if line.reported is not None
        }
    terms = terms_of(context)
    read = [read_line(terms, number, line) for number, line in sorted(lines.items())]
    judged = judge(session, keyring, context, read)
    asked = _hand_overs(session, keyring, context, judged)
    judged = [one for one in judged if one.line not in asked]
    for one in judged:
        if one.status is not LineStatus.NEW or one.told is None:
            reason = one.reason or "这个人在台账里已有记录，请重新对账后再看。"
            raise conflict("not-registered", "没有登记", reason)
    told = {one.line: one.told for one in judged if one.told is not None and one.told.has_spell}
    write(session, keyring, context, judged, told, new=True)
    made = {one.line: one.worker_id for one in judged}
    for each in rows:
        each.worker_id = made.get(each.line or 0)
        if each.line in asked and not each.note:
            each.note = _ASKED


def _hand_overs(session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged]) -> set[int]:
    """Ask for the people whose record is another county's, as registering them by hand does; the lines."""
    asked: set[int] = set()
    for one in judged:
        if one.status is not LineStatus.ELSEWHERE or one.number is None:
            continue
        opened = open_handover(
            session, keyring, one.number.number, claim_of_line(context, one),
            reason=DEFAULT_REASON, import_id=context.import_id, import_line=one.line,
        )  # fmt: skip
        if opened is not None:
            note_opened(session, opened)
            asked.add(one.line)
    return asked


def prepared(
    session: Session, keyring: Keyring, row: Import, rows: Sequence[ComparisonRow], clerk: Clerk
) -> tuple[Context, dict[int, Line]]:
    """What writing takes, and the lines that the rows are about; other files of the county wait until it is done."""
    one_at_a_time(session, row.region)
    context = context_of(
        session, row, today=clerk.settings.today(), demonstration=clerk.settings.demonstration
    )
    context.account_id, context.request_id = clerk.account_id, clerk.request_id
    wanted = [each.line for each in rows if each.line is not None]
    return context, dict(read_lines(session, row, key_of(keyring, row), only=wanted))


def own_of(
    session: Session, keyring: Keyring, row: Import, rows: Sequence[ComparisonRow]
) -> dict[int, list[Own]]:
    """Our records of the people of these rows; nobody whose data may only be stored."""
    found: dict[int, list[Own]] = {}
    wanted = sorted({each.worker_id for each in rows if each.worker_id is not None})
    for own in own_records(session, keyring, as_of=row.as_of, worker_ids=wanted):
        found.setdefault(own.worker_id or 0, []).append(own)
    return found


def as_work(session: Session, told: Reported, line: Line, row: Import) -> Reported:
    """Payments as the work that they tell of: from the first paid month, to the last where that is over.

    Such lists know no place of work: it is the employer's, where we know the employer.
    """
    months = paid_months(dict(line.extra), standing_on(row))
    if not months:
        return told
    over = month_end(months[-1]) < month_start(row.as_of)
    firm = _known_firm(session, told.employer, line.extra.get("uscc"))
    return replace(
        told,
        employer=firm.name if firm else told.employer,
        region=firm.region if firm else told.region,
        asked=frozenset(told.asked) | _PROVED,
        working=not over,
        started=months[0],
        ended=months[-1] if over else None,
        precision=Precision.MONTH,
    )


def _known_firm(session: Session, name: str | None, uscc: object) -> Employer | None:
    """The employer of this credit code, else the only one of this name, however its kind of company is written."""
    if uscc and (found := session.exec(select(Employer).where(Employer.uscc == str(uscc))).first()):
        return found
    if not name:
        return None
    short = name.strip().replace("有限责任公司", "有限公司")
    spelt = {name.strip(), short, short.replace("有限公司", "有限责任公司")}
    known = session.exec(select(Employer).where(col(Employer.name).in_(spelt))).all()
    return known[0] if len(known) == 1 else None


def write(
    session: Session,
    keyring: Keyring,
    context: Context,
    judged: Sequence[Judged],
    told: Mapping[int, Reported],
    *,
    new: bool = False,
) -> None:
    """Households, people and the record of changes, as an import writes them; what lines tell of work is reported, and
    judged by the rules."""
    homes = settle_households(session, keyring, context, judged)
    written: list[Written] = homes.written
    if new:
        written += register_people(session, keyring, context, judged, homes)
    written += change_people(session, keyring, context, judged, homes)
    session.flush()
    ids = [each.worker_id for each in written if each.worker_id is not None]
    insert_rows(
        session.connection(),
        "audit_event",
        change_rows(
            person_keys(session, keyring, ids),
            written,
            household_keys=homes.keys,
            account_id=context.account_id,
            request_id=context.request_id,
            import_id=context.import_id,
        ),
    )
    telling = [
        NewReport(one.worker_id, told[one.line], one.line)
        for one in judged
        if one.worker_id is not None and one.line in told
    ]
    numbers = write_reports(
        session,
        keyring,
        telling,
        source=ReportSource.IMPORT,
        kind=context.kind,
        import_id=context.import_id,
        reported_on=context.as_of,
        account_id=context.account_id,
    )
    accept(
        session,
        [
            (number, report.worker_id, report.reported)
            for number, report in zip(numbers, telling, strict=True)
            if number is not None
        ],
        region=context.region,
        as_of=context.as_of,
        account_id=context.account_id,
        keyring=keyring,
    )


def _wanted(each: ComparisonRow, fields: Sequence[str] | None) -> frozenset[str]:
    wanted = frozenset(each.fields if fields is None else fields) & frozenset(each.fields)
    if each.standing is Standing.DIFFERS and (
        not wanted & TAKABLE or (fields is not None and wanted - TAKABLE)
    ):
        words = "缴费、发放月份" if MONTHS in wanted else "证件号码"
        raise conflict(
            "not-takable", "这一项不能直接采用", f"{words}请在本人的页面上核对后更正，再重新对账。"
        )
    return wanted & TAKABLE


def _base(records: Sequence[Own], theirs: Reported) -> Own:
    """Our record of the same stretch of work."""
    meant = nearest(tuple(own.reported for own in records), theirs)
    return next(own for own in records if own.reported is meant)


def _idle(own: Reported) -> Reported:
    """The person without work: what is told is another stretch than those that we hold."""
    blank: dict[str, Any] = {name: () if name == "post_kinds" else None for name in OF_WORK}
    return replace(own, **blank)


def _about_household(theirs: Reported, own: Own, wanted: frozenset[str]) -> Reported:
    """A household is only made or changed where the clerk took what the list says of it."""
    if "household" in wanted:
        return theirs
    return replace(theirs, household=own.reported.household if wanted & HOUSEHOLD_OWN else None)
