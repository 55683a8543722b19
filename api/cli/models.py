"""`./wengang models list|train|back`: what ranks, a training, and the way back, from the command line."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.audit import audited
from api.cli.preparing import opened
from api.cli.speaking import Refused, Telling, answer
from api.database import Sessions, service_engine, sessions_of
from api.demo_account import USERNAME
from api.deps import Caller, act_as, narrow
from api.errors import Problem, of_database
from api.jobs.asking import job_or_404
from api.jobs.running import enqueue
from api.learned.cards import card, model_or_404, serving_public, summaries, trainings
from api.learned.changing import KIND, go_back
from api.places import Places
from api.presenting import Presenter
from api.rights import Action
from api.routes.bureau.ranking_models import regions_of
from api.schemas.ranking_model import ModelPublic, ModelSummary, ServingPublic
from api.security import account_by_username
from api.settings import Settings
from models.job import UNFINISHED, JobState
from models.ranking_model import RankingModel
from models.sealing import Keyring

_SHOWN = 50
_LOOK_EVERY = 1.0  # seconds


def show(settings: Settings, *, account: str | None, as_json: bool) -> None:
    """Print what ranks and every training, the latest first.

    Raises
    ------
    Refused
        when there is no such account or no database.
    """
    with _at_work(settings, as_json) as (ready, sessions, *_), sessions() as session, session.begin():
        _caller(session, ready, account, Action.READ_TARGETS)
        present = Presenter(session, Places(), ready.today())
        rows = session.exec(trainings().order_by(col(RankingModel.id).desc()).limit(_SHOWN)).all()
        serving, items = serving_public(session, present), summaries(session, present, rows)
    if as_json:
        answer({"serving": serving.model_dump(mode="json"), "items": [_plain(item) for item in items]})
    else:
        _print(_told_serving(serving), *[_told(item) for item in items])


def train(settings: Settings, *, account: str | None, region: str | None, as_json: bool) -> None:
    """Ask for a training and see it through, here or in the worker that takes it up first.

    Raises
    ------
    Refused
        when it may not be asked for, or did not come to its end.
    """
    from api.worker.working import (
        work_off,  # all that a worker can do, which the other verbs need not wait for
    )

    with _at_work(settings, as_json) as (ready, sessions, keyring, tell):
        with sessions() as session, session.begin():
            caller = _caller(session, ready, account, Action.MANAGE_MODELS)
            argument = {"regions": regions_of(session, caller, region)}
            job_id, asked_by = enqueue(session, caller.account_id, KIND, argument).identity, caller.account_id
        tell(0, 0, "训练推荐模型")
        while True:
            work_off(sessions, keyring, ready)
            with sessions() as session, session.begin():
                act_as(session, asked_by)
                job = job_or_404(session, job_id)
            if job.state not in UNFINISHED:
                break
            tell(job.done, job.total, job.message)
            time.sleep(_LOOK_EVERY)
        if job.state is not JobState.DONE:
            raise Refused(f"训练没有完成：{job.message}")
        with sessions() as session, session.begin():
            act_as(session, asked_by)
            present = Presenter(session, Places(), ready.today())
            made = card(session, present, model_or_404(session, int(job.result["model_id"])))
    if as_json:
        answer(made.model_dump(mode="json"))
    else:
        _print(*_told_card(made))


def back(settings: Settings, *, account: str | None, region: str | None, reason: str, as_json: bool) -> None:
    """Let what served before serve again.

    Raises
    ------
    Refused
        when it may not be asked for, or the default weights serve already.
    """
    if not 0 < len(reason.strip()) <= 300:
        raise Refused("请用 --reason 写明为什么退回（300字以内），例如 --reason 推荐的岗位离家太远。")
    with _at_work(settings, as_json) as (ready, sessions, *_), sessions() as session, session.begin():
        caller = _caller(session, ready, account, Action.MANAGE_MODELS)
        go_back(session, regions_of(session, caller, region), reason.strip(), caller.account_id)
        serving = serving_public(session, Presenter(session, Places(), ready.today()))
    if as_json:
        answer(serving.model_dump(mode="json"))
    else:
        _print(_told_serving(serving))


@contextmanager
def _at_work(
    settings: Settings, quiet: bool
) -> Iterator[tuple[Settings, Sessions, Keyring, Callable[[int, int, str], None]]]:
    with Telling(quiet=quiet) as tell, opened(settings, tell) as ready:
        engine = service_engine(ready.database_url or "")
        try:
            keyring = ready.keyring()
            yield ready, audited(sessions_of(engine), keyring), keyring, tell
        except Problem as problem:
            raise Refused(problem.body.detail) from None
        except DBAPIError as error:
            raise Refused(of_database(error).body.detail) from None
        finally:
            engine.dispose()


def _caller(session: Session, settings: Settings, account: str | None, action: Action) -> Caller:
    username = account or (USERNAME if settings.demonstration else None)
    if username is None:
        raise Refused("请用 --account 写明用哪个账号。")
    account_id = account_by_username(session, username)
    if account_id is None:
        raise Refused("没有这个账号，或账号已停用。")
    return narrow(session, act_as(session, account_id), action)


def _plain(item: ModelSummary) -> dict[str, Any]:
    return item.model_dump(mode="json")


def _print(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _told_serving(serving: ServingPublic) -> str:
    since = f"，{serving.since:%Y-%m-%d %H:%M}起" if serving.since else ""
    return f"现在按{serving.label}排序{since}。"


def _told(item: ModelSummary) -> str:
    learned = f"务工记录{item.stays}段、报名{item.answers}次"
    why = f"：{'；'.join(item.faults + item.reasons)}" if item.faults or item.reasons else ""
    return f"  第{item.id}号 {item.label} {item.state.label}（{learned}）{why}"


def _told_card(made: ModelPublic) -> list[str]:
    lines = [_told(made)]
    lines += [f"  {line}" for line in made.metrics.get("summary", [])]
    return lines + [f"  请注意：{line}" for line in made.metrics.get("warnings", [])]
