"""用人单位: how readily one answers those who are put forward to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlmodel import Session

LOOKED_BACK_DAYS = 180
FEW = 5
"""Below so many applications a share says nothing, and is not shown."""


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """Applications of the last half year that the employer had its time to answer, and those that it did answer.

    Left out are those taken back or ended otherwise before it answered, and those that wait for less than two weeks.
    """

    asked: int = 0
    answered: int = 0
    median_days: float | None = None

    @property
    def few(self) -> bool:
        """Whether there are too few to say how it answers."""
        return self.asked < FEW

    @property
    def share(self) -> float | None:
        """Answered of asked, from 0 to 1; None where there are too few."""
        return None if self.few else self.answered / self.asked


def responsiveness(session: Session, employer_ids: Sequence[int], today: date) -> dict[int, Responsiveness]:
    """How each employer answers, over everybody's applications, asked of the database once."""
    found = session.connection().execute(
        text(
            "SELECT employer_id, asked, answered, median_days FROM employer_responsiveness(:ids, :since, :today)"
        ),
        {"ids": list(employer_ids), "since": today - timedelta(days=LOOKED_BACK_DAYS), "today": today},
    )
    counted = {row.employer_id: Responsiveness(row.asked, row.answered, row.median_days) for row in found}
    return {number: counted.get(number, Responsiveness()) for number in employer_ids}
