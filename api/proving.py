"""Payments kept as evidence of the spells that they fall into: told before, done as a job, and taken back at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select as columns
from sqlalchemy import text
from sqlmodel import Session, col, or_, select

from api.comparing import identified, read_lines
from api.excerpts import excerpts
from api.jobs.running import Running
from api.payments import Held, odd_rows, paid_rows, spells_held
from api.schemas.comparison import EvidencePlan
from api.settings import Settings
from ledger.attachments import NewFile, keep_files
from ledger.comparing.oddities import provable
from ledger.comparing.pairing import Theirs
from ledger.comparing.proving import Span, covered, lacking, match
from ledger.doubts.thresholds import Thresholds
from ledger.history import Written, change_of, change_rows, person_keys
from ledger.intake.layouts import Line
from ledger.intake.sealing import key_of
from models.attachment import FileSort
from models.base import now
from models.bulk import insert_rows, reserve_ids
from models.intake import Import, ImportKind
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from outcomes.observing import observed_without

KIND = "compare.evidence"
_BATCH = 5_000
_AT_ONCE = 500
_GRADES = list(EvidenceGrade)
_OF_THE_LIST = "attachment_id IN (SELECT attachment.id FROM attachment JOIN evidence ON evidence.id = evidence_id WHERE import_id = :id)"
_GIVEN_BACK = (
    f"DELETE FROM attachment_part WHERE {_OF_THE_LIST}",  # noqa: S608 - ours
    "DELETE FROM attachment USING evidence WHERE evidence.id = evidence_id AND import_id = :id",
    "DELETE FROM evidence WHERE import_id = :id",
)


@dataclass(frozen=True, slots=True)
class NewProof:
    """Days of a spell that a list proves and nothing as good proved before."""

    held: Held
    lines: tuple[int, ...]
    span: Span

    @property
    def line(self) -> int:
        """The first line that proves it."""
        return self.lines[0]


def plan(session: Session, keyring: Keyring, row: Import, grade: str, settings: Settings) -> EvidencePlan:
    """What would be written."""
    lines, theirs = _read(session, keyring, row, settings)
    found, unmatched = new_proofs(session, row, lines, theirs, EvidenceGrade.read(grade))
    return EvidencePlan(
        grade=EvidenceGrade.read(grade),
        people=len({each.held.stretch.worker_id for each in found}),
        spells=len({each.held.stretch.spell_id for each in found}),
        pieces=len(found),
        first=min((each.span[0] for each in found), default=None),
        last=max((each.span[1] for each in found), default=None),
        unmatched=unmatched,
    )


def keep_evidence(job: Running) -> dict[str, Any]:
    """Write it, in one transaction; what an earlier run has written is proved by now, so nothing is doubled."""
    import_id, grade = int(job.argument["import_id"]), EvidenceGrade.read(str(job.argument["grade"]))
    with job.transaction() as (session, caller):
        row = session.get_one(Import, import_id, with_for_update=True)
        lines, theirs = _read(session, job.keyring, row, job.settings)
        job.progress(0, len(lines), "正在对照务工记录", now=True)
        found, _ = new_proofs(session, row, lines, theirs, grade)
        keep_proofs(
            session, job.keyring, row, found, grade,
            account_id=caller.account_id, request_id=f"job-{job.job_id}",
        )  # fmt: skip
    return {"link": f"/comparisons/{import_id}", "pieces": len(found)}


def _read(
    session: Session, keyring: Keyring, row: Import, settings: Settings
) -> tuple[list[tuple[int, Line]], list[Theirs]]:
    lines = [each for each in read_lines(session, row, key_of(keyring, row)) if each[1].reported]
    theirs = identified(session, keyring, lines, today=settings.today(), demonstration=settings.demonstration)
    return lines, theirs


def new_proofs(
    session: Session,
    row: Import,
    lines: Sequence[tuple[int, Line]],
    theirs: Sequence[Theirs],
    grade: EvidenceGrade,
) -> tuple[list[NewProof], int]:
    """What the list proves and is not proved as well already, and how many people it proves nothing of."""
    held = spells_held(session, row, theirs)
    rows = paid_rows(row, lines, theirs)
    # What is only to be looked at proves as usual; how much pay is credible bars no row.
    usable = provable(rows, odd_rows(row, rows, held, Thresholds()))
    proofs = match(usable, (each.stretch for each in held.values()))
    months: dict[int, set[date]] = defaultdict(set)
    lines_of: dict[int, list[int]] = defaultdict(list)
    for found in proofs.matches:
        for spell_id, inside in found.inside.items():
            months[spell_id] |= inside
            lines_of[spell_id] += found.lines
    before = _proved(session, months.keys(), grade, row.identity)
    unmatched = {found.worker_id or f"line {found.lines[0]}" for found in proofs.matches if not found.inside}
    made = [
        NewProof(held[spell_id], tuple(lines_of[spell_id]), span)
        for spell_id, inside in months.items()
        for span in lacking(covered(inside, held[spell_id].stretch, row.as_of), before.get(spell_id, ()))
    ]
    return made, len(unmatched)


def keep_proofs(
    session: Session,
    keyring: Keyring,
    row: Import,
    proofs: Sequence[NewProof],
    grade: EvidenceGrade,
    *,
    account_id: int,
    request_id: str | None,
) -> None:
    """Write the evidence, and let spells that go on be observed as far as they are paid."""
    at, source = now(), f"{row.kind.label if row.kind else ''}：{row.file_name}"
    rows: list[dict[str, Any]] = []
    written: list[Written] = []
    seen: dict[int, date] = {}
    for proof in proofs:
        spell, (first, last) = proof.held.stretch, proof.span
        known = seen.get(spell.spell_id) or proof.held.observed_until or spell.first
        further = spell.last is None and last > known
        if further:
            seen[spell.spell_id] = last
        columns = {
            "spell_id": spell.spell_id,
            "grade": grade,
            "kind": kind_of(row.kind, grade),
            "covers_from": first,
            "covers_to": last,
            "source": source,
            "import_id": row.identity,
            "import_line": proof.line,
            "observed_before": known if further else None,
        }
        rows.append({"created_at": at, **columns})
        written.append(_written("create", "evidence", None, columns, proof, row))
        if further:
            moved = {"observed_until": [known, last]}
            written.append(
                Written(
                    "update", "employment_spell", spell.spell_id, moved, proof.held.region,
                    worker_id=spell.worker_id, import_line=proof.line, import_id=row.identity,
                )
            )  # fmt: skip
    connection = session.connection()
    numbers = reserve_ids(connection, "evidence", len(rows))
    insert_rows(
        connection, "evidence", [{"id": number} | one for number, one in zip(numbers, rows, strict=True)]
    )
    _attach(session, keyring, row, dict(zip(numbers, proofs, strict=True)), account_id=account_id)
    _observe(session, seen)
    keys = person_keys(session, keyring, {each.worker_id for each in written if each.worker_id})
    insert_rows(
        connection, "audit_event", change_rows(keys, written, account_id=account_id, request_id=request_id)
    )


def _attach(
    session: Session, keyring: Keyring, row: Import, proofs: dict[int, NewProof], *, account_id: int
) -> None:
    """With each proof the person's own rows of the list."""
    name = f"{row.file_name.rsplit('.', 1)[0]}（本人所在行）.xlsx"
    wanted = {number: proof.lines for number, proof in proofs.items()}
    made: list[NewFile] = []
    for number, content in excerpts(session, key_of(keyring, row), row, wanted):
        worker_id = proofs[number].held.stretch.worker_id
        made.append(NewFile(number, worker_id, name, FileSort.XLSX, content, excerpt=True))
        if len(made) == _AT_ONCE:
            keep_files(session, keyring, made, account_id=account_id)
            made.clear()
    keep_files(session, keyring, made, account_id=account_id)


