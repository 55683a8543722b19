"""Ranked lists as they are answered: each line with the other side's summary."""

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.recommending import Recommendation
from api.schemas.placement import (
    Advice,
    Excluded,
    Reason,
    VacancyMatch,
    VacancyMatches,
    WorkerMatch,
    WorkerMatches,
)
from matching.explanation import Contribution
from models.vacancy import Vacancy
from models.worker import Worker


def vacancy_matches(session: Session, found: Recommendation, present: Presenter) -> VacancyMatches:
    """The vacancies of a recommendation."""
    ids = [item.id for item in found.ranking.items]
    rows = session.exec(select(Vacancy).where(col(Vacancy.id).in_(ids))).all()
    of_id = {summary.id: summary for summary in present.vacancies(list(rows))}
    answering = present.responsiveness(sorted({row.employer_id for row in rows if row.employer_id}))
    items = [
        VacancyMatch(
            rank=item.rank,
            vacancy=of_id[item.id],
            responsiveness=answering.get(of_id[item.id].employer_id or 0),
            score=item.score,
            p_hire=item.p_hire,
            p_stay_90=item.p_stay_90,
            p_stay_180=item.p_stay_180,
            reasons=_reasons(item.reasons),
            flags=[flag.sentence for flag in flags],
        )
        for item, flags in zip(found.ranking.items, found.flags, strict=True)
    ]
    advice = [
        Advice(code=change.code, sentence=change.sentence, vacancies=change.vacancies)
        for change in found.advice
    ]
    return VacancyMatches(
        **_head(found), items=items, advice=advice, net_of=found.net_of, switched_off=found.switched_off
    )


def worker_matches(session: Session, found: Recommendation, present: Presenter) -> WorkerMatches:
    """The workers of a recommendation."""
    ids = [item.id for item in found.ranking.items]
    rows = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    of_id = {summary.id: summary for summary in present.workers(list(rows))}
    items = [
        WorkerMatch(
            rank=item.rank,
            worker=of_id[item.id],
            for_employer=list(item.for_employer),
            score=item.score,
            p_hire=item.p_hire,
            p_stay_90=item.p_stay_90,
            p_stay_180=item.p_stay_180,
            reasons=_reasons(item.reasons),
            flags=[flag.sentence for flag in flags],
        )
        for item, flags in zip(found.ranking.items, found.flags, strict=True)
    ]
    return WorkerMatches(**_head(found), items=items)


def _head(found: Recommendation) -> dict[str, object]:
    return {
        "ranking_id": found.log.id,
        "created_at": found.log.created_at,
        "as_of": found.ranking.as_of,
        "ranker": found.ranking.ranker,
        "ranker_version": found.ranking.version,
        "ranked_by": found.by if found.ranking.ranker else None,
        "eligible": found.ranking.eligible,
        "considered": found.ranking.considered,
        "excluded": [
            Excluded(id=number, rule=out.code, label=out.label, sentence=out.sentence)
            for number, out in found.excluded
        ],
    }


def _reasons(reasons: tuple[Contribution, ...]) -> list[Reason]:
    return [
        Reason(code=reason.code, sentence=reason.sentence, contribution=reason.contribution)
        for reason in reasons
    ]
