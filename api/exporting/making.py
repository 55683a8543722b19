"""An export from the asking to the file: who may have it, and the job that writes it. It is kept for a week."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from api.audit import record
from api.deps import Caller, refusal
from api.errors import invalid
from api.exporting.sealed import SealedFile
from api.handing import note_handed
from api.jobs.running import JobFailed, Running, enqueue
from api.rights import Action
from api.workbooks.plain_sheet import Seen, Sheet
from api.workbooks.writing import write_csv, write_workbook
from ledger.consents.keeping import children_unspoken_for
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, Table, View, cells
from models.base import now
from models.export import Export, Format
from models.handed import HandedKind
from models.region import Region
from models.sealing import Keyring, new_person_key

KIND = "export"
KEPT = timedelta(days=7)
_WRITING = "写入文件"


MEDIA = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that somebody asks for."""

    view: View
    asked: Asked
    format: Format
    masked: bool
    reason: str


def ask(session: Session, keyring: Keyring, caller: Caller, wanted: Wanted) -> Export:
    """Keep what is asked, and why, and have it made.

    Raises
    ------
    Problem
        403 for full numbers without the right to see them, 422 for full numbers without a reason.
    """
    if not wanted.masked:
        if not caller.may(Action.REVEAL, wanted.asked.region):
            raise refusal(Action.REVEAL)
        if not wanted.reason:
            raise invalid("reason", "missing", "下载完整号码须写明用途，例如“报送省厅3月月报”")
    _, master_key_id, sealed_key = new_person_key(keyring)
    asked = wanted.asked
    export = Export(
        account_id=caller.account_id,
        view=wanted.view.code,
        region=asked.region,
        as_of=asked.as_of,
        options={
            "format": wanted.format.value,
            "from_on": asked.from_on.isoformat(),
            "batch": asked.batch,
            "village": asked.village,
        },
        masked=wanted.masked,
        reason=wanted.reason,
        file_name=_file_name(session, wanted),
        expires_at=now() + KEPT,
        master_key_id=master_key_id,
        sealed_key=sealed_key,
    )
    session.add(export)
    session.flush()
    export.job_id = enqueue(session, caller.account_id, KIND, {"export_id": export.identity}).id
    session.add(export)
    session.flush()
    # The reason is somebody's own words, and the record of changes is for ever: it stands with the file alone.
    told = {"view": export.view, "masked": export.masked, "as_of": str(asked.as_of)}
    record(session, "export", "export", export.id, region=asked.region, change=told)
    return export


def make_export(job: Running) -> dict[str, Any]:
    """The job: read the view in a stream and write the file, sealed, in one transaction."""
    with job.transaction() as (session, caller):
        export = session.get_one(Export, int(job.argument["export_id"]))
        result = {"link": f"/registers?export={export.id}", "export_id": export.identity}
        if export.rows is not None:
            return result | {"rows": export.rows}
        still_may(caller, export)
        view = VIEWS[export.view]
        asked = asked_again(export)
        total = view.count(session, asked)
        job.progress(0, total, _WRITING, now=True)
        file, marked = SealedFile(session, job.keyring, export), export.expires_at
        told_of: set[int] = set()
        hidden = () if export.masked else children_unspoken_for(session, job.settings.today())
        sheets = (
            _sheet(table, export.masked, told_of, hidden)
            for table in view.tables(session, job.keyring, asked)
        )
        rows = _written(file, sheets, export, lambda done: job.progress(min(done, total), total, _WRITING))
        file.close()
        note_handed(
            session, export.account_id, HandedKind.REGISTER, export.region, told_of,
            masked=export.masked, reason=export.reason, export_id=export.identity,
        )  # fmt: skip
        session.refresh(export, with_for_update=True)
        # Looked at after they were written down: whoever is put away from here on finds the file by its people.
        if export.expires_at != marked or _any_stored(session, told_of):
            raise JobFailed("导出期间有人的信息改为只能存储，这份文件可能含有他们，没有生成。请重新导出。")
        export.rows, export.size = rows, file.size
        export.expires_at = now() + KEPT
        session.add(export)
        return result | {"rows": export.rows, "size": file.size}


def _any_stored(session: Session, people: set[int]) -> bool:
    return not people.isdisjoint(session.connection().scalars(text("SELECT stored_people()")))


def _written(file: SealedFile, sheets: Iterator[Sheet], export: Export, seen: Seen) -> int:
    """Write what a workbook holds, or the first table as CSV; how many rows the first has."""
    if export.options["format"] == Format.CSV:
        return write_csv(file, next(sheets), seen=seen)
    return write_workbook(file, sheets, seen=seen)[0][1]


def _sheet(table: Table, masked: bool, told_of: set[int], hidden: Collection[int]) -> Sheet:
    headings, widths = [each.heading for each in table.columns], [each.width + 2 for each in table.columns]
    return Sheet(
        table.name,
        headings,
        widths,
        cells(table, masked=masked, told_of=told_of, hidden=hidden),
        table.banners,
    )


def asked_again(export: Export) -> Asked:
    """The question that an export answers."""
    options = export.options
    from_on = date.fromisoformat(options["from_on"])
    return Asked(export.region, from_on, export.as_of, options.get("batch"), options.get("village"))


def still_may(caller: Caller, export: Export) -> None:
    """Rights are those of the moment when the file is written or sent, not of the moment when it was asked for.

    Raises
    ------
    Problem
        403 where the account may not export, or not see full numbers that are in it, in the file's own region.
    """
    for action in (Action.EXPORT,) if export.masked else (Action.EXPORT, Action.REVEAL):
        if not caller.may(action, export.region):
            raise refusal(action)


def _file_name(session: Session, wanted: Wanted) -> str:
    place = session.get_one(Region, wanted.asked.region).name + (wanted.asked.village or "")
    title = wanted.view.title.replace("：", "-")
    shown = "" if wanted.masked else "_含完整号码"
    return f"{title}_{place}_{wanted.asked.as_of:%Y%m%d}{shown}.{wanted.format.value}"
