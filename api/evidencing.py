"""佐证 by hand: what proves a spell, with the paper itself, wholly or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from api.audit import record
from api.consenting import require_guardian
from api.errors import Problem, conflict, invalid, not_found
from api.papers import Handed, Sent
from api.placing import in_force
from api.schemas.worker import RevealReason
from ledger.attachments import NewFile, attachments_of, keep_files, names_of, pieces
from models.attachment import Attachment
from models.sealing import Keyring, Unsealable
from models.spell import PROVES, CertificateMark, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from models.worker import Worker
from outcomes.confirming import days_of
from outcomes.spells import certificate_grade

_GRADES = {
    ProofKind.SOCIAL_INSURANCE: EvidenceGrade.A,
    ProofKind.AGENCY_FLOW: EvidenceGrade.A,
    ProofKind.WAGE_FLOW: EvidenceGrade.B,
    ProofKind.STAMPED_ROSTER: EvidenceGrade.B,
    ProofKind.STATEMENT: EvidenceGrade.D,
}
HANDED = tuple(kind for kind in ProofKind if kind in _GRADES or kind is ProofKind.CERTIFICATE)
"""What is handed in as a paper; what somebody saw or heard comes with a finding or a call."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """What somebody holds in hand: which paper, of which days; the marks that an employer's certificate carries."""

    proof: ProofKind
    covers_from: date
    covers_to: date
    marks: frozenset[CertificateMark] = frozenset()

    @property
    def grade(self) -> EvidenceGrade:
        """The grade that follows from the paper."""
        if self.proof is not ProofKind.CERTIFICATE:
            return _GRADES[self.proof]
        return certificate_grade(**{mark.value: mark in self.marks for mark in CertificateMark})

    @property
    def source(self) -> str:
        """The paper in words."""
        lacking = [mark.label for mark in CertificateMark if mark not in self.marks]
        if self.proof is not ProofKind.CERTIFICATE or not lacking:
            return self.proof.label
        return f"{self.proof.label}（缺{'、'.join(lacking)}）"


def add_evidence(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    told: NewEvidence,
    files: Sequence[Handed],
    *,
    today: date,
    account_id: int,
) -> Evidence:
    """Write the evidence with its files; an open spell is observed as far as it is proved.

    Raises
    ------
    Problem
        409 for a spell out of force, a person whose data is put away, or what is there already; 422 for days that the
        evidence cannot cover.
    """
    if told.proof not in HANDED:
        raise invalid(
            "proof", "no_paper", "现场核实由就业地或工作站登记，走访在随访里登记；这里只登记材料，请另选。"
        )
    in_force(session, spell)
    usable(session, spell.worker_id)
    _within(spell, told, today)
    row = Evidence(
        spell_id=spell.identity,
        grade=told.grade,
        kind=told.proof,
        covers_from=told.covers_from,
        covers_to=told.covers_to,
        source=told.source,
    )
    require_new(session, row)
    carry_on(spell, row)
    session.add(row)
    session.add(spell)
    session.flush()
    add_files(session, keyring, row, spell, files, account_id=account_id)
    return row


def require_new(session: Session, proof: Evidence) -> None:
    """Not the same paper for the same days once more.

    Raises
    ------
    Problem
        409 where it is in force already.
    """
    same = select(Evidence.id).where(
        Evidence.spell_id == proof.spell_id,
        Evidence.source == proof.source,
        Evidence.covers_from == proof.covers_from,
        Evidence.covers_to == proof.covers_to,
        PROVES,
    )
    if session.exec(same).first() is not None:
        raise conflict(
            "already-proved",
            "这份佐证已经登记过",
            "同样材料、同样起止日期的佐证已经有了。要补充附件，请在那一条佐证下上传。",
        )


def carry_on(spell: EmploymentSpell, proof: Evidence) -> None:
    """An open spell is observed as far as it is proved; from where it was carried on is kept for the way back."""
    known = spell.observed_until or spell.started_on
    further = spell.ended_on is None and proof.covers_to > known
    proof.observed_before = known if further else None
    if further:
        spell.observed_until = proof.covers_to


