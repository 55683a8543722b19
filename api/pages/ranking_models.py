"""推荐模型: what ranks, every training with its verdict, one card, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.errors import Problem
from api.jobs.asking import ask_to_end, job_or_404
from api.judged_words import group_words, month_words
from api.learned.cards import changes
from api.learned.changing import KIND
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import ranking_models as door
from api.schemas.job import JobPublic, public_job
from api.schemas.ranking_model import ModelBack, ModelTrain
from models.job import UNFINISHED, Job

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE_MODELS))]
_SHOWN = 30
_CHANCES = (("p_hire", "报名后上岗"), ("stay_90", "干满三个月"), ("stay_180", "干满半年"))


@router.get("/ranking-models")
def show_models(desk: Reader, cursor: Annotated[str | None, Query(max_length=500)] = None) -> HTMLResponse:
    """By what lists are ranked, and every training."""
    return _list(desk, cursor=cursor)


@router.post("/ranking-models/train")
def train(desk: Manager, region: Annotated[str, Form(max_length=12)] = "") -> Response:
    """Learn anew; one training at a time."""

    def command() -> None:
        if _under_way(desk) is None:
            body = read_form(ModelTrain, {"region": region} if region else {})
            door.train_ranking_model(body, desk.session, desk.caller, desk.once)

    problem = desk.attempt(command)
    return _list(desk, problem=problem) if problem else to("/ranking-models")


@router.post("/ranking-models/stop/{job_id}")
def stop(desk: Manager, job_id: RowId) -> Response:
    """End a training that is under way."""
    problem = desk.attempt(lambda: ask_to_end(desk.session, job_id))
    return _list(desk, problem=problem) if problem else to("/ranking-models")


@router.post("/ranking-models/back")
def back(desk: Manager, reason: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """What served before serves again."""
    problem = desk.attempt(
        lambda: door.back_ranking_model(
            read_form(ModelBack, {"reason": reason}), desk.session, desk.caller, desk.once, desk.present
        )
    )
    return _list(desk, problem=problem, reason=reason) if problem else to("/ranking-models?done=back")


@router.get("/ranking-models/progress/{job_id}")
def show_progress(desk: Reader, job_id: RowId) -> HTMLResponse:
    """How far the training is; at its end the page is loaded again."""
    job = public_job(job_or_404(desk.session, job_id))
    answer = desk.show("_training_progress.html", job=job)
    if job.state not in UNFINISHED:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get("/ranking-models/{model_id}")
def show_model(desk: Reader, model_id: RowId) -> HTMLResponse:
    """One card."""
    model = door.read_ranking_model(model_id, desk.session, desk.caller, desk.present)
    measures: Sequence[Mapping[str, Any]] = model.metrics.get("measures", [])
    months: Sequence[Mapping[str, Any]] = model.metrics.get("months", [])
    return desk.show(
        "ranking_model.html",
        model=model,
        months=months,
        first_month=month_words(months[0]["month"]) if months else "",
        last_month=month_words(months[-1]["month"]) if months else "",
        summary=model.metrics.get("summary", []),
        warnings=model.metrics.get("warnings", []),
        chances=[(name, words, _bins(measures, name)) for name, words in _CHANCES if _bins(measures, name)],
        groups=_groups(measures),
    )


def _bins(measures: Sequence[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """Nothing where the cases are too few to be drawn as if they told anything."""
    told = [each for each in measures if each["measure"] == f"{name}_ece" and "bins" in each]
    return told[0]["bins"] if told and not told[0]["note"] else []


def _groups(measures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row a monitored group: what was said and seen of it, and what plans would have meant for it."""
    of = {(each["measure"], each["ranker"], each["group"]): each for each in measures}
    names = dict.fromkeys(each["group"] for each in measures if each["group"])
    return [
        {
            "name": group_words(name),
            "hire": [of.get((f"p_hire_{what}", "learned", name)) for what in ("said", "seen", "gap")],
            "stay": [of.get((f"stay_180_{what}", "learned", name)) for what in ("said", "seen", "gap")],
            "plan": of.get(("plan_gain", "prior", name)),
        }
        for name in names
    ]


def _list(
    desk: Desk, *, cursor: str | None = None, problem: Problem | None = None, reason: str = ""
) -> HTMLResponse:
    regions = sorted(desk.caller.regions)
    last = desk.session.exec(
        select(Job).where(Job.kind == KIND).order_by(col(Job.id).desc()).limit(1)
    ).first()
    return desk.show(
        "ranking_models.html",
        problem=problem,
        serving=door.read_serving_model(desk.session, desk.caller, desk.present),
        found=door.list_ranking_models(desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present),
        first_page=cursor is None,
        changes=changes(desk.session, regions),
        regions=[desk.present.known_place(code) for code in regions],
        job=_under_way(desk),
        last=public_job(last) if last else None,
        reason=reason,
        by_calendar=not desk.settings.demonstration and desk.settings.business_date is None,
    )


def _under_way(desk: Desk) -> JobPublic | None:
    job = desk.session.exec(
        select(Job)
        .where(Job.kind == KIND, col(Job.state).in_(UNFINISHED))
        .order_by(col(Job.id).desc())
        .limit(1)
    ).first()
    return public_job(job) if job else None
