"""编制新方案: the form, what it would take in, and the plan that is asked for."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from api.errors import Problem, invalid
from api.match_plans.counting import quotas_of
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields, place_code
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.rights import Action
from api.routes.bureau import match_plans as door
from api.schemas.match_plan import ChosenPublic, MatchPlanChoice, MatchPlanCreate, QuotaGroup
from matching.allocation.words import quota_words
from models.match_plan import Objective
from models.worker import Wants

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Planner = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
_QUOTAS = 4
_BUSES = 3


@router.get("/match-plans/new")
def show_form(desk: Planner) -> HTMLResponse:
    """The form of a new plan."""
    return _form(desk, {})


@router.post("/match-plans/new")
def fill_form(desk: Planner, fields: Fields) -> Response:
    """Count whom that would be, or make it."""
    made: list[int] = []
    counted: list[ChosenPublic] = []
    asked: list[str] = []

    def command() -> None:
        told = _told(fields)
        if first(fields, "step") == "preview":
            told.pop("name", None)
            choice = read_form(MatchPlanChoice, told)
            asked.extend(quota_words(each) for each in quotas_of(choice.model_dump()))
            counted.append(
                door.preview_match_plan(choice, desk.session, desk.caller, desk.today, desk.settings)
            )
            return
        body = read_form(MatchPlanCreate, told)
        plan = door.create_match_plan(
            body, desk.session, desk.caller, desk.today, desk.settings, desk.once, desk.present
        )
        made.append(plan.id)

    problem = desk.attempt(command)
    if problem is not None or counted:
        return _form(desk, fields, problem=problem, counted=counted[0] if counted else None, asked=asked)
    return to(f"/match-plans/{made[0]}")


def _told(fields: dict[str, list[str]]) -> dict[str, Any]:
    """The fields of the form as the service takes them; a quota that was left blank is none."""
    told: dict[str, Any] = {
        name: value
        for name in ("name", "region", "departs_on", "objective")
        if (value := first(fields, name))
    }
    for name in ("wants", "groups", "within"):
        if values := fields.get(name):
            told[name] = values
    if places := first(fields, "places"):
        told["places"] = [
            place_code("places", each) for each in places.replace("，", "、").split("、") if each
        ]
    told |= {name: name in fields for name in ("unasked", "paired", "together")}
    told["quotas"] = [quota for at in range(_QUOTAS) if (quota := _quota(fields, at))]
    told["buses"] = [bus for at in range(_BUSES) if (bus := _bus(fields, at))]
    return told


def _quota(fields: dict[str, list[str]], at: int) -> dict[str, Any] | None:
    """One line of the quotas; None where no number was typed. A unit typed with the number goes before the one beside it,
    so that what stands there is what is meant.

    Raises
    ------
    Problem
        422 for a number of nobody in particular, or for what is no number.
    """
    group, amount = first(fields, f"group_{at}"), first(fields, f"amount_{at}")
    if not amount:
        return None
    nth = f"要保证的人数第{at + 1}条"
    if not group:
        raise invalid("quotas", "missing", f"{nth}：请选择是哪些人，或去掉数字。")
    typed = unicodedata.normalize("NFKC", amount)
    unit = first(fields, f"unit_{at}") or "percent"
    for mark, name in (("%", "percent"), ("人", "people")):
        if typed.endswith(mark):
            typed, unit = typed.removesuffix(mark).strip(), name
    if not re.fullmatch(r"[0-9]+" if unit == "people" else r"[0-9]+(\.[0-9]+)?", typed, re.ASCII):
        words = "人数写成整数，如 20" if unit == "people" else "比例写成数字，如 20 就是20%"
        raise invalid("quotas", "number", f"{nth}：{words}。")
    if unit == "percent" and float(typed) > 100:
        raise invalid("quotas", "too_much", f"{nth}：比例不能超过100%。要写人数的，请把单位改成“人”。")
    fields[f"amount_{at}"], fields[f"unit_{at}"] = [typed], [unit]
    return {"group": group, unit: typed}


def _bus(fields: dict[str, list[str]], at: int) -> dict[str, Any] | None:
    """One line of the buses; None where neither place nor number was typed.

    Raises
    ------
    Problem
        422 for half a line, and for what is no number.
    """
    place, least = first(fields, f"bus_{at}"), first(fields, f"least_{at}")
    nth = f"包车第{at + 1}辆"
    if not place and not least:
        return None
    if not place or not least:
        raise invalid("buses", "missing", f"{nth}：开到哪里、至少坐多少人都要填，或者都不填。")
    typed = unicodedata.normalize("NFKC", least).removesuffix("人").strip()
    if not re.fullmatch(r"[0-9]{1,4}", typed, re.ASCII):
        raise invalid("buses", "number", f"{nth}：人数写成整数，如 30。")
    return {"place": place_code("buses", place), "least": typed}


def _form(
    desk: Desk,
    fields: dict[str, list[str]],
    *,
    problem: Problem | None = None,
    counted: ChosenPublic | None = None,
    asked: Sequence[str] = (),
) -> HTMLResponse:
    typed = fields or {
        "wants": [Wants.OUT.value],
        "together": ["yes"],
        "group_0": [QuotaGroup.MONITORED.value],
        "objective": [Objective.STABLE.value],
    }
    return desk.show(
        "match_plan_new.html",
        problem=problem,
        kept=problem is not None,
        typed=typed,
        typed_before=bool(fields),
        one=lambda name, otherwise="": first(typed, name) or otherwise,
        counted=counted,
        asked=asked,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        wants=[Wants.OUT, Wants.NEAR_HOME],
        groups=list(QuotaGroup),
        objectives=list(Objective),
        quotas=range(_QUOTAS),
        buses=range(_BUSES),
    )
