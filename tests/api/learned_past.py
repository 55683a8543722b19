"""A county with a past to learn from, written as rows, and models that serve without a training."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlmodel import Session

from api.learned.serving import what_serves
from api.learned.training import keep
from matching import features
from matching.learning.keeping import label_of, packed
from matching.learning.training import Learned, learn
from models.application import Application, ApplicationState
from models.employer import Employer, EmployerKind
from models.ranking_model import RankingModel
from models.spell import EmploymentSpell, SpellKind
from models.vacancy import Vacancy, VacancyState
from models.worker import Sex, Wants, Worker, WorkIntention
from tests.matching.learning.town import town

TODAY = date(2021, 9, 20)
FIRMS = 12


def learned_of(seed: int = 5) -> Learned:
    """A model of somewhere else."""
    made = town(1_500, seed=seed)
    return learn(made.market, made.history, np.datetime64("2025-01-01"), seed=seed)


def serve(
    session: Session,
    learned: Learned,
    *,
    regions: Sequence[str] = ("610728",),
    as_of: date = TODAY,
    content: bytes | None = None,
) -> RankingModel:
    """A model that may serve, from now on; `content` is its file, if that is to be another."""
    account = session.info["actor"].account_id
    label = label_of(learned, day=as_of, begins=None, seed=0, metrics={})
    file = packed(learned, label) if content is None else content
    champion = what_serves(session, regions)
    row = RankingModel(
        regions=list(regions),
        account_id=account,
        monthly=False,
        as_of=as_of,
        stays=learned.stays,
        answers=learned.answers,
        version=learned.version,
        schema_hash=features.schema_hash(),
        file=file,
        file_sha256=sha256(file).hexdigest(),
        challenged_id=champion.model_id,
        may_serve=True,
        reasons=["在之后的报名上更准"],
        metrics={"measures": [], "months": []},
    )
    keep(session, row, champion)
    session.commit()
    return row


def live(session: Session, people: int, *, since: date = date(2019, 6, 1), seed: int = 0) -> None:
    """Months of applications. Half of the firms promise more and lose most of their people within weeks: what the prior can't know."""
    dice = np.random.default_rng(seed)
    rows: list[Any] = [
        Employer(name=f"第{at}厂", kind=EmployerKind.ENTERPRISE, region="320612", kept_by="610728")
        for at in range(FIRMS)
    ]
    _added(session, rows)
    posts = [
        Vacancy(
            employer_id=firm.id,
            kept_by="610728",
            region="320612",
            title="普工",
            seats=400,
            pay_min=6000 if at < FIRMS // 2 else 4000,
            pay_max=6800 if at < FIRMS // 2 else 4500,
            lodging=at < FIRMS // 2,
            social_insurance=at < FIRMS // 2,
            hours_per_week=40 if at < FIRMS // 2 else 60,
            valid_from=since,
            valid_until=date(2021, 12, 31),
            posted_on=since,
            refreshed_on=TODAY,
            text="x",
            state=VacancyState.PUBLISHED,
        )
        for at, firm in enumerate(rows)
    ]
    _added(session, posts)
    workers = [
        Worker(
            region="610728001", name=f"人{at}", name_pinyin="ren", sex=Sex.FEMALE if at % 2 else Sex.MALE,
            birth_date=date(1970 + at % 30, 1, 1),
        )
        for at in range(people)
    ]  # fmt: skip
    _added(session, workers)
    _added(session, [WorkIntention(worker_id=each.id, wants=Wants.OUT, pay_floor=3500) for each in workers])
    days = (TODAY - since).days - 10
    spells: list[Any] = []
    applied: list[Any] = []
    for worker in workers:
        firm = int(dice.integers(FIRMS))
        on = since + timedelta(days=int(dice.integers(days)))
        hired = dice.random() < (0.75 if firm % 3 else 0.35)
        applied.append(
            Application(
                worker_id=worker.id, vacancy_id=posts[firm].id, applied_on=on, decided_on=on,
                state=ApplicationState.STARTED if hired else ApplicationState.EXPIRED,
            )
        )  # fmt: skip
        if not hired:
            continue
        began = on + timedelta(days=5)
        left = began + timedelta(days=int(dice.exponential(60 if firm < FIRMS // 2 else 900)) + 1)
        spells.append(
            EmploymentSpell(
                worker_id=worker.id, vacancy_id=posts[firm].id, employer_id=rows[firm].id, region="320612",
                kind=SpellKind.MARKET, origin_region="610728001", started_on=began,
                ended_on=left if left <= TODAY else None, observed_until=min(left, TODAY),
            )
        )  # fmt: skip
    _added(session, applied)
    _added(session, spells)
    session.commit()


def _added(session: Session, rows: Sequence[Any]) -> None:
    """At once, past the mapper: thousands of changes need no record here."""
    table = type(rows[0])
    told = [row.model_dump(exclude={"id"}) for row in rows]
    if "id" not in table.model_fields:
        session.execute(insert(table), told)
        return
    numbers = session.execute(insert(table).returning(table.id, sort_by_parameter_order=True), told).scalars()
    for row, number in zip(rows, numbers, strict=True):
        row.id = number
