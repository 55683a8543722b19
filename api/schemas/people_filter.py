"""Filters of the ledger by field name, as they are kept under a name and told in a body."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import RegionCode, Skill, Title, Told
from ledger.people_sought import Sought, Whereabouts
from models.education import Education
from models.household import HardshipCategory
from models.worker import Sex, Wants

Age = Annotated[int, Field(ge=0, le=120)]


class PeopleFilter(Told):
    """Filters of the ledger by field name, as they are kept: nobody is meant by name or number."""

    region: RegionCode | None = None
    village: Title | None = None
    hardship: HardshipCategory | None = None
    employed: bool | None = None
    wants: Wants | None = None
    age_from: Age | None = None
    age_to: Age | None = None
    sex: Sex | None = None
    education: Education | None = None
    skill: Skill | None = None
    relocated: bool | None = None
    destination: Whereabouts | None = None
    follow_up: bool | None = None
    doubt: bool | None = None

    def sought(self) -> Sought:
        """Whom it finds."""
        return Sought(**dict(self))
