"""The lines of a report: every task that concerns a region in a period, then every indicator over the period itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.frozen import FrozenLine, FrozenPart
from api.standing import counted_public, figures_public, things_public
from models.region import Region
from models.target import Measure, Population, Target, TargetPart, TypedFigure, WorkPlan
from outcomes.decomposition import in_region, within
from outcomes.indicators.catalogue import INDICATORS, indicator_of
from outcomes.indicators.indicator import IndicatorClass, Subject
from outcomes.progress import Person, Progress, progress
from outcomes.target_spells import kinds_of
from outcomes.typed_figures import figures_in_force

_OF_THE_WHOLE = (Population.RURAL, Population.POVERTY_RELIEVED)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A line, and the people behind it."""

    told: FrozenLine
    persons: tuple[Person, ...]


def lines_of(
    session: Session, present: Presenter, region: str, from_on: date, as_of: date
) -> Iterator[Frozen]:
    """Every line of the report, counted as the pages count."""
    parts = _parts_in_force(session)
    number = 0
    for target, figure in _targets(session, region, from_on, as_of, parts):
        number += 1
        yield _line(session, present, number, target, as_of, parts, figure)
    for target in _over_the_period(region, from_on, as_of):
        number += 1
        yield _line(session, present, number, target, as_of, {}, None)


def _targets(
    session: Session, region: str, from_on: date, as_of: date, parts: dict[int, dict[str, int]]
) -> Iterator[tuple[Target, TypedFigure | None]]:
    """The tasks in and around the region whose time meets the period, each as the region's own."""
    rows = session.exec(
        select(Target)
        .where(col(Target.from_on) <= as_of, col(Target.to_on) >= from_on)
        .order_by(col(Target.work_plan_id), col(Target.sequence))
    ).all()
    typed = figures_in_force(session, [row.identity for row in rows], as_of)
    for row in rows:
        own = row.region.startswith(region)
        if not own and not region.startswith(row.region):
            continue
        target = row if own else within(row, region)
        if not own:
            # Of a task of the region above, its part is what falls to this one.
            target.number = parts.get(row.identity, {}).get(region)
        figure = typed[row.identity].get(target.region)
        if target.number is not None or figure is not None:
            yield target, figure


def _over_the_period(region: str, from_on: date, as_of: date) -> Iterator[Target]:
    for each in INDICATORS.values():
        if each.subject is Subject.TYPED:
            continue
        # Staying takes longer than a period: it is told of the year so far.
        first = as_of.replace(month=1, day=1) if each.stable else from_on
        for population in _OF_THE_WHOLE if each.by_population else _OF_THE_WHOLE[:1]:
            yield Target(
                sequence=0,
                region=region,
                label=_label(each, population),
                sentence="",
                indicator=each.code,
                population=population,
                unit=each.unit,
                measure=each.measure,
                from_on=first,
                to_on=as_of,
            )


def _label(each: IndicatorClass, population: Population) -> str:
    among = "" if population is Population.RURAL else f"其中{population.label}："
    if each.stable:
        return f"{among}本年新上岗、已达到稳定口径的人数"
    return f"{among}{'期末' if each.measure is Measure.STOCK else '本期'}{each.code.label}"


def _line(
    session: Session,
    present: Presenter,
    number: int,
    target: Target,
    as_of: date,
    parts: dict[int, dict[str, int]],
    figure: TypedFigure | None,
) -> Frozen:
    found = progress(session, target, as_of)
    plan = session.get(WorkPlan, target.work_plan_id) if target.work_plan_id else None
    told = FrozenLine(
        line=number,
        target_id=target.id,
        plan=plan.title if plan else None,
        region=present.known_place(target.region),
        label=target.label,
        sentence=target.sentence,
        indicator=target.indicator,
        population=target.population,
        kinds=kinds_of(target),
        unit=target.unit,
        measure=target.measure,
        number=target.number,
        at_least=target.at_least,
        from_on=target.from_on,
        to_on=target.to_on,
        rule=counted_public(found),
        done=found.done,
        started=found.started,
        stable=found.stable,
        verified={grade.value: count for grade, count in found.verified.items()},
        typed=figures_public(session, present, [figure])[0] if figure else None,
        things=things_public(present, found.things),
        parts=_by_region(session, present, target, found, parts.get(target.id or 0, {})),
    )
    return Frozen(told, found.persons)


def _by_region(
    session: Session, present: Presenter, target: Target, found: Progress, given: dict[str, int]
) -> list[FrozenPart]:
    """The people, or the entries, by the regions directly below the line's own."""
    below = session.exec(
        select(Region.code).where(Region.parent_code == target.region).order_by(col(Region.code))
    ).all()
    if indicator_of(target).subject is Subject.THINGS:
        return _entries_by_region(session, present, target, found, below, given)
    width = max(map(len, below), default=len(target.region))
    started = Counter(person.home[:width] for person in found.persons)
    stable = Counter(person.home[:width] for person in found.persons if person.stable_on is not None)
    return [
        FrozenPart(
            region=present.known_place(code),
            figure=given.get(code),
            started=started[code],
            stable=stable[code] if found.rule else None,
        )
        for code in sorted({*started, *(code for code in given if code in below)})
    ]


def _entries_by_region(
    session: Session,
    present: Presenter,
    target: Target,
    found: Progress,
    below: Sequence[str],
    given: dict[str, int],
) -> list[FrozenPart]:
    """Factories and fairs by where they are, people in courses by where they are registered. What is kept by the line's
    region itself belongs to none below; where all of it is, of the parts nothing is known, and not that they have none."""
    counted = {code: in_region(session, target, code, found.as_of) for code in below} if found.things else {}
    rest = (found.started or 0) - sum(counted.values())
    told_apart = rest == 0 or any(counted.values())
    parts = [
        FrozenPart(
            region=present.known_place(code),
            figure=given.get(code),
            started=counted.get(code, 0) if told_apart else None,
            stable=None,
            note="" if told_apart else "登记在上一级，没有分到各地",
        )
        for code in below
        if counted.get(code) or code in given
    ]
    if rest and below:
        place = present.known_place(target.region)
        parts.append(
            FrozenPart(region=place, figure=None, started=rest, stable=None, note="登记在本级，没有分到各地")
        )
    return parts


def _parts_in_force(session: Session) -> dict[int, dict[str, int]]:
    """By task and region the part that falls to it, as far as the session may see."""
    found: dict[int, dict[str, int]] = {}
    for row in session.exec(select(TargetPart).where(col(TargetPart.withdrawn_at).is_(None))):
        found.setdefault(row.target_id, {})[row.region] = row.number
    return found
