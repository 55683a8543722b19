"""训练推荐模型: the job that learns from who was hired and who stayed, and lets the result serve only if it may."""

import hashlib
from typing import Any

import numpy as np
from sqlmodel import Session

from api.collecting import uncollected
from api.deps import Caller, refusal
from api.jobs.running import JobFailed, Running
from api.learned.changing import one_at_a_time
from api.learned.judging import SEED, Judged, judge, short_of
from api.learned.serving import Serving, what_serves
from api.monitored import groups_of
from api.rights import Action
from matching import features
from matching.learning.keeping import label_of, packed
from matching.learning.training import Learned, learn
from matching.past import PastMarket, load_past
from models.ranking_model import ChangeKind, RankingChange, RankingModel


def train(job: Running) -> dict[str, Any]:
    """The job. It writes at its end, all at once: one that is run again begins anew."""
    as_of = job.settings.today()
    job.progress(0, 0, "读取以往的推荐和务工记录", now=True)
    with job.transaction() as (session, caller):
        regions = _regions(job.argument.get("regions"), caller)
        champion = what_serves(session, regions)
        past = load_past(session, as_of, regions)
        groups = groups_of(session, past.market.workers.id.tolist(), as_of)
    with uncollected():
        job.progress(0, 0, "学习谁被录用、谁留得住", now=True)
        learned = learn(past.market, past.history, np.datetime64(as_of, "D"), seed=SEED)
        judged = judge(past, groups, as_of, champion, lambda *told: job.progress(*told, now=True))
    row = _row(past, learned, judged, champion)
    with job.transaction() as (session, caller):
        row.regions, row.account_id = regions, caller.account_id
        row.monthly = bool(job.argument.get("monthly"))
        keep(session, row, champion)
        result = {
            "model_id": row.identity,
            "may_serve": row.may_serve,
            "stays": row.stays,
            "answers": row.answers,
        }
    return {"link": f"/ranking-models/{result['model_id']}", **result}


def _regions(told: Any, caller: Caller) -> list[str]:
    if not caller.may(Action.MANAGE_MODELS):
        raise refusal(Action.MANAGE_MODELS)
    regions = sorted(str(code) for code in told or caller.regions)
    if not regions or not all(caller.governs(code) for code in regions):
        raise JobFailed("您的账号已不管辖这些地区，没有训练。请重新登录后再试。")
    return regions


def _row(past: PastMarket, learned: Learned, judged: Judged, champion: Serving) -> RankingModel:
    """Not yet of anybody."""
    as_of, begins = past.market.as_of, past.begins
    nothing = not learned.stays and not learned.answers
    reasons = list(judged.reasons)
    if nothing:
        reasons.insert(0, "以往的报名和务工记录太少，没有可学的，继续用原来的排序")
    content = None
    if not nothing:
        label = label_of(learned, day=as_of, begins=begins, seed=SEED, metrics=short_of(judged.metrics))
        content = packed(learned, label)
    return RankingModel(
        regions=[],
        account_id=0,
        monthly=False,
        begins=begins,
        as_of=as_of,
        stays=learned.stays,
        answers=learned.answers,
        version="" if nothing else learned.version,
        schema_hash=features.schema_hash(),
        file=content,
        file_sha256=None if content is None else hashlib.sha256(content).hexdigest(),
        challenged_id=champion.model_id,
        may_serve=judged.may and content is not None,
        reasons=reasons,
        metrics=judged.metrics,
    )


def keep(session: Session, row: RankingModel, champion: Serving) -> None:
    """Write a training down; it serves from now on if it may and what it was judged against still serves."""
    one_at_a_time(session, row.regions)
    if row.may_serve and what_serves(session, row.regions).model_id != champion.model_id:
        row.may_serve = False
        row.reasons = ["训练期间正在使用的模型换了，没有与它比较过，请重新训练", *row.reasons]
    session.add(row)
    session.flush()
    if row.may_serve:
        session.add(
            RankingChange(
                regions=row.regions, model_id=row.id, kind=ChangeKind.PROMOTED, account_id=row.account_id
            )
        )
        session.flush()
