"""一个人的时间线: all of one person's work on one line, what proves it, and the forms by which more is proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from fastapi.responses import HTMLResponse

from api.benefits import benefits_of
from api.confirming import sides_of
from api.deps import RowId
from api.errors import Problem, invalid
from api.evidencing import HANDED
from api.pages.desk import Desk, desk_for, local, to
from api.pages.routing import PageRoute
from api.pages.timeline_drawing import LEFT, WIDTH, draw
from api.pages.typed import a_day, read_form
from api.rights import Action
from api.routes.bureau import confirmations, evidence
from api.routes.bureau.spells import read_spell
from api.routes.bureau.workers import worker_or_404
from api.schemas.confirmation import ConfirmationCreate
from api.schemas.placement import EvidenceWithdrawal
from api.schemas.timeline import TimelinePublic
from api.schemas.worker import RevealReason
from api.timelines import timeline_of
from api.withdrawing import withdrawn_of
from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from models.spell import CertificateMark, Precision, ProofKind, WithdrawalReason

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Opener = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.REVEAL))]
Confirmer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.CONFIRM))]
Typed = Annotated[str, Form(max_length=20)]
Files = Annotated[list[UploadFile | str], File()]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: when, what sort of thing, what it was, and how it stands."""

    first: date
    last: date | None
    sort: str
    words: str
    note: str = ""
    precision: Precision = Precision.DAY


@router.get("/workers/{worker_id}/timeline")
def show_timeline(desk: Reader, worker_id: RowId) -> HTMLResponse:
    """The page."""
    return timeline_page(desk, worker_id)


