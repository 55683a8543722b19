"""The application: settings in, a FastAPI service out."""

import asyncio
import os
import sys
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from starlette.formparsers import MultiPartParser
from starlette.staticfiles import StaticFiles

from api import errors, pages
from api.audit import audited
from api.database import CONNECTIONS, Sessions, service_engine, sessions_of
from api.documentation import documentation
from api.idempotency import Replayed
from api.laying import lay
from api.middleware import Gate
from api.miniprogram.documentation import document
from api.observing import routes as observing
from api.places import Places
from api.routes.bureau import (
    accounts,
    applications,
    assessment,
    benefits,
    bindings,
    call_requests,
    claim_audits,
    claim_recoveries,
    claims,
    comparisons,
    confirmations,
    consents,
    courses,
    dispatches,
    doubts,
    duplicates,
    employer_rosters,
    employers,
    erasures,
    evidence,
    exports,
    fair_booths,
    fair_visitors,
    fairs,
    figures,
    follow_ups,
    frozen_reports,
    handovers,
    history,
    households,
    imports,
    invitations,
    jobs,
    kiosk_devices,
    match_plan_steps,
    match_plans,
    merges,
    own_account,
    payslips,
    plans,
    public_posts,
    ranking_models,
    reference,
    registers,
    reports,
    reviews,
    session,
    spells,
    stations,
    support_tasks,
    target_parts,
    targets,
    timelines,
    vacancies,
    workers,
    workshops,
)
from api.routes.kiosk import door
from api.routes.miniprogram import applications as mp_applications
from api.routes.miniprogram import bindings as mp_bindings
from api.routes.miniprogram import consents as mp_consents
from api.routes.miniprogram import own_word as mp_own_word
from api.routes.miniprogram import people as mp_people
from api.routes.miniprogram import session as mp_session
from api.settings import ROOT, Settings
from models.sealing import Keyring

_STATIC = Path(__file__).parent / "pages" / "static"
_NPM = {
    "htmx.min.js": ROOT / "node_modules" / "htmx.org" / "dist" / "htmx.min.js",
    "echarts.min.js": ROOT / "node_modules" / "echarts" / "dist" / "echarts.min.js",
}


_BUREAU = (
    session,
    own_account,
    invitations,
    accounts,
    reference,
    households,
    workers,
    consents,
    bindings,
    call_requests,
    payslips,
    reviews,
    erasures,
    assessment,
    duplicates,
    merges,
    handovers,
    employers,
    vacancies,
    applications,
    ranking_models,
    doubts,
    reports,
    history,
    spells,
    targets,
    target_parts,
    figures,
    plans,
    frozen_reports,
    imports,
    jobs,
    registers,
    exports,
    dispatches,
    match_plans,
    match_plan_steps,
    courses,
    comparisons,
    benefits,
    claim_recoveries,
    claims,
    employer_rosters,
    claim_audits,
    follow_ups,
    support_tasks,
    public_posts,
    workshops,
    fairs,
    fair_booths,
    fair_visitors,
    kiosk_devices,
    stations,
    confirmations,
    evidence,
    timelines,
)
"""The nouns behind the bureau's door, in the order of their documentation."""


_MINI_PROGRAM = (mp_session, mp_bindings, mp_people, mp_applications, mp_own_word, mp_consents)
"""The nouns behind the mini-program's door."""


# A file that is sent stays in memory (the gate bounds it): larger ones would lie on the disk as they came, unsealed.
MultiPartParser.spool_max_size = sys.maxsize


def create_app(
    settings: Settings, *, sessions: Sessions | None = None, keyring: Keyring | None = None
) -> FastAPI:
    """The service. Tests hand in their own sessions; otherwise a pool of the service's role is opened.

    Raises
    ------
    ValueError
        when neither sessions nor a database address are given.
    """
    keyring = keyring or settings.keyring()
    if sessions is None:
        if settings.database_url is None:
            raise ValueError("没有设置 WENGANG_DATABASE_URL")
        sessions = audited(sessions_of(service_engine(settings.database_url)), keyring)
    app = FastAPIOffline(
        title="稳岗桥 Wengang Bridge",
        version="0.1.0",
        description="东西部劳务协作：台账、匹配、上岗、稳定就业、任务进度。所有列表按游标翻页，创建命令可带 Idempotency-Key，修改须带 If-Match。",
        separate_input_output_schemas=True,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.sessions = sessions
    app.state.keyring = keyring
    app.state.places = Places()
    app.state.turns = asyncio.Semaphore(CONNECTIONS)
    app.state.looking, app.state.looked = asyncio.Lock(), None
    # Whoever runs the service says when it ends: streams that would go on then close by themselves.
    app.state.stopping = lambda: False
    errors.install(app)
    app.add_exception_handler(Replayed, _replayed)
    lay(app, (noun.router for noun in _BUREAU))
    lay(app, [door.router])
    document(app, [noun.router for noun in _MINI_PROGRAM])
    lay(app, pages.ROUTERS)
    pages.install(app)
    lay(app, [observing.router])
    app.add_api_route("/docs", documentation, include_in_schema=False)
    app.mount("/static/npm", _Npm(), name="npm")
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    # Around everything, so that even the answer to a fault of ours passes it.
    app.middleware_stack = Gate(app.build_middleware_stack(), settings.max_body_bytes)
    return app


def _replayed(_: Request, error: Exception) -> Response:
    if not isinstance(error, Replayed):
        raise error
    return error.answer()


class _Npm(StaticFiles):
    """The two files that come from npm, and nothing else of node_modules."""

    def __init__(self) -> None:
        super().__init__(directory=ROOT / "node_modules", check_dir=False)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The file behind a name."""
        file = _NPM.get(path)
        return (str(file), file.stat()) if file is not None and file.exists() else ("", None)
