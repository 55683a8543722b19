"""工资条: where each stands follows from the evidence: what a human took it for, or that it was withdrawn."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from api.errors import conflict
from api.evidencing import carry_on, evidence_or_404, require_new
from api.miniprogram.saying import PAYSLIP
from api.placing import in_force
from api.schemas.own_word import PayslipAsked, PayslipDecision, PayslipPublic
from api.withdrawing import withdraw
from ledger.attachments import attachments_of
from ledger.in_use import in_use
from models.employer import Employer
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from models.worker import Worker

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


def payslips_of(session: Session, worker_id: int) -> list[PayslipPublic]:
    """A person's payslips, the last first."""
    rows = session.exec(
        select(Evidence, _taken())
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .where(
            EmploymentSpell.worker_id == worker_id,
            col(EmploymentSpell.superseded_at).is_(None),
            Evidence.source == PAYSLIP,
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
    return session.exec(
        select(Evidence)
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            Evidence.source == PAYSLIP,
            PROVES,
            ~_taken(),
            col(EmploymentSpell.superseded_at).is_(None),
            in_use(EmploymentSpell.worker_id),
        )
        .order_by(col(Evidence.id))
    ).all()


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
        source=f"{kind.label}（本人上传，经办人核对）",
        copy_of=row.copy_of or row.identity,
    )
    require_new(session, taken)
    carry_on(spell, taken)
    session.add(spell)
    session.add(taken)
    session.flush()
    return taken
