"""Reports of work as answers: what was told, by whom, from which file, and what became of it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.file_rows import FileRow, file_rows
from api.presenting import Presenter
from api.reports.deciding import WAITING
from api.schemas.base import Labelled
from api.schemas.report import DecisionPublic, ReportPublic, WorkReported
from ledger.records.reported import Reported
from ledger.reports import Report
from models.report import ReportDecision
from models.worker import Worker
from outcomes.accepting import title_of


def reports_shown(session: Session, reports: Sequence[Report], present: Presenter) -> list[ReportPublic]:
    """The answers to these reports, asking the database once for all of them."""
    places = file_rows(session, [(report.row.import_id, report.row.import_line) for report in reports])
    names = dict(
        session.exec(
            select(Worker.id, Worker.name).where(
                col(Worker.id).in_({report.row.worker_id for report in reports})
            )
        ).all()
    )
    accounts = account_names(
        session,
        [
            account
            for report in reports
            for account in (report.row.account_id, report.decision.account_id if report.decision else None)
        ],
    )
    return [
        ReportPublic(
            id=report.row.identity,
            worker_id=report.row.worker_id,
            worker=names.get(report.row.worker_id, ""),
            source=report.row.source,
            kind=report.row.kind,
            import_id=report.row.import_id,
            import_line=report.row.import_line,
            file_name=place.file_name,
            sheet=place.sheet,
            row=place.row,
            reported_on=report.row.reported_on,
            account=accounts.get(report.row.account_id or 0),
            created_at=report.row.created_at,
            in_force=report.row.superseded_at is None,
            waiting=report.row.superseded_at is None
            and (report.decision is None or report.decision.outcome in WAITING),
            told=_work(report.told, present) if report.told else None,
            decision=_decision(report.decision, accounts) if report.decision else None,
        )
        for report in reports
        for place in [places.get((report.row.import_id, report.row.import_line), FileRow())]
    ]


def _work(told: Reported, present: Presenter) -> WorkReported:
    return WorkReported(
        **{
            name: getattr(told, name)
            for name in WorkReported.model_fields
            if name not in ("region", "post_kinds", "noted")
        },
        region=present.place(told.region),
        post_kinds=list(told.post_kinds),
        noted=list(told.noted),
    )


def _decision(row: ReportDecision, accounts: dict[int, str]) -> DecisionPublic:
    return DecisionPublic(
        id=row.identity,
        outcome=row.outcome,
        rule=Labelled(code=row.rule, label=title_of(row.rule)),
        reason=row.reason,
        spell_id=row.spell_id,
        account=accounts.get(row.account_id or 0),
        decided_at=row.created_at,
    )
