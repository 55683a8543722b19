"""填报数: what people typed where the ledger cannot count, as it stood on a day."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from models.base import now
from models.target import TypedFigure

ByRegion = dict[int, dict[str, TypedFigure]]


def figures_in_force(session: Session, target_ids: Collection[int], as_of: date) -> ByRegion:
    """By target and region the latest figure that is of `as_of` or before."""
    rows = session.exec(
        select(TypedFigure)
        .where(
            col(TypedFigure.target_id).in_(target_ids),
            col(TypedFigure.superseded_at).is_(None),
            col(TypedFigure.as_of) <= as_of,
        )
        .order_by(col(TypedFigure.as_of))
    )
    found: ByRegion = {target_id: {} for target_id in target_ids}
    for row in rows:
        found[row.target_id][row.region] = row
    return found


def supersede(session: Session, row: TypedFigure, because: str) -> None:
    """Put a figure out of force; it stays to be read."""
    row.superseded_at = now()
    row.superseded_because = because
    session.add(row)
    session.flush()


def type_figure(session: Session, row: TypedFigure) -> TypedFigure:
    """Write a figure; one of the same target, region and day gives way to it."""
    before = session.exec(
        select(TypedFigure)
        .where(
            TypedFigure.target_id == row.target_id,
            TypedFigure.region == row.region,
            TypedFigure.as_of == row.as_of,
            col(TypedFigure.superseded_at).is_(None),
        )
        .with_for_update()
    ).first()
    if before is not None:
        supersede(session, before, "重新填报")
    session.add(row)
    session.flush()
    if before is not None:
        before.superseded_by = row.identity
        session.add(before)
        session.flush()
    return row
