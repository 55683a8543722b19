"""工资条: sent as a person's own word with a picture. Where each stands follows from the evidence: what a human took it for, or
that it was withdrawn."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from api.caring import SAID_BY
from api.errors import conflict, invalid, not_found
from api.evidencing import add_files, carry_on, evidence_or_404, require_new
from api.miniprogram.asking import Person
from api.papers import Handed
from api.placing import in_force
from api.schemas.own_word import PayslipAsked, PayslipDecision, PayslipPublic
from api.withdrawing import withdraw
from ledger.attachments import attachments_of
from ledger.in_use import in_use
from models.consent import Speaker
from models.employer import Employer
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from models.worker import Worker
from outcomes.confirming import days_of

PAYSLIPS = {speaker: f"工资条（{words}上传）" for speaker, words in SAID_BY.items()}
"""What such a paper is called as proof, by whose word it is; it is D until a human has looked at it."""
PAYSLIP = PAYSLIPS[Speaker.SELF]
_WHOSE = {source: SAID_BY[speaker] for speaker, source in PAYSLIPS.items()}
_IS_ONE = col(Evidence.source).in_(list(_WHOSE))
_GRADES = {ProofKind.WAGE_FLOW: EvidenceGrade.B, ProofKind.AGENCY_FLOW: EvidenceGrade.A}
_LABELS = {"waiting": "等待核对", "accepted": "已采用", "refused": "没有采用"}
_FIRST = func.coalesce(Evidence.copy_of, Evidence.id)


def _taken() -> ColumnElement[bool]:
    """A human took the picture for what it shows."""
    other = aliased(Evidence)
    return (
        select(other.id)
        .where(
            func.coalesce(other.copy_of, other.id) == _FIRST,
            other.kind != ProofKind.STATEMENT,
            col(other.withdrawn_at).is_(None),
        )
        .exists()
    )


def keep_payslip(
    session: Session,
    keyring: Keyring,
    person: Person,
    month: date,
    files: list[Handed],
    *,
    spell_id: int | None,
    today: date,
) -> Evidence:
    """A payslip of a month: her own word with the picture, which a human looks at before it proves more. What still waits for
    that takes further pictures.

    Raises
    ------
    Problem
        404 for work that is not hers; 409 where none of hers lies in that month, or the same was sent; 422 without a file, or
        for a month ahead.
    """
    if not files:
        raise invalid("file", "missing", "请先拍照或选择工资条")
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if first > today:
        raise invalid("month", "in_the_future", "还没有到这个月")
    session.refresh(person.worker, with_for_update=True)
    spell = _worked_in(session, person, first, min(last, today), spell_id)
    begins, ends = days_of(spell)
    row = session.exec(
        select(Evidence).where(
            Evidence.spell_id == spell.identity,
            Evidence.source == PAYSLIPS[person.speaker],
            Evidence.covers_from >= first,
            Evidence.covers_to <= last,
            PROVES,
            ~_taken(),
        )
    ).first()
    if row is None:
        row = Evidence(
            spell_id=spell.identity,
            grade=EvidenceGrade.D,
            kind=ProofKind.STATEMENT,
            covers_from=max(first, begins),
            covers_to=min(last, ends or today, today),
            source=PAYSLIPS[person.speaker],
        )
        require_new(session, row)
        session.add(row)
        session.flush()
    add_files(session, keyring, row, spell, files, account_id=person.account_id)
    return row


def _worked_in(
    session: Session, person: Person, first: date, last: date, spell_id: int | None
) -> EmploymentSpell:
    """The work that was told, or the last main one, of those that have a day between these."""
    query = select(EmploymentSpell).where(
        EmploymentSpell.worker_id == person.worker.identity,
        col(EmploymentSpell.superseded_at).is_(None),
    )
    if spell_id is not None and session.exec(query.where(EmploymentSpell.id == spell_id)).first() is None:
        raise not_found("这段务工记录")
    chosen = col(EmploymentSpell.is_main) if spell_id is None else col(EmploymentSpell.id) == spell_id
    spell = session.exec(
        query.where(
            chosen,
            EmploymentSpell.started_on <= last,
            col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= first),
        ).order_by(col(EmploymentSpell.started_on).desc())
    ).first()
    if spell is None:
        raise conflict(
            "not-at-work",
            "台账里这个月没有您的务工记录",
            "请先在“要求回电”里告诉工作人员您在哪里上班，登记以后再上传工资条。",
        )
    return spell


def payslips_of(session: Session, worker_id: int) -> list[PayslipPublic]:
    """A person's payslips, the last first."""
    rows = session.exec(
        select(Evidence, _taken())
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .where(
            EmploymentSpell.worker_id == worker_id,
            col(EmploymentSpell.superseded_at).is_(None),
            _IS_ONE,
        )
        .order_by(col(Evidence.id).desc())
    ).all()
    found = []
    for row, taken in rows:
        state = "refused" if row.withdrawn_at is not None else "accepted" if taken else "waiting"
        found.append(
            PayslipPublic(
                id=row.identity,
                spell_id=row.spell_id,
                covers_from=row.covers_from,
                covers_to=row.covers_to,
                state=state,
                label=_LABELS[state],
            )
        )
    return found


