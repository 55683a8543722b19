"""疑点 over the ledger: the rules over everybody of a region, or over those whom an import has touched."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, text
from sqlmodel import Session, col, select

from api.collecting import uncollected
from api.doubts.beyond import beyond_cases
from api.jobs.running import Running
from api.settings import Settings
from ledger.doubts.keeping import keep
from ledger.doubts.lines import line_cases
from ledger.doubts.lists import phone_of_many_households
from ledger.doubts.repeats import identical_cases
from ledger.doubts.rule import Context
from ledger.doubts.standing import LIST_ONLY, Case, Lists, cases
from ledger.doubts.thresholds import Thresholds
from ledger.records.own import Own, own_records
from models.doubt import Doubt, DoubtRun
from models.intake import Import, ImportLine
from models.report import SpellReport
from models.sealing import Keyring
from models.worker import Worker

KIND = "doubts"
Progress = Callable[[int, int, str], None]
_CHECKING, _KEEPING = "检查台账", "登记疑点"
_EVERY = 1000
_MANY = 3
"""An import that touched more than one in so many people of its region has the whole region looked at."""


def check_doubts(job: Running) -> dict[str, Any]:
    """The job: look at one region, or at what one import touched."""
    import_id = job.argument.get("import_id")
    with job.transaction() as (session, caller):
        run = check(
            session,
            job.keyring,
            region=str(job.argument["region"]),
            as_of=job.settings.today(),
            account_id=caller.account_id,
            import_id=int(import_id) if import_id is not None else None,
            thresholds=thresholds_of(job.settings),
            progress=job.progress,
        )
        counts, run_id = run.statistics, run.identity
    return {"link": "/doubts", "run_id": run_id, **counts}


def thresholds_of(settings: Settings) -> Thresholds:
    """The numbers that the rules compare with, as this installation sets them."""
    return Thresholds.of(settings.doubt_thresholds)


def check(
    session: Session,
    keyring: Keyring,
    *,
    region: str,
    as_of: date,
    account_id: int | None,
    import_id: int | None = None,
    worker_ids: Sequence[int] | None = None,
    thresholds: Thresholds | None = None,
    progress: Progress | None = None,
) -> DoubtRun:
    """Run every rule and keep what it finds, inside the session's transaction and scope.

    Parameters
    ----------
    region : whose people are looked at; 疑点 of other regions stay as they are.
    import_id : look at the people of this import only, their households and those who share their telephones, and at
        the import as a list.
    worker_ids : the people of the import, where the caller knows them already.
    progress : told (done, total, what is under way).
    """
    tell = progress or _silence
    _one_at_a_time(session, region)
    people = session.connection().scalar(
        select(func.count()).select_from(Worker).where(_within(Worker.region, region), _in_use())
    )
    if import_id is not None and worker_ids is None:
        touched = select(ImportLine.worker_id).where(
            ImportLine.import_id == import_id, col(ImportLine.worker_id).is_not(None)
        )
        worker_ids = [number for number in session.exec(touched.distinct()) if number is not None]
    whole = import_id is None or len(worker_ids or ()) * _MANY > (people or 0)
    lists = _lists(session, region, None if whole else import_id)
    context = Context(as_of, region, thresholds or Thresholds())
    wholly: Callable[[Case], bool] | None = None
    core: list[int] = []
    if whole:
        owns = own_records(session, keyring, as_of=as_of, region=region)
        known = _within(Doubt.region, region)
        covered = or_(col(Doubt.import_id).is_(None), col(Doubt.import_id).in_(list(lists.region_of)))
        lines = line_cases(session, keyring, region=region, as_of=as_of)
    else:
        core, beside, households = _around(session, worker_ids or ())
        people = len(core)
        owns = iter(
            sorted(
                own_records(session, keyring, as_of=as_of, worker_ids=[*core, *beside]),
                key=lambda own: own.region[:6],
            )
        )
        known, covered = _around_them(core, beside, households, import_id)
        lines = line_cases(session, keyring, region=region, as_of=as_of, import_id=import_id)
        wholly = _wholly_seen(core, households)
    seen = _Seen()
    with uncollected():
        found = [
            case
            for county, records in groupby(
                seen.counted(owns, people or 0, tell), key=lambda own: own.region[:6]
            )
            for case in cases(records, replace(context, home=county), lists, whole=whole)
            if wholly is None or wholly(case)
        ]
    found.extend(lines)
    found.extend(beyond_cases(session, region=region, worker_ids=None if whole else core))
    found.extend(identical_cases(session, region=region, import_id=import_id, whole=whole))
    tell(people or 0, people or 0, _KEEPING)
    kept = keep(session, keyring, found, known=known, covered=covered, as_of=as_of)
    run = DoubtRun(
        region=region,
        account_id=account_id,
        import_id=import_id,
        as_of=as_of,
        people=len(seen.people),
        records=seen.records,
        counts=_by_rule(found),
        statistics=asdict(kept),
    )
    session.add(run)
    session.flush()
    return run


def _silence(_done: int, _total: int, _message: str) -> None:
    """Nobody asks how far it is."""


class _Seen:
    """How many records went by, and whose."""

    def __init__(self) -> None:
        self.people: set[int | None] = set()
        self.records = 0

    def counted(self, owns: Iterator[Own], total: int, tell: Progress) -> Iterator[Own]:
        for own in owns:
            self.people.add(own.worker_id)
            self.records += 1
            if self.records % _EVERY == 0:
                tell(min(len(self.people), total), total, _CHECKING)
            yield own


def _by_rule(found: Sequence[Case]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for case in found:
        counted[case.rule.number] = counted.get(case.rule.number, 0) + 1
    return dict(sorted(counted.items()))


def _within(column: Any, region: str) -> ColumnElement[bool]:
    return col(column).startswith(region, autoescape=True)


def _in_use() -> ColumnElement[bool]:
    return and_(col(Worker.merged_into).is_(None), col(Worker.restricted).is_(False))


def _lists(session: Session, region: str, import_id: int | None) -> Lists:
    """The imports that are lists of the region's, and which report came with which."""
    imports = select(Import.id, Import.region).where(_within(Import.region, region))
    reports = select(SpellReport.id, SpellReport.import_id).where(col(SpellReport.superseded_at).is_(None))
    if import_id is not None:
        imports = imports.where(Import.id == import_id)
        reports = reports.where(SpellReport.import_id == import_id)
    return Lists(
        {
            report: number
            for report, number in session.exec(reports)
            if report is not None and number is not None
        },
        {number: place for number, place in session.exec(imports) if number is not None},
    )