@router.post("/spells/{spell_id}/evidence")
def create_evidence(
    desk: Writer,
    spell_id: RowId,
    proof: Typed = "",
    covers_from: Typed = "",
    covers_to: Typed = "",
    marks: Annotated[list[str], Form()] = [],  # noqa: B006 - the framework copies it
    file: Files = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Enter what proves a spell."""
    worker_id = _whose(desk, spell_id)

    def command() -> None:
        evidence.create_spell_evidence(
            spell_id, desk.session, desk.caller, desk.today, desk.settings, desk.keyring, desk.once,
            proof=_paper(proof),
            covers_from=a_day("covers_from", covers_from, "请填写材料证明从哪天开始。"),
            covers_to=a_day("covers_to", covers_to, "请填写材料证明到哪天为止。"),
            marks=[mark for mark in CertificateMark if mark.value in marks],
            file=_files(file),
        )  # fmt: skip

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workers/{worker_id}/timeline?done=proved#spell-{spell_id}")
    kept = {
        "form": f"proof-{spell_id}", "proof": proof, "covers_from": covers_from, "covers_to": covers_to, "marks": marks,
    }  # fmt: skip
    return timeline_page(desk, worker_id, problem=problem, kept=kept)


@router.post("/spells/{spell_id}/evidence/{evidence_id}/attachments")
def create_attachment(
    desk: Writer,
    spell_id: RowId,
    evidence_id: RowId,
    file: Files = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Attach the paper."""
    worker_id = _whose(desk, spell_id)
    problem = desk.attempt(
        lambda: evidence.create_attachment(
            spell_id, evidence_id, _files(file), desk.session, desk.caller, desk.settings, desk.keyring, desk.once
        )
    )  # fmt: skip
    if problem is None:
        return to(f"/workers/{worker_id}/timeline?done=attached#spell-{spell_id}")
    return timeline_page(desk, worker_id, problem=problem, kept={"form": f"attach-{evidence_id}"})


@router.post("/spells/{spell_id}/evidence/{evidence_id}/withdraw")
def withdraw_evidence(desk: Writer, spell_id: RowId, evidence_id: RowId, reason: Typed = "") -> Response:
    """Take back what was entered by mistake."""
    worker_id = _whose(desk, spell_id)

    def command() -> None:
        evidence.withdraw_evidence(
            spell_id, evidence_id, EvidenceWithdrawal(reason=_why(reason)), desk.session, desk.caller,
            desk.today, desk.keyring, desk.once,
        )  # fmt: skip

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workers/{worker_id}/timeline?done=evidence-withdrawn#spell-{spell_id}")
    kept = {"form": f"withdraw-{evidence_id}", "reason": reason}
    return timeline_page(desk, worker_id, problem=problem, kept=kept)


@router.get("/spells/{spell_id}/evidence/{evidence_id}/attachments/{attachment_id}")
def show_attachment(
    desk: Opener,
    spell_id: RowId,
    evidence_id: RowId,
    attachment_id: RowId,
    withdrawn: bool = False,
    reason: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The paper, to be saved; what it is opened for is said before."""
    if reason not in set(RevealReason):
        raise invalid("reason", "missing", "请先选择打开附件的用途，再点“打开”。")
    asked = (desk.session, desk.keyring, spell_id, evidence_id, attachment_id)
    return evidence.attachment_sent(
        *asked, withdrawn=withdrawn, reason=RevealReason.read(reason), today=desk.today
    )


@router.post("/spells/{spell_id}/confirm")
def confirm_spell(
    desk: Confirmer,
    spell_id: RowId,
    found: Typed = "",
    means: Typed = "",
    found_on: Typed = "",
    since: Typed = "",
    back: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Tell what my side found of one person."""
    worker_id = _whose(desk, spell_id)
    told = {"found": found, "means": means, "found_on": found_on, "since": since}

    def command() -> None:
        body = read_form(ConfirmationCreate, {name: value for name, value in told.items() if value})
        confirmations.confirm_spell(
            spell_id, body, desk.session, desk.caller, desk.today, desk.keyring, desk.once
        )

    problem = desk.attempt(command)
    if problem is None:
        return to(local(back or f"/workers/{worker_id}/timeline?done=confirmed#spell-{spell_id}"))
    return timeline_page(desk, worker_id, problem=problem, kept=told | {"form": f"confirm-{spell_id}"})


def timeline_page(
    desk: Desk, worker_id: int, *, problem: Problem | None = None, kept: dict[str, Any] | None = None
) -> HTMLResponse:
    """One person's line of time; `kept` is what was typed into a form that was refused."""
    row = worker_or_404(desk.session, worker_id)
    told = timeline_of(desk.session, desk.keyring, desk.present, benefits_of(desk.settings), row, desk.today)
    return desk.show(
        "timeline.html",
        path=f"/workers/{worker_id}",
        problem=problem,
        kept=kept or {},
        worker=desk.present.worker(row, desk.keyring),
        told=told,
        drawing=draw(told),
        width=WIDTH,
        left=LEFT,
        lines=lines_of(told),
        side=next(iter(sides_of(desk.caller)), None),
        own_side=ConfirmingSide.ORIGIN,
        proofs=HANDED,
        withdrawals=list(WithdrawalReason),
        withdrawn=len(withdrawn_of(desk.session, worker_id)),
        marks=list(CertificateMark),
        findings=list(StillThere),
        ways=list(ConfirmedBy),
    )


def lines_of(told: TimelinePublic) -> list[Line]:
    """Everything in words, the earliest first."""
    found: list[Line] = []
    for each in told.spells:
        spell = each.spell
        place = f"，{spell.region.name}" if spell.region else ""
        proved = f"{each.days}天里有佐证的{each.verified_days}天" if each.verified else "还没有佐证"
        found.append(
            Line(each.from_on, each.to_on, "务工", f"{spell.employer or spell.kind.label}{place}", proved, spell.precision)
        )  # fmt: skip
        found += [
            Line(proof.covers_from, proof.covers_to, f"佐证{proof.grade.value}", proof.source or proof.label, "超出记录" if proof.beyond else "")
            for proof in each.evidence
        ]  # fmt: skip
        found += [
            Line(
                look.found_on, look.found_on, "核实", f"{look.side.label}：{look.found.label}（{look.means.label}）",
                "与记录不一致" if look.contradicted else "",
            )
            for look in each.confirmations
        ]  # fmt: skip
    found += [
        Line(call.contacted_on, call.contacted_on, "随访", call.found.label, call.means.label)
        for call in told.contacts
    ]
    found += [Line(claim.on, claim.on, "补贴", claim.name, claim.state.label) for claim in told.claims]
    stability = told.stability
    if stability is not None and (mark := stability.stable_on or stability.possible_on):
        words = "达到" if stability.stable_on else "继续在岗可以达到"
        found.append(Line(mark, mark, "稳定", f"{words}{stability.rule.name}", "本局参考口径"))
    return sorted(found, key=lambda line: (line.first, line.sort))


def _whose(desk: Desk, spell_id: int) -> int:
    return read_spell(spell_id, desk.session, desk.caller, desk.present, Response()).worker_id


def _files(files: Sequence[UploadFile | str]) -> list[UploadFile]:
    return [file for file in files if not isinstance(file, str)]


def _why(text: str) -> WithdrawalReason:
    try:
        return WithdrawalReason.read(text)
    except ValueError:
        raise invalid("reason", "missing", "请选择为什么撤回。") from None


def _paper(text: str) -> ProofKind:
    try:
        return ProofKind.read(text)
    except ValueError:
        raise invalid("proof", "missing", "请选择是什么材料。") from None
