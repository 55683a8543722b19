"""How a refusal is told, and what it may be of."""

from dataclasses import dataclass

REGION_CODE = r"^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$"
"""What a code of a region looks like: a province, a city, a county, a township or a village."""


@dataclass(frozen=True, slots=True)
class Words:
    """How a broken constraint is told; `field` is the one at fault, `noun` what a foreign key looked for."""

    status: int
    name: str
    title: str
    detail: str
    field: str | None = None
    noun: str | None = None