def waiting_payslips(session: Session) -> Sequence[Evidence]:
    """Those of my people that a human is to look at, the oldest first; of nobody who is only stored."""
    return session.exec(_waiting().order_by(col(Evidence.id))).all()


def count_waiting_payslips(session: Session) -> int:
    """How many there are of `waiting_payslips`."""
    return session.exec(select(func.count()).select_from(_waiting().subquery())).one()


def _waiting() -> SelectOfScalar[Evidence]:
    return (
        select(Evidence)
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            _IS_ONE,
            PROVES,
            ~_taken(),
            col(EmploymentSpell.superseded_at).is_(None),
            in_use(EmploymentSpell.worker_id),
        )
    )


def payslips_asked(session: Session, rows: Sequence[Evidence]) -> list[PayslipAsked]:
    """Payslips with whose they are, and the papers."""
    spells = {
        spell.identity: spell
        for spell in session.exec(
            select(EmploymentSpell).where(col(EmploymentSpell.id).in_({row.spell_id for row in rows}))
        )
    }
    people = {
        worker.identity: worker
        for worker in session.exec(
            select(Worker).where(col(Worker.id).in_({spell.worker_id for spell in spells.values()}))
        )
    }
    wanted = {spell.employer_id for spell in spells.values()} - {None}
    firms = dict(session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(wanted))).all())
    papers = attachments_of(session, rows)
    return [
        PayslipAsked(
            id=row.identity,
            worker_id=spells[row.spell_id].worker_id,
            worker=people[spells[row.spell_id].worker_id].name,
            spell_id=row.spell_id,
            employer=firms.get(spells[row.spell_id].employer_id),
            covers_from=row.covers_from,
            covers_to=row.covers_to,
            links=[
                f"/spells/{row.spell_id}/evidence/{row.identity}/attachments/{paper.identity}"
                for paper in papers.get(row.identity, [])
            ],
            is_demo=people[spells[row.spell_id].worker_id].is_demo,
        )
        for row in rows
    ]


def decide_payslip(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    evidence_id: int,
    body: PayslipDecision,
    *,
    today: date,
    account_id: int,
) -> Evidence:
    """A human has looked: the picture proves its days as the flow of wages that it shows, or it is withdrawn.

    Raises
    ------
    Problem
        404 for what is no payslip, 409 where it was decided before.
    """
    row = evidence_or_404(session, spell, evidence_id)
    waiting = {each.identity for each in waiting_payslips(session)}
    if row.identity not in waiting:
        raise conflict("already-decided", "已经核对过", "这张工资条已经处理，请刷新页面。")
    if body.reason is not None:
        withdraw(session, keyring, spell, row, body.reason, account_id=account_id, today=today)
        return row
    kind = body.kind or ProofKind.WAGE_FLOW
    in_force(session, spell)
    taken = Evidence(
        spell_id=row.spell_id,
        grade=_GRADES[kind],
        kind=kind,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        source=f"{kind.label}（{_WHOSE[row.source]}上传，经办人核对）",
        copy_of=row.copy_of or row.identity,
    )
    require_new(session, taken)
    carry_on(spell, taken)
    session.add(spell)
    session.add(taken)
    session.flush()
    return taken
