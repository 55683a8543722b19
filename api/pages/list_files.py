"""导出 of any list: the rows and columns that its page shows, at once where they are few, by a job where they are many."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Response
from sqlalchemy import text
from sqlmodel import Session

from api.audit import record
from api.deps import Caller
from api.errors import conflict, invalid
from api.exporting.making import KEPT, MEDIA
from api.handing import note_handed
from api.jobs.running import enqueue
from api.pages.desk import Desk, DeskDep, to
from api.pages.list_reading import MARK, Part, joined, without
from api.pages.list_walking import Around, Walk, walk
from api.pages.routing import PageRoute
from api.rights import Action
from api.workbooks.book import width
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_csv, write_workbook
from models.base import now
from models.export import Export, Format
from models.handed import HandedKind
from models.sealing import Keyring, new_person_key, seal

router = APIRouter(route_class=PageRoute, include_in_schema=False)
VIEW, KIND, ADDRESS = "list", "list.export", "export.address"
"""What such a file is called among the others that are kept, the job that makes it, and its sealed address."""
PARTS_AT_ONCE = 2
"""Parts of a list that are written while somebody waits."""


@router.post("/lists/file", responses={200: {"content": {media: {} for media in MEDIA.values()}}})
def export_list(
    desk: DeskDep,
    address: Annotated[str, Form(max_length=1000)] = "",
    format: Annotated[str, Form(max_length=4)] = Format.XLSX.value,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The file, or, of a long list, the page on which it will be."""
    chosen = Format.CSV if format == Format.CSV.value else Format.XLSX
    state = desk.request.app.state
    around = Around(desk.settings, desk.keyring, state.places, state.sessions)
    found = walk(desk.request.app.router.routes, desk.session, desk.caller, around, address)
    reason = reason.strip()
    if found.page.of_people and not reason:
        raise invalid("reason", "missing", "名单里有个人信息，请先写明导出的用途，例如“发给村里核对”。")
    parts = found.parts()
    first: list[Part] = []
    for part in parts:
        first.append(part)
        if part.following is None or len(first) == PARTS_AT_ONCE:
            break
    if first[-1].following is not None and found.caller.where(Action.EXPORT) is not None:
        ask_for_file(desk.session, desk.keyring, found, address, chosen, reason)
        return to("/registers?done=exporting#files")
    people: set[int] = set()
    whole = noted(desk.session, found, chain(first, parts), people)
    content = BytesIO()
    rows = written(content, found, whole, chosen, marked=desk.settings.demonstration)
    given(desk, found, people, rows, chosen, reason)
    name = f"{found.page.title}_{desk.today:%Y%m%d}.{chosen.value}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"list.{chosen.value}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content.getvalue(), media_type=MEDIA[chosen], headers=headers)


def given(desk: Desk, found: Walk, people: set[int], rows: int, chosen: Format, reason: str) -> None:
    """Write down that the file was taken, and of whom it told."""
    session, region = desk.session, region_of(found.caller)
    told = {"list": found.route.path, "rows": rows, "as": chosen.value}
    record(session, "export", VIEW, None, region=region or None, change=told)
    if found.page.of_people and region:
        note_handed(
            session, found.caller.account_id, HandedKind.REGISTER, region, people, masked=True, reason=reason
        )
        if people & stored_people(session):
            raise conflict(
                "restricted", "名单刚刚变了", "导出期间有人的信息改为只能存储，没有导出。请重新导出。"
            )


def ask_for_file(
    session: Session, keyring: Keyring, found: Walk, address: str, chosen: Format, reason: str
) -> Export:
    """Have the file made. The address may hold a name that was looked for: it is sealed, and goes when the file is whole."""
    key, master_key_id, sealed_key = new_person_key(keyring)
    sealed = b64encode(seal(key, address.encode(), ADDRESS)).decode()
    today = found.desk.today
    export = Export(
        account_id=found.caller.account_id,
        view=VIEW,
        region=region_of(found.caller),
        as_of=today,
        options={"format": chosen.value, "list": found.route.path, "address": sealed},
        masked=True,
        reason=reason,
        file_name=f"{found.page.title}_{today:%Y%m%d}.{chosen.value}",
        expires_at=now() + KEPT,
        master_key_id=master_key_id,
        sealed_key=sealed_key,
    )
    session.add(export)
    session.flush()
    export.job_id = enqueue(session, export.account_id, KIND, {"export_id": export.identity}).id
    session.add(export)
    session.flush()
    told = {"list": found.route.path, "as": chosen.value}
    record(session, "export", "export", export.id, region=export.region, change=told)
    return export


def written(sink: BytesIO, found: Walk, parts: Iterator[Part], chosen: Format, *, marked: bool) -> int:
    """Write the list into a file; how many rows it has."""
    first = next(parts)
    headings = [*first.headings, MARK] if marked else list(first.headings)
    rows = joined(chain([first], parts), marked)
    sheet = Sheet(found.page.title, headings, widths(headings), rows)
    if chosen is Format.CSV:
        return write_csv(sink, sheet)
    return sum(count for _, count in write_workbook(sink, [sheet]))


def widths(headings: Sequence[str]) -> list[float]:
    """Columns wide enough for what mostly stands in them."""
    return [max(width(heading) + 4, 14) for heading in headings]


def noted(session: Session, found: Walk, parts: Iterator[Part], people: set[int]) -> Iterator[Part]:
    """The parts without those whose data is only stored, whom some lists show and no file tells of; whom they tell of is
    added to `people`.

    Raises
    ------
    Problem
        409 for a list of one such person's own.
    """
    stored = stored_people(session)
    if (own := found.named.get("worker_id")) is not None and int(own) in stored:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不能导出。"
        )
    for part in parts:
        kept = without(part, stored)
        people |= set().union(*kept.people)
        yield kept


def stored_people(session: Session) -> set[int]:
    """Everybody whose data is only stored by now."""
    return set(session.connection().scalars(text("SELECT stored_people()")))


def region_of(caller: Caller) -> str:
    """Under which region the file is kept: the first in which the account may have it."""
    return next(iter(caller.regions), "")
