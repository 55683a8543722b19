"""A list as whoever asks would have it, by `Accept`: JSON by pages, or the whole of it as CSV or a workbook.

The table has the columns of the list's items, headed in Chinese; it is whole or it is refused, never cut short.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from inspect import Parameter, Signature, signature
from io import BytesIO
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from api.audit import record
from api.deps import Caller, SessionDep, narrow
from api.errors import Problem
from api.paging import Page, Paging
from api.rights import Action
from api.schemas.base import Labelled, Place
from api.settings import SHANGHAI
from api.workbooks.book import Value, width
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_csv, write_workbook
from models.coded import Coded

MOST_ROWS = 100_000
_JSON, _CSV = "application/json", "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFERED = (_JSON, _CSV, _XLSX)
Listing = TypeVar("Listing", bound=Callable[..., Page[Any]])
_QUALITY = re.compile(r"[01](\.[0-9]{0,3})?")
_AT_ONCE = 2_000

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": f"JSON by pages; with `Accept: {_CSV}` or `Accept: {_XLSX}` the whole list as a table of the "
        f"same columns, up to {MOST_ROWS} rows (`limit` and `cursor` say nothing then)",
        "content": {
            _CSV: {"schema": {"type": "string"}},
            _XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as a table: its name, what its rows are called in the record, and a heading for each field of an item.

    One that tells of people is a file like any other that is made of them: it asks the right to export.
    """

    title: str
    noun: str
    headings: Mapping[str, str]
    of_people: bool = True


def offered_as_table(
    router: APIRouter, table: ListTable, *, operation_id: str
) -> Callable[[Listing], Listing]:
    """Offer a list of `router` at its own path: what the function answers page by page, or all pages as a table."""

    def offer(list_: Listing) -> Listing:
        asked = signature(list_)

        @wraps(list_)
        def answer(medium: str, answering: Session, **told: Any) -> Any:
            if medium == _JSON:
                return list_(**told)
            name, asking = next((name, value) for name, value in told.items() if isinstance(value, Caller))
            if table.of_people:
                asking = narrow(answering, asking, Action.EXPORT)
                told[name] = asking
            region = next(iter(asking.regions), None)
            record(answering, "download", table.noun, None, region=region, change={"as": medium})
            return _as_table(medium, table, list_, told)

        own = [
            _parameter("medium", MediumDep),
            _parameter("answering", SessionDep),
        ]
        parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in asked.parameters.values()]
        answer.__signature__ = Signature([*own, *parameters])  # type: ignore[attr-defined]
        answer.__annotations__ = {}
        router.add_api_route(
            "", answer, operation_id=operation_id, response_model=asked.return_annotation, responses=_ANSWERS
        )
        return list_

    return offer


def _parameter(name: str, annotation: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation)


def get_medium(request: Request, response: Response) -> str:
    """What the caller would rather have of JSON, CSV and a workbook; JSON where nothing of these is named."""
    response.headers["Vary"] = "Accept"
    best, found = 0.0, _JSON
    for part in request.headers.get("Accept", "").split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        weight = float(quality) if _QUALITY.fullmatch(quality) else 0.0
        if weight > best and name in (*_OFFERED, "*/*", "application/*"):
            best, found = weight, name if name in _OFFERED else _JSON
    return found


MediumDep = Annotated[str, Depends(get_medium)]


def _as_table(
    medium: str, table: ListTable, list_: Callable[..., Page[Any]], told: dict[str, Any]
) -> Response:
    sort = told["paging"].sort
    first = list_(**told | {"paging": Paging(_AT_ONCE, None, sort)})
    total = first.total or 0
    if total > MOST_ROWS:
        raise Problem(
            422,
            "table-too-long",
            "名单太长",
            f"共{total}行，一张表最多{MOST_ROWS}行。请按乡镇等条件缩小范围后再下载。",
        )

    def rows() -> Iterator[list[Value]]:
        page = first
        while True:
            for item in page.items:
                yield [cell(getattr(item, name)) for name in table.headings]
            if page.next_cursor is None:
                return
            page = list_(**told | {"paging": Paging(_AT_ONCE, page.next_cursor, sort, counted=False)})

    headings = list(table.headings.values())
    sheet = Sheet(table.title, headings, [width(each) + 4 for each in headings], rows())
    # Rows come and go by the thousand; the finished file is some megabytes, and leaves when it is whole.
    file = BytesIO()
    kind = "csv" if medium == _CSV else "xlsx"
    if kind == "csv":
        write_csv(file, sheet)
    else:
        write_workbook(file, [sheet])
    headers = {
        "Content-Disposition": f"attachment; filename=\"list.{kind}\"; filename*=UTF-8''{quote(table.title)}.{kind}",
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return Response(file.getvalue(), media_type=medium, headers=headers)


def cell(value: Any) -> Value:
    """A field of an item as a table shows it: words for codes, names for places, several in one cell."""
    match value:
        case None | "":
            return None
        case bool():
            return "是" if value else "否"
        case Coded() | Labelled():
            return value.label
        case datetime():
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        case Place():
            return value.name
        case str() | int() | float() | date():
            return value
        case BaseModel():
            return str(name) if (name := getattr(value, "name", None)) else _told(value)
        case Mapping():
            return "；".join(f"{name}：{cell(each)}" for name, each in value.items()) or None
    return "；".join(str(cell(each)) for each in value) or None


def _told(value: BaseModel) -> str:
    shown = (cell(getattr(value, name)) for name in type(value).model_fields)
    return " ".join(str(each) for each in shown if each is not None)
