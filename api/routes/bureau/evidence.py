"""/v1/spells/{id}/evidence: what proves a spell, and the papers themselves."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from sqlmodel import Session, col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid
from api.evidence_shown import evidence_public
from api.evidencing import (
    NewEvidence,
    add_evidence,
    add_files,
    attachment_or_404,
    evidence_or_404,
    send_file,
)
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.papers import OF_A_PERSON, take_papers
from api.rights import Action
from api.routes.bureau.spells import of_my_people, spell_or_404
from api.schemas.base import Day
from api.schemas.placement import EvidencePublic, EvidenceWithdrawal
from api.schemas.worker import RevealReason
from api.withdrawing import restore, withdraw
from models.attachment import FileSort
from models.sealing import Keyring
from models.spell import PROVES, CertificateMark, Evidence, ProofKind

router = bureau_router("/spells/{spell_id}/evidence", tag="spell", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]
Opener = Annotated[Caller, Depends(allowed(Action.REVEAL))]
Withdrawn = Annotated[bool, Query(description="要已撤回的")]
Files = Annotated[
    list[UploadFile] | None, Form(description="PDF、JPEG或PNG图片、xlsx工作簿，可以几个；种类按内容判断")
]


@router.get("", operation_id="list_spell_evidence")
def list_spell_evidence(
    spell_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    paging: PagingDep,
    withdrawn: Withdrawn = False,
) -> Page[EvidencePublic]:
    """What proves the spell, the latest first; or what was withdrawn of it."""
    row = spell_or_404(session, spell_id)
    query = select(Evidence).where(Evidence.spell_id == row.identity, ~PROVES if withdrawn else PROVES)
    rows, cursor, total = page_of(session, query, paging, number=col(Evidence.id), sorts={})
    return Page(items=evidence_public(session, keyring, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_spell_evidence")
def create_spell_evidence(
    spell_id: RowId,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    settings: SettingsDep,
    keyring: KeyringDep,
    once: OnceDep,
    proof: Annotated[ProofKind, Form(description="材料；等级由材料决定")],
    covers_from: Annotated[Day, Form(description="证明从哪天")],
    covers_to: Annotated[Day, Form(description="证明到哪天")],
    marks: Annotated[
        list[CertificateMark] | None, Form(description="单位证明上有哪些要件，缺一项按D级")
    ] = None,
    file: Files = None,
) -> EvidencePublic:
    """Enter what proves a spell, with the paper itself as files: all of it, or nothing."""
    row = of_my_people(session, caller, spell_id)
    told = NewEvidence(proof, covers_from, covers_to, frozenset(marks or ()))
    files = take_papers(file or [], settings.max_attachment_bytes, OF_A_PERSON)
    kept = add_evidence(session, keyring, row, told, files, today=today, account_id=caller.account_id)
    return once.keep(evidence_public(session, keyring, [kept])[0], worker_id=row.worker_id)


@router.post("/{evidence_id}/attachments", status_code=201, operation_id="create_attachment")
def create_attachment(
    spell_id: RowId,
    evidence_id: RowId,
    file: list[UploadFile],
    session: SessionDep,
    caller: Writer,
    settings: SettingsDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> EvidencePublic:
    """Attach the paper to evidence that is there."""
    row = of_my_people(session, caller, spell_id)
    proof = evidence_or_404(session, row, evidence_id)
    files = take_papers(file, settings.max_attachment_bytes, OF_A_PERSON)
    if not files:
        raise invalid("file", "missing", "请先选择要上传的文件。")
    add_files(session, keyring, proof, row, files, account_id=caller.account_id)
    return once.keep(evidence_public(session, keyring, [proof])[0], worker_id=row.worker_id)


@router.post("/{evidence_id}/withdraw", operation_id="withdraw_evidence")
def withdraw_evidence(
    spell_id: RowId,
    evidence_id: RowId,
    body: EvidenceWithdrawal,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> EvidencePublic:
    """Entered by mistake: it proves nothing any more. It stays to be read in the person's history."""
    row = of_my_people(session, caller, spell_id)
    proof = evidence_or_404(session, row, evidence_id)
    withdraw(session, keyring, row, proof, body.reason, account_id=caller.account_id, today=today)
    return once.keep(evidence_public(session, keyring, [proof])[0], status=200, worker_id=row.worker_id)


@router.post("/{evidence_id}/restore", operation_id="restore_evidence")
def restore_evidence(
    spell_id: RowId,
    evidence_id: RowId,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    once: OnceDep,
) -> EvidencePublic:
    """The withdrawal was the mistake: it proves again, unless the record says otherwise by now."""
    row = of_my_people(session, caller, spell_id)
    proof = evidence_or_404(session, row, evidence_id)
    restore(session, row, proof)
    return once.keep(evidence_public(session, keyring, [proof])[0], status=200, worker_id=row.worker_id)


@router.get(
    "/{evidence_id}/attachments/{attachment_id}",
    operation_id="read_attachment",
    response_class=Response,
    responses={200: {"description": "the file", "content": {sort.media_type: {} for sort in FileSort}}},
)
def read_attachment(
    spell_id: RowId,
    evidence_id: RowId,
    attachment_id: RowId,
    session: SessionDep,
    _: Opener,
    keyring: KeyringDep,
    today: TodayDep,
    reason: Annotated[RevealReason, Query(description="打开的用途")],
    withdrawn: Withdrawn = False,
) -> Response:
    """The paper, which may show numbers in full: for who may see them and says what for; both are recorded."""
    asked = (spell_id, evidence_id, attachment_id)
    return attachment_sent(session, keyring, *asked, withdrawn=withdrawn, reason=reason, today=today)


def attachment_sent(
    session: Session,
    keyring: Keyring,
    spell_id: int,
    evidence_id: int,
    attachment_id: int,
    *,
    withdrawn: bool,
    reason: RevealReason,
    today: date,
) -> StreamingResponse:
    """The file as an answer."""
    row = spell_or_404(session, spell_id)
    proof = evidence_or_404(session, row, evidence_id)
    found = attachment_or_404(session, proof, attachment_id, withdrawn=withdrawn)
    sent = send_file(session, keyring, row, found, reason=reason, today=today)
    return StreamingResponse(iter(sent), media_type=sent.sort.media_type, headers=sent.headers)
