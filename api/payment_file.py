"""发放表: what is approved or paid of a batch, as a workbook that a bank can work from. ID numbers are text."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

from fastapi import Response
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, refusal
from api.errors import conflict, invalid
from api.exporting.making import MEDIA
from api.handing import note_handed
from api.presenting import Presenter
from api.rights import Action
from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from ledger.consents.keeping import children_unspoken_for
from ledger.history import person_keys
from ledger.registers.view import DELETED, ID_MASK
from models.benefit import DECIDED, BenefitClaim, ClaimBatch, ClaimState
from models.employer import Employer
from models.export import Format
from models.handed import HandedKind
from models.sealing import Keyring, Unsealable, unseal
from models.worker import Worker
from outcomes.benefits.benefit import Benefit

_HEADINGS = (
    "序号", "姓名或单位名称", "证件号码或统一社会信用代码", "户籍地或所在地", "补贴项目", "年度", "金额（元）", "金额（分）", "审批日期",
    "状态", "社保卡（银行）账号",
)  # fmt: skip
_WIDTHS = (6, 14, 22, 24, 30, 8, 12, 12, 12, 10, 24)


def payment_file(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    present: Presenter,
    benefits: Mapping[str, Benefit],
    batch: ClaimBatch,
    today: date,
    *,
    masked: bool,
    reason: str,
) -> Response:
    """The workbook of a batch; that it was fetched, and whether with full numbers, is recorded.

    Raises
    ------
    Problem
        403 for full numbers without the right to see them, 422 without a reason, 409 where nothing is approved yet.
    """
    if not masked:
        if not caller.may(Action.REVEAL, batch.region):
            raise refusal(Action.REVEAL)
        if not reason:
            raise invalid("reason", "missing", "下载完整号码须写明用途，例如“交银行发放补贴”")
    claims = list(
        session.exec(
            select(BenefitClaim)
            .where(BenefitClaim.batch_id == batch.identity, col(BenefitClaim.state).in_(DECIDED))
            .order_by(col(BenefitClaim.id))
        )
    )
    if not claims:
        raise conflict("claim-step", "还没有可以发放的", "这一批还没有审批过的申领，审批后再下载发放表。")
    rows, told_of = _rows(session, keyring, present, benefits, claims, masked, today)
    out = BytesIO()
    write_workbook(
        out,
        [
            Sheet("发放明细", _HEADINGS, _WIDTHS, rows),
            Sheet("汇总", _SUMMED, (30, 10, 14, 14), _sums(claims)),
        ],
    )
    note_handed(
        session, caller.account_id, HandedKind.PAYMENT, batch.region, told_of, masked=masked, reason=reason
    )
    told = {"view": "payment_file", "masked": masked, "claims": len(claims)}
    record(session, "export", "claim_batch", batch.id, region=batch.region, change=told)
    name = f"补贴发放表_{present.known_place(batch.region).name}_{today:%Y%m%d}{'' if masked else '_含完整号码'}.xlsx"
    headers = {
        "Content-Disposition": f"attachment; filename=\"payments-{batch.id}.xlsx\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(out.getvalue(), media_type=MEDIA[Format.XLSX], headers=headers)


_SUMMED = ("状态", "条数", "金额（元）", "金额（分）")


def yuan_cell(fen: int) -> Decimal:
    """Fen as yuan, a number that a bank's program can add up; exact to the fen."""
    return Decimal(fen).scaleb(-2)


def _rows(
    session: Session,
    keyring: Keyring,
    present: Presenter,
    benefits: Mapping[str, Benefit],
    claims: Sequence[BenefitClaim],
    masked: bool,
    today: date,
) -> tuple[list[list[Value]], list[int]]:
    """The lines, and of whom they tell by name."""
    hidden = children_unspoken_for(session, today)
    ids = [claim.worker_id for claim in claims if claim.worker_id is not None]
    workers = {row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(ids)))}
    keys = person_keys(session, keyring, ids)
    firm_ids = [claim.employer_id for claim in claims if claim.employer_id is not None]
    firms = {
        row.identity: row for row in session.exec(select(Employer).where(col(Employer.id).in_(firm_ids)))
    }
    rows: list[list[Value]] = []
    told_of: list[int] = []
    for claim in claims:
        worker, firm = workers.get(claim.worker_id or 0), firms.get(claim.employer_id or 0)
        name, number = DELETED, None
        if worker is not None and worker.restricted:
            # Only stored: what was decided of her stays in the sum, she herself is not in the file.
            name = "信息只保存不使用"
        elif worker is not None and (key := keys.get(worker.identity)) is not None:
            name, number = worker.name, _number(key, worker)
            number = ID_MASK(number) if number and (masked or worker.identity in hidden) else number
            told_of.append(worker.identity)
        elif firm is not None:
            name, number = firm.name, firm.uscc
        benefit = benefits.get(claim.benefit)
        rows.append([
            len(rows) + 1, name, number, present.known_place(claim.region).name,
            benefit.name if benefit else claim.benefit, claim.year, yuan_cell(claim.amount or 0), claim.amount or 0,
            claim.approved_on, claim.state.label, None,
        ])  # fmt: skip
    total = sum(claim.amount or 0 for claim in claims)
    rows.append(
        [None, "合计", None, None, None, None, yuan_cell(total), total, None, f"{len(claims)}条", None]
    )
    return rows, told_of


def _sums(claims: Sequence[BenefitClaim]) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for state in (ClaimState.APPROVED, ClaimState.PAID):
        of_state = [claim.amount or 0 for claim in claims if claim.state is state]
        rows.append([state.label, len(of_state), yuan_cell(sum(of_state)), sum(of_state)])
    whole = [claim.amount or 0 for claim in claims]
    return [*rows, ["合计", len(whole), yuan_cell(sum(whole)), sum(whole)]]


def _number(key: bytes, worker: Worker) -> str | None:
    if worker.id_number_sealed is None:
        return None
    try:
        return unseal(key, worker.id_number_sealed, "worker.id_number").decode()
    except Unsealable:
        return DELETED