def _around(session: Session, worker_ids: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """Those people and all of their households; others with one of their telephones; the households."""
    wanted = sorted(set(worker_ids))
    homes = [
        number
        for number in session.exec(
            select(Worker.household_id).where(col(Worker.id).in_(wanted), _in_use()).distinct()
        )
        if number is not None
    ]
    members = or_(col(Worker.id).in_(wanted), col(Worker.household_id).in_(homes))
    order = (func.left(col(Worker.region), 9), func.coalesce(col(Worker.household_id), 0), col(Worker.id))
    rows = session.exec(
        select(Worker.id, Worker.phone_index, Worker.phone_index_2).where(members, _in_use()).order_by(*order)
    ).all()
    core = [number for number, *_ in rows if number is not None]
    phones = {phone for _, *both in rows for phone in both if phone is not None}
    shared = or_(col(Worker.phone_index).in_(phones), col(Worker.phone_index_2).in_(phones))
    sharing = session.exec(
        select(Worker.id).where(shared, col(Worker.id).not_in(core), _in_use()).order_by(*order)
    )
    return core, [number for number in sharing if number is not None], homes


def _wholly_seen(core: Sequence[int], households: Sequence[int]) -> Callable[[Case], bool]:
    """Which cases a look at those people can tell: of the others that share a telephone only that they share it."""
    people, homes = set(core), set(households)

    def tells(case: Case) -> bool:
        if case.worker_id is None:
            return case.household_id in homes or case.import_id is not None
        return case.worker_id in people or case.rule is phone_of_many_households

    return tells


def _around_them(
    core: Sequence[int], beside: Sequence[int], households: Sequence[int], import_id: int | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    own = or_(
        col(Doubt.worker_id).in_(core),
        and_(col(Doubt.worker_id).is_(None), col(Doubt.household_id).in_(households)),
    )
    of_import = col(Doubt.import_id) == import_id
    known = or_(own, col(Doubt.worker_id).in_(beside), of_import)
    unjudged = and_(col(Doubt.rule).in_(LIST_ONLY), col(Doubt.import_id).is_distinct_from(import_id))
    elsewhere = and_(col(Doubt.import_id).is_not(None), col(Doubt.import_id) != import_id)
    return known, or_(of_import, and_(own, ~unjudged, ~elsewhere))


def _one_at_a_time(session: Session, region: str) -> None:
    """One run in a county, and none beside one over several counties: two at once would open the same 疑点 twice."""
    whole, shared = "hashtextextended('doubts', 0)", "_shared" if len(region) >= 6 else ""
    session.connection().execute(text(f"SELECT pg_advisory_xact_lock{shared}({whole})"))
    if shared:
        session.connection().execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('doubts ' || left(:region, 6), 0))"),
            {"region": region},
        )
