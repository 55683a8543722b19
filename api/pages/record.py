"""操作记录: who did what and when, up to when that is sealed, and what its verifications found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.errors import Problem, invalid
from api.observing.checks import PATIENCE
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Page
from api.record_shown import Line, Wanted, record_lines
from api.record_words import ACTIONS_OF_RECORD, NOUNS_OF_RECORD
from api.rights import Action
from ledger.chain.reading import head, waiting_since
from models.base import now
from models.record import AuditCheck
from models.worker import Worker

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_RECORD))]
Typed = Annotated[str, Query(max_length=40)]
_CHECKS = 10
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the record is sealed; `late` since when something waits that should not."""

    links: int
    sealed_at: datetime | None
    late: datetime | None


@router.get("/record")
def show_record(
    desk: Reader,
    account: Typed = "",
    action: Typed = "",
    noun: Typed = "",
    person: Typed = "",
    on: Typed = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """A page of the record, and how the chain over it stands."""
    chosen = {"account": account, "action": action, "noun": noun, "person": person, "on": on}
    problem: Problem | None = None
    lines: Page[Line] = Page(items=[], next_cursor=None, total=None)
    try:
        wanted = _wanted(chosen)
        lines = record_lines(desk.session, wanted, desk.paging(_SHOWN, cursor))
    except Problem as wrong:
        problem, wanted = wrong, Wanted()
    checks = desk.session.exec(select(AuditCheck).order_by(col(AuditCheck.id).desc()).limit(_CHECKS)).all()
    return desk.show(
        "record.html",
        problem=problem,
        lines=lines,
        chosen=chosen,
        narrowed=any(chosen.values()),
        base="/record" + (f"?{urlencode(told)}" if (told := _some(chosen)) else ""),
        first_page=cursor is None,
        who=_who(desk.session, wanted),
        actions=list(dict.fromkeys(ACTIONS_OF_RECORD.values())),
        nouns=list(dict.fromkeys(NOUNS_OF_RECORD.values())),
        chain=_chain(desk.session),
        checks=checks,
    )


def _wanted(chosen: dict[str, str]) -> Wanted:
    """What was asked for.

    Raises
    ------
    Problem
        422 with what can't be asked for so.
    """
    return Wanted(
        _number("account", chosen["account"]),
        chosen["action"] or None,
        chosen["noun"] or None,
        _number("person", chosen["person"]),
        a_day("on", chosen["on"], "请选择日期，如2021-09-20。") if chosen["on"] else None,
    )


def _number(field: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**63:
        raise invalid(field, "number", "编号是数字：点名单里的姓名，就会按那个人或那个账号列出。")
    return int(text)


def _some(chosen: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value}


def _who(session: Session, wanted: Wanted) -> dict[str, Any]:
    """The names behind the numbers that the list is narrowed to, as far as the account may know them."""
    person = session.get(Worker, wanted.worker_id) if wanted.worker_id is not None else None
    return {
        "account": account_names(session, [wanted.account_id]).get(wanted.account_id or 0),
        "person": person.name if person else None,
    }


def _chain(session: Session) -> Chain:
    connection = session.connection()
    last, waiting = head(connection), waiting_since(connection)
    late = waiting if waiting is not None and waiting < now() - PATIENCE else None
    return Chain(last[0], last[2], late) if last else Chain(0, None, late)