def take_back(
    session: Session, keyring: Keyring, row: Import, *, account_id: int, request_id: str | None
) -> int:
    """Take the list's evidence off again; what was observed by it alone goes back. The number of pieces."""
    found = session.exec(
        select(Evidence, EmploymentSpell)
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .where(Evidence.import_id == row.identity)
        .order_by(col(Evidence.id))
    ).all()
    spells = {spell.identity: spell for _, spell in found}
    back = observed_without(session, list(spells.values()), {proof.identity for proof, _ in found})
    written: list[Written] = []
    for proof, spell in found:
        gone = change_of(proof.model_dump(exclude={"id", "created_at"}), None)
        written.append(
            Written(
                "delete", "evidence", proof.id, gone, spell.origin_region,
                worker_id=spell.worker_id, import_id=row.identity, import_line=proof.import_line,
            )
        )  # fmt: skip
    for spell_id, day in back.items():
        spell = spells[spell_id]
        moved = {"observed_until": [spell.observed_until, day]}
        written.append(
            Written(
                "update", "employment_spell", spell_id, moved, spell.origin_region,
                worker_id=spell.worker_id, import_id=row.identity,
            )
        )  # fmt: skip
    connection = session.connection()
    for statement in _GIVEN_BACK:
        connection.execute(text(statement), {"id": row.identity})
    _observe(session, back)
    keys = person_keys(session, keyring, {each.worker_id for each in written if each.worker_id})
    insert_rows(
        connection, "audit_event", change_rows(keys, written, account_id=account_id, request_id=request_id)
    )
    session.expire_all()
    return len(found)


