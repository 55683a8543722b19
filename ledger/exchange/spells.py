"""spells.csv: its rows as reports of work, which take the way of every list; what a report has no field for stays in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from ledger.exchange.codes import known_regions
from ledger.exchange.folder import Firm, Folder, Row, begun, complain, meaning, refuse, rejected
from ledger.forms import WORDS_OF
from ledger.forms.cells import Unclear
from ledger.forms.evidence import ToldEvidence, read_evidence
from ledger.forms.values import write_money
from ledger.intake.judged import Judged
from ledger.intake.known import only_stored, reports
from ledger.intake.sealing import shown
from ledger.records.reported import Reported
from ledger.records.sealed import digest, record_bytes
from models.intake import ImportKind, LineStatus
from models.sealing import Keyring
from models.spell import Precision, SpellKind

_NOTED = (
    "vacancy_id", "observed_until", "contract_months", "arrangement", "destination", "leave_reason", "evidence",
    "spell_id", "supersedes", "recorded_on",
)  # fmt: skip
"""Headings that a report has no field for."""

_FORM = {
    kind: kind.label for kind in SpellKind if kind is not SpellKind.MARKET
} | {SpellKind.PUBLIC_POST: "公益性岗位"}  # fmt: skip
_SUPERSEDED = "这一条已被同一文件里更正的记录取代"
_RESTRICTED = "本人的资料已限制使用，只保存、不更新"
_REGION = "没有这个行政区划代码，请核对"
_ENDS_FIRST = "早于开始日期，请核对"
_AHEAD = "晚于文件的时点，请核对"
_NO_PROOF = "没有作为佐证记入，原文随上报保存"


@dataclass(frozen=True, slots=True)
class Work:
    """One line as a report. `seen` is the day of which it tells; `firm` the employer that its key means."""

    judged: Judged
    told: Reported
    seen: date
    firm: Firm
    proofs: tuple[ToldEvidence, ...]
    columns: dict[str, Any]


def judge_spells(
    session: Session, keyring: Keyring, folder: Folder, sheet: str, rows: Sequence[Row]
) -> list[tuple[Judged, Work | None]]:
    """The lines of a chunk, each with the report that it makes."""
    folder.look_up(session, rows)
    places = known_regions(session, (row.values["region"] for row in rows if row.values.get("region")))
    found = [_read(folder, row, sheet, places) for row in rows]
    ids = sorted({judged.worker_id for judged, work in found if work and judged.worker_id})
    known, (restricted, _) = reports(session, ids), only_stored(session, ids)
    for judged, work in found:
        if work is None or judged.worker_id is None:
            continue
        if judged.worker_id in restricted:
            judged.status, judged.reason = LineStatus.SKIPPED, _RESTRICTED
        mark = digest(keyring, judged.worker_id, record_bytes(work.told))
        if judged.status is LineStatus.NEW and (ImportKind.EXCHANGE, mark) in known.get(judged.worker_id, {}):
            judged.status = LineStatus.SAME
    return found


def _read(folder: Folder, row: Row, sheet: str, places: frozenset[str]) -> tuple[Judged, Work | None]:
    judged = begun(row, ("worker_id", "employer_id", "started_on"), whole=True)
    if judged.status is LineStatus.SKIPPED:
        return judged, None
    meaning(folder, judged, row, "worker_id", "employer_id")
    values = row.values
    if values.get("spell_id") in folder.superseded and values.get("spell_id"):
        judged.status, judged.reason = LineStatus.SKIPPED, _SUPERSEDED
        return judged, None
    started, precise = values.get("started_on", (None, Precision.DAY))
    ended, precise_end = values.get("ended_on", (None, precise))
    seen, _ = values.get("observed_until", (None, precise))
    if values.get("region") and values["region"] not in places:
        refuse(judged, "region", _REGION)
    if started and ended and ended < started:
        refuse(judged, "ended_on", _ENDS_FIRST)
    if started and started > folder.as_of:
        refuse(judged, "started_on", _AHEAD)
    if ended is None and seen and started and seen < started:
        refuse(judged, "observed_until", _ENDS_FIRST)
    try:
        proofs = read_evidence(values.get("evidence") or "")
    except Unclear as unclear:
        proofs = ()
        complain(judged, "evidence", f"{unclear}；{_NO_PROOF}")
    if rejected(judged).status is not LineStatus.NEW:
        return judged, None
    firm = folder.firms[values["employer_id"]]
    judged.worker_id = folder.people[values["worker_id"]]
    months = Precision.MONTH in (precise, precise_end, values.get("precision"))
    kind = values.get("kind")
    told = Reported(
        row.row,
        sheet,
        frozenset({"started", "ended", "region", "employer", "income", "channel", "form"}),
        started=started,
        ended=ended,
        precision=Precision.MONTH if months else Precision.DAY,
        region=(values.get("region") or firm.region)[:6],
        employer=firm.name,
        income=values.get("monthly_income"),
        channel=values.get("channel") or None,
        form=_FORM.get(kind) if kind else None,
        noted=tuple(noted(values)),
    )
    columns = {
        name: values[name] for name in ("contract_months", "arrangement", "leave_reason") if values.get(name)
    }
    day = min(seen, folder.as_of) if seen and ended is None else folder.as_of
    return judged, Work(judged, told, day, firm, proofs, columns)


def noted(values: dict[str, Any]) -> list[str]:
    """What the row says beside a report's fields, in words."""
    found = []
    for heading in _NOTED:
        value = values.get(heading)
        if value in (None, ""):
            continue
        if isinstance(value, tuple):
            day, precision = value
            value = day if precision is Precision.DAY else f"{day:%Y-%m}"
        text = write_money(value) if isinstance(value, int) and not isinstance(value, bool) else shown(value)
        found.append(f"{WORDS_OF[heading]}：{text}")
    return found


def superseding(rows: Sequence[Row]) -> frozenset[str]:
    """The records in whose place others of the file stand."""
    return frozenset(
        str(row.values["supersedes"]) for row in rows if row.values.get("supersedes") and not row.told.skipped
    )
