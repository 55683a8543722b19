"""分解: the parts of a target, each beside what its region has done by the target's own counting."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.target import Target, TargetPart, TypedFigure
from outcomes.indicators.catalogue import indicator_of
from outcomes.indicators.indicator import Subject
from outcomes.progress import Progress


@dataclass(frozen=True, slots=True)
class PartStanding:
    """One part and where it stands. `whole` is the region whose figure it is part of, `depth` how far below the task
    it hangs. `difference` is what its own parts leave of it, less than nothing where they make more; None without any.
    """

    part: TargetPart
    whole: str
    depth: int
    difference: int | None
    started: int | None
    stable: int | None
    done: int | None
    typed: TypedFigure | None


@dataclass(frozen=True, slots=True)
class Divided:
    """All parts in the order of their regions, and what the topmost leave of the task: None without parts or number.

    `covered` where the whole region is the caller's. Elsewhere only some of the parts are seen, so nothing is said of their
    sum: `total`, `difference` and `exceeds` are None.
    """

    covered: bool
    parts: tuple[PartStanding, ...]
    total: int | None
    difference: int | None

    @property
    def exceeds(self) -> bool | None:
        """Whether parts make more than their whole, of the task or of one of its parts."""
        if not self.covered:
            return None
        return any((each or 0) < 0 for each in (self.difference, *(part.difference for part in self.parts)))


def divided(
    session: Session,
    target: Target,
    found: Progress,
    as_of: date,
    typed: Mapping[str, TypedFigure],
    sees: Callable[[str], bool],
) -> Divided:
    """How the target is divided. Only what lies wholly within what the caller sees has figures.

    Parameters
    ----------
    found : the target's progress as of the same date.
    typed : the typed figures in force then, by region.
    sees : whether all people of a region are the caller's to see.
    """
    parts = session.exec(
        select(TargetPart)
        .where(TargetPart.target_id == target.id, col(TargetPart.withdrawn_at).is_(None))
        .order_by(col(TargetPart.region))
    ).all()
    regions = [part.region for part in parts]
    covered = sees(target.region)
    wholes = {
        # Where the whole is not among those seen the row itself tells whose it is.
        part.region: _whole(part.region, regions, target.region if covered else part.whole_region)
        for part in parts
    }
    below = dict.fromkeys(wholes.values(), 0)
    for part in parts:
        below[wholes[part.region]] += part.number
    standings = []
    for part in parts:
        region = part.region
        seen = sees(region)
        started, stable = _of_region(session, target, found, as_of, region) if seen else (None, None)
        standings.append(
            PartStanding(
                part,
                wholes[region],
                sum(region.startswith(other) for other in regions) - 1,
                part.number - below[region] if seen and region in below else None,
                started,
                stable,
                stable if found.counts_stable else started,
                typed.get(region) if seen else None,
            )
        )
    if not covered:
        return Divided(False, tuple(standings), None, None)
    total = below.get(target.region, 0)
    known = bool(parts) and target.number is not None
    return Divided(True, tuple(standings), total, (target.number or 0) - total if known else None)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a task falls to one of the caller's regions, and where that stands; `number` is None where the task was not
    divided down to it."""

    region: str
    number: int | None
    started: int | None
    stable: int | None
    done: int | None
    typed: TypedFigure | None


def shares(
    session: Session,
    target: Target,
    found: Progress,
    as_of: date,
    typed: Mapping[str, TypedFigure],
    regions: Iterable[str],
) -> tuple[Share, ...]:
    """For those of the caller's regions that lie within the task's: of a region within another of them nothing by itself,
    and nothing where the whole task is the caller's."""
    given = _given(session, target)
    made = []
    for region in _inside(target, regions):
        started, stable = _of_region(session, target, found, as_of, region)
        done = stable if found.counts_stable else started
        made.append(Share(region, given.get(region), started, stable, done, typed.get(region)))
    return tuple(made)


def own_number(session: Session, target: Target, regions: Iterable[str]) -> int | None:
    """What of a task falls to all of the caller's regions within it together; None where it was not divided down to each."""
    given = _given(session, target)
    numbers = [given.get(region) for region in _inside(target, regions)]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _inside(target: Target, regions: Iterable[str]) -> list[str]:
    listed = sorted(set(regions))
    if any(target.region.startswith(region) for region in listed):
        return []
    return [
        region
        for region in listed
        if region.startswith(target.region)
        and not any(region != other and region.startswith(other) for other in listed)
    ]


def _given(session: Session, target: Target) -> dict[str, int]:
    rows = session.exec(
        select(TargetPart).where(TargetPart.target_id == target.id, col(TargetPart.withdrawn_at).is_(None))
    )
    return {row.region: row.number for row in rows}


def within(target: Target, region: str) -> Target:
    """The target as if it were the region's own: never written."""
    return Target(**target.model_dump() | {"region": region})


def _whole(region: str, regions: Iterable[str], top: str) -> str:
    above = (other for other in regions if region.startswith(other) and region != other)
    return max(above, key=len, default=top)


def _of_region(
    session: Session, target: Target, found: Progress, as_of: date, region: str
) -> tuple[int | None, int | None]:
    """How many of the region started and are stable, by the counting of the whole."""
    indicator = indicator_of(target)
    if indicator.subject is Subject.PEOPLE:
        people = [person for person in found.persons if person.home.startswith(region)]
        stable = sum(person.stable_on is not None for person in people) if found.rule else None
        return len(people), stable
    if indicator.things is None:
        return None, None
    return in_region(session, target, region, as_of), None


def in_region(session: Session, target: Target, region: str, as_of: date) -> int:
    """How many of a region count for a target whose indicator counts entries."""
    listed = indicator_of(target).things
    return sum(thing.times for thing in listed(session, within(target, region), as_of)) if listed else 0