def _written(
    action: str, noun: str, row_id: int | None, columns: dict[str, Any], proof: NewProof, row: Import
) -> Written:
    return Written(
        action, noun, row_id, change_of(None, columns), proof.held.region,
        worker_id=proof.held.stretch.worker_id, import_line=proof.line, import_id=row.identity,
    )  # fmt: skip


def _observe(session: Session, days: dict[int, date]) -> None:
    if days:
        session.connection().execute(
            text(
                "UPDATE employment_spell spell SET observed_until = told.day FROM "
                "unnest(CAST(:ids AS bigint[]), CAST(:days AS date[])) AS told(id, day) WHERE spell.id = told.id"
            ),
            {"ids": list(days), "days": list(days.values())},
        )


def _proved(
    session: Session, spell_ids: Iterable[int], grade: EvidenceGrade, import_id: int
) -> dict[int, list[Span]]:
    """What is proved by evidence at least as good, by spell; what was withdrawn of this very list stays so."""
    good = [each for each in EvidenceGrade if _GRADES.index(each) <= _GRADES.index(grade)]
    found: dict[int, list[Span]] = defaultdict(list)
    wanted = sorted(spell_ids)
    for at in range(0, len(wanted), _BATCH):
        rows = session.connection().execute(
            columns(col(Evidence.spell_id), col(Evidence.covers_from), col(Evidence.covers_to)).where(
                col(Evidence.spell_id).in_(wanted[at : at + _BATCH]),
                col(Evidence.grade).in_(good),
                or_(PROVES, Evidence.import_id == import_id),
            )
        )
        for spell_id, first, last in rows:
            found[spell_id].append((first, last))
    return found


def kind_of(kind: ImportKind | None, grade: EvidenceGrade) -> ProofKind:
    """What a list of this grade is to each person in it."""
    if kind is ImportKind.SOCIAL_INSURANCE:
        return ProofKind.SOCIAL_INSURANCE
    if kind is ImportKind.STAFF:
        return ProofKind.CERTIFICATE if grade is EvidenceGrade.C else ProofKind.STAMPED_ROSTER
    return ProofKind.AGENCY_FLOW if grade is EvidenceGrade.A else ProofKind.WAGE_FLOW


def grade_of(kind: ImportKind | None, told: EvidenceGrade | None) -> EvidenceGrade:
    """A for social insurance; of a wage list B, or A where the clerk says that a payroll agency's bank paid it; of a
    roster B where it is stamped, C where it is the list of a certificate.

    Raises
    ------
    ValueError
        for a grade that such a list cannot have.
    """
    if kind is ImportKind.SOCIAL_INSURANCE:
        if told not in (None, EvidenceGrade.A):
            raise ValueError("社保缴费名单是A级佐证")
        return EvidenceGrade.A
    if kind is ImportKind.STAFF:
        if told not in (None, EvidenceGrade.B, EvidenceGrade.C):
            raise ValueError("盖章的在岗花名册是B级佐证；单位证明所附的名单是C级")
        return told or EvidenceGrade.B
    if told not in (None, EvidenceGrade.A, EvidenceGrade.B):
        raise ValueError("工资发放名单是B级佐证；银行代发的工资流水是A级")
    return told or EvidenceGrade.B
