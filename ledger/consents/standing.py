"""What stands: the last word on each purpose, for all employers or for one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from ledger.consents.purposes import TERMS
from models.bulk import among
from models.coded import Coded
from models.consent import THEMSELVES, Consent, Purpose
from models.worker import Worker


class Standing(Coded):
    """How it stands with one purpose."""

    IN_FORCE = "in_force", "已同意"
    WITHDRAWN = "withdrawn", "不同意"
    EXPIRED = "expired", "同意已到期"
    NONE = "none", "没有登记"

    def allows(self, purpose: Purpose) -> bool:
        """Whether the purpose may be pursued: agreed to, or never asked about and lawful without."""
        if self is Standing.NONE:
            return TERMS[purpose].without is not None
        return self is Standing.IN_FORCE


def consents_of(session: Session, worker_ids: Iterable[int]) -> dict[int, list[Consent]]:
    """All that these people said, those of merged records too, the last first."""
    wanted = set(worker_ids)
    person = func.coalesce(Worker.merged_into, Worker.id)
    rows = session.exec(
        select(person, Consent)
        .join(Worker, col(Worker.id) == col(Consent.worker_id))
        .where(or_(among(Worker.id, wanted), among(Worker.merged_into, wanted)))
        .order_by(col(Consent.told_on).desc(), col(Consent.id).desc())
    ).all()
    found: dict[int, list[Consent]] = defaultdict(list)
    for worker_id, row in rows:
        found[worker_id].append(row)
    return found


def standing(
    rows: Sequence[Consent], purpose: Purpose, day: date, employer_id: int | None = None
) -> tuple[Standing, Consent | None]:
    """How it stands on `day`, and the row that says so; `rows` as `consents_of` orders them.

    A no to one employer stands whatever is said of all of them, until it is taken back for that one; a no to all
    stands for one too, unless she says yes to that one later. Of what somebody has refused themselves nobody else's yes
    is heard. The database says the same (`consent_stands`).
    """
    mine = [row for row in rows if row.purpose is purpose and row.told_on <= day]
    mine = [row for at, row in enumerate(mine) if not _overruled(row, mine[at + 1 :])]
    general = next((row for row in mine if row.employer_id is None), None)
    own = next((row for row in mine if employer_id is not None and row.employer_id == employer_id), None)
    if own is not None and not own.given:
        return Standing.WITHDRAWN, own
    if general is not None and not general.given and (own is None or mine.index(general) < mine.index(own)):
        return Standing.WITHDRAWN, general
    if own is not None and _told(own, day) is Standing.IN_FORCE:
        return Standing.IN_FORCE, own
    # A yes to one that is over says nothing of what was agreed for all.
    last = general or own
    return (Standing.NONE, None) if last is None else (_told(last, day), last)


def own_no(earlier: Sequence[Consent], employer_id: int | None) -> bool:
    """Whether the person's own last word on this employer, or on all of them, was a no; `earlier` the last first and of
    one purpose."""
    last = next(
        (row for row in earlier if row.speaker in THEMSELVES and row.employer_id in (None, employer_id)), None
    )
    return last is not None and not last.given


def _overruled(row: Consent, earlier: Sequence[Consent]) -> bool:
    return row.given and row.speaker not in THEMSELVES and own_no(earlier, row.employer_id)


def _told(row: Consent, day: date) -> Standing:
    if not row.given:
        return Standing.WITHDRAWN
    return Standing.EXPIRED if row.until is not None and row.until < day else Standing.IN_FORCE