def add_files(
    session: Session,
    keyring: Keyring,
    proof: Evidence,
    spell: EmploymentSpell,
    files: Sequence[Handed],
    *,
    account_id: int,
) -> None:
    """Attach files to a piece of evidence; that they were is recorded, and nothing of what they say.

    Raises
    ------
    Problem
        409 for a person whose data is put away, or a file that is attached already.
    """
    if not files:
        return
    usable(session, spell.worker_id)
    if proof.withdrawn_at is not None:
        raise conflict(
            "evidence-withdrawn",
            "这条佐证已经撤回",
            "撤回的佐证不能再传附件。请重新登记，或在变更记录里恢复。",
        )
    new = [NewFile(proof.identity, spell.worker_id, file.name, file.sort, file.content) for file in files]
    if len({file.content for file in new}) < len(new):
        raise _twice()
    numbers = keep_files(session, keyring, new, account_id=account_id)
    if len(numbers) < len(new):
        raise _put_away()
    for number in numbers:
        record(
            session, "attach", "attachment", number,
            region=spell.origin_region, worker_id=spell.worker_id, change={"evidence_id": proof.identity},
        )  # fmt: skip


def send_file(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    row: Attachment,
    *,
    reason: RevealReason,
    today: date,
) -> Sent:
    """The file as it was handed in; that it was fetched, and what for, is recorded.

    Raises
    ------
    Problem
        409 where the person withdrew consent, or is a child of whom no guardian has agreed; 410 where the person's data was deleted, or the bytes are not whole.
    """
    usable(session, spell.worker_id)
    require_guardian(session, session.get_one(Worker, spell.worker_id), today)
    name = names_of(session, keyring, [row]).get(row.identity)
    try:
        if name is None:
            raise Unsealable("the person's key was destroyed")
        content = list(pieces(session, keyring, row))
    except Unsealable:
        raise Problem(
            410, "attachment-gone", "附件已不能打开", "本人信息已按规定删除，或附件没有完整保存。"
        ) from None
    record(
        session, "download", "attachment", row.id,
        region=spell.origin_region, worker_id=spell.worker_id,
        change={"evidence_id": row.evidence_id, "reason": reason.value},
    )  # fmt: skip
    return Sent(row.sort, name, f"attachment-{row.identity}", content)


def evidence_or_404(session: Session, spell: EmploymentSpell, evidence_id: int) -> Evidence:
    """A piece of evidence of this spell."""
    row = session.get(Evidence, evidence_id)
    if row is None or row.spell_id != spell.identity:
        raise not_found("这条佐证")
    return row


def attachment_or_404(
    session: Session, proof: Evidence, attachment_id: int, *, withdrawn: bool
) -> Attachment:
    """A file of this piece of evidence; of one that was withdrawn only for who asks for it as such.

    Raises
    ------
    Problem
        404 where there is none, 409 for one of evidence that was withdrawn.
    """
    if proof.withdrawn_at is not None and not withdrawn:
        raise conflict("evidence-withdrawn", "这条佐证已经撤回", "撤回的佐证在本人的变更记录里打开。")
    found = attachments_of(session, [proof]).get(proof.identity, [])
    row = next((each for each in found if each.id == attachment_id), None)
    if row is None:
        raise not_found("这个附件")
    return row


def _within(spell: EmploymentSpell, told: NewEvidence, today: date) -> None:
    first, last = days_of(spell)
    if told.covers_to < told.covers_from:
        raise invalid("covers_to", "before_start", "佐证的结束日期不能早于开始日期，请核对两个日期。")
    if told.covers_to > today:
        raise invalid("covers_to", "in_the_future", "佐证的结束日期不能晚于今天：还没有上的班证明不了。")
    if told.covers_from < first or (last is not None and told.covers_to > last):
        words = f"{first:%Y-%m-%d}至{last:%Y-%m-%d}" if last else f"{first:%Y-%m-%d}起"
        raise invalid(
            "covers_from",
            "outside_the_spell",
            f"佐证的日期超出了这条务工记录（{words}）。材料没错的，请先更正务工记录的日期。",
        )


def usable(session: Session, worker_id: int) -> None:
    """The person's data may be used.

    Raises
    ------
    Problem
        409 where it is put away.
    """
    restricted = session.exec(select(Worker.restricted).where(col(Worker.id) == worker_id)).first()
    if restricted is not False:
        raise _put_away()


def _put_away() -> Problem:
    return conflict(
        "restricted",
        "该劳动力信息已限制使用",
        "本人已撤回同意或申请删除，信息只保存，不再登记和查看佐证材料。",
    )


def _twice() -> Problem:
    return conflict("already-attached", "附件已经上传过", "这条佐证下已有同样的文件，不用再传。")
