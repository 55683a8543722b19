"""Templates into pages."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.deps import Caller
from api.pages import wording
from api.pages.menu import menu
from api.post_words import pay
from api.rights import Action
from api.schemas.worker import RevealReason

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    day=wording.day,
    short_day=wording.short_day,
    known=wording.known,
    ended=wording.ended,
    label=wording.label,
    moment=wording.moment,
    money=wording.money,
    months=wording.months,
    remarks=wording.remarks,
)
_templates.globals.update(
    pay=pay,
    ages=wording.ages,
    yes_no=wording.yes_no,
    missing=wording.missing,
    skill_words=wording.skill_words,
    undivided=wording.undivided,
    written=wording.written,
    skill_levels=wording.SKILL_LEVELS,
    reveal_reasons=tuple(RevealReason),
)


def page(template: str, **told: Any) -> str:
    """A page that stands by itself, outside of the console."""
    return _templates.get_template(template).render(told)


def render(request: Request, template: str, status: int = 200, **told: Any) -> HTMLResponse:
    """A page in the common skeleton. `problem` may be among what is told; the rest is the template's own."""
    settings = request.app.state.settings
    caller: Caller | None = getattr(request.state, "caller", None)
    text = _templates.get_template(template).render(
        {
            "problem": None,
            "notice": wording.NOTICES.get(request.query_params.get("done", "")),
            "environment": settings.environment.label,
            "demonstration": settings.demonstration,
            "today": settings.today(),
            "caller": caller,
            "menu": menu(request.url.path, caller.actions.__contains__) if caller else None,
            "may": lambda action, region=None: caller is not None and caller.may(Action.read(action), region),
            "form_token": getattr(request.state, "form_token", ""),
        }
        | told
    )
    return HTMLResponse(text, status)
