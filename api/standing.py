"""Where targets stand, as it is answered: counted, typed, in parts, and behind a figure that counts no people."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.counting import target_public
from api.deps import Caller
from api.presenting import Presenter
from api.schemas.decomposition import FigureFilePublic, FigurePublic, PartPublic, PartsPublic, SharePublic
from api.schemas.target import Counted, IndicatorPublic, TaskPublic, ThingPublic
from models.spell import SpellKind
from models.target import FigureFile, Population, Target, TypedFigure
from outcomes.decomposition import divided, shares
from outcomes.indicators.indicator import IndicatorClass, Thing
from outcomes.progress import Progress, progress
from outcomes.typed_figures import figures_in_force


def indicator_public(each: IndicatorClass) -> IndicatorPublic:
    """The answer for an indicator."""
    return IndicatorPublic(
        indicator=each.code,
        unit=each.unit,
        about=each.about,
        subject=each.subject,
        measure=each.measure,
        adds_up=each.adds_up,
        kinds=[kind for kind in SpellKind if kind in each.kinds],
        populations=list(Population) if each.by_population else [],
        stable=each.stable,
    )


def figures_public(session: Session, present: Presenter, rows: Sequence[TypedFigure]) -> list[FigurePublic]:
    """The answers for typed figures."""
    names = account_names(session, [row.account_id for row in rows])
    files = {
        figure_id: FigureFilePublic(name=name, size=size, sha256=digest, link=f"/v1/figures/{figure_id}/file")
        for figure_id, name, size, digest in session.exec(
            select(FigureFile.figure_id, FigureFile.file_name, FigureFile.size, FigureFile.sha256).where(
                col(FigureFile.figure_id).in_([row.identity for row in rows])
            )
        )
    }
    return [
        FigurePublic(
            id=row.identity,
            target_id=row.target_id,
            region=present.known_place(row.region),
            figure=row.number,
            as_of=row.as_of,
            proof=row.proof,
            by=names.get(row.account_id),
            created_at=row.created_at,
            file=files.get(row.identity),
            superseded_at=row.superseded_at,
            superseded_by=row.superseded_by,
            superseded_because=row.superseded_because,
        )
        for row in rows
    ]


def typed_public(session: Session, present: Presenter, target: Target, as_of: date) -> FigurePublic | None:
    """The typed figure of the whole target that is in force."""
    row = figures_in_force(session, [target.identity], as_of)[target.identity].get(target.region)
    return figures_public(session, present, [row])[0] if row else None


def counted_public(found: Progress) -> Counted | None:
    """The rule that was counted by."""
    if found.rule is None:
        return None
    return Counted(code=found.rule.code, name=found.rule.name, is_reference=found.rule_is_reference)


def task_public(
    session: Session, present: Presenter, caller: Caller, target: Target, as_of: date
) -> TaskPublic:
    """One target and where it stands."""
    found = progress(session, target, as_of)
    return TaskPublic(
        target=target_public(session, target, present),
        done=found.done,
        started=found.started,
        stable=found.stable,
        rule=counted_public(found),
        typed=typed_public(session, present, target, as_of),
        covered=caller.governs(target.region),
        shares=shares_public(session, present, caller, target, found, as_of),
    )


def shares_public(
    session: Session, present: Presenter, caller: Caller, target: Target, found: Progress, as_of: date
) -> list[SharePublic]:
    """What of a target falls to each of the caller's regions within its own."""
    typed = figures_in_force(session, [target.identity], as_of)[target.identity]
    rows = shares(session, target, found, as_of, typed, caller.regions)
    figures = {row.id: row for row in figures_public(session, present, [r.typed for r in rows if r.typed])}
    return [
        SharePublic(
            region=present.known_place(row.region),
            figure=row.number,
            done=row.done,
            started=row.started,
            stable=row.stable,
            typed=figures.get(row.typed.identity) if row.typed else None,
        )
        for row in rows
    ]


def parts_public(
    session: Session, present: Presenter, caller: Caller, target: Target, found: Progress, as_of: date
) -> PartsPublic:
    """A target's parts and where each stands."""
    figures = figures_in_force(session, [target.identity], as_of)[target.identity]
    told = divided(session, target, found, as_of, figures, caller.governs)
    shown = figures_public(session, present, [each.typed for each in told.parts if each.typed])
    typed = {figure.id: figure for figure in shown}
    items = [
        PartPublic(
            id=each.part.identity,
            version=each.part.version,
            region=present.known_place(each.part.region),
            whole=present.known_place(each.whole),
            depth=each.depth,
            figure=each.part.number,
            difference=each.difference,
            done=each.done,
            started=each.started,
            stable=each.stable,
            typed=typed.get(each.typed.identity) if each.typed else None,
        )
        for each in told.parts
    ]
    return PartsPublic(
        items=items,
        total=len(items),
        as_of=as_of,
        whole=target.number,
        covered=told.covered,
        parts=told.total,
        difference=told.difference,
        exceeds=told.exceeds,
    )


def things_public(present: Presenter, things: Sequence[Thing]) -> list[ThingPublic]:
    """The entries behind a figure that counts no people."""
    return [
        ThingPublic(
            name=thing.name,
            on=thing.on,
            region=present.known_place(thing.region),
            opens=thing.opens,
            number=thing.number,
            times=thing.times,
        )
        for thing in things
    ]
