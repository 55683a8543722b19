"""/v1/ranking-models: what has been learned from who was hired and who stayed, how it was judged, what serves."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, col

from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, Problem
from api.idempotency import OnceDep
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.learned.cards import card, model_or_404, serving_public, summaries, trainings
from api.learned.changing import KIND, go_back
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.job import JobPublic, public_job
from api.schemas.ranking_model import ModelBack, ModelPublic, ModelSummary, ModelTrain, ServingPublic
from models.ranking_model import RankingModel

router = bureau_router("/ranking-models", tag="ranking", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE_MODELS))]


@router.get("", operation_id="list_ranking_models")
def list_ranking_models(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[ModelSummary]:
    """Every training of my regions and of those around them, the latest first; refused ones with their reasons."""
    rows, cursor, total = page_of(
        session, trainings(), paging, number=col(RankingModel.id), sorts={"as_of": col(RankingModel.as_of)}
    )
    return Page(items=summaries(session, present, rows), next_cursor=cursor, total=total)


@router.get("/serving", operation_id="read_serving_model")
def read_serving_model(session: SessionDep, _: Reader, present: PresenterDep) -> ServingPublic:
    """By what the lists that I see are ranked."""
    return serving_public(session, present)


@router.get("/{model_id}", operation_id="read_ranking_model")
def read_ranking_model(model_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> ModelPublic:
    """The card of one training: from what it learned, every measure with its interval, of each monitored group too, the verdict."""
    return card(session, present, model_or_404(session, model_id))


@router.post("/train", status_code=202, operation_id="train_ranking_model")
def train_ranking_model(body: ModelTrain, session: SessionDep, caller: Manager, once: OnceDep) -> JobPublic:
    """Learn from all that is known today; what was learned serves only if later months clear it. How far it is, the job tells."""
    job = enqueue(session, caller.account_id, KIND, {"regions": regions_of(session, caller, body.region)})
    return once.keep(public_job(job), status=202)


@router.post("/back", operation_id="back_ranking_model")
def back_ranking_model(
    body: ModelBack, session: SessionDep, caller: Manager, once: OnceDep, present: PresenterDep
) -> ServingPublic:
    """What served before serves again, at once and for everybody there; on record with who and why."""
    go_back(session, regions_of(session, caller, body.region), body.reason, caller.account_id)
    return once.keep(serving_public(session, present), status=200)


def regions_of(session: Session, caller: Caller, region: str | None) -> list[str]:
    """The region that was named, or all of the caller's, ascending.

    Raises
    ------
    Problem
        422 when there is none of that code, 403 for another's or for an account without any.
    """
    if region is not None:
        require_scope(session, caller, region)
        return [region]
    if not caller.regions:
        raise Problem(
            403, "outside-scope", "没有管辖的地区", "您的账号没有管辖的地区，请联系本单位的系统管理员。"
        )
    return sorted(caller.regions)
