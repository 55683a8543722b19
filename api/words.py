"""How a refusal is told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """How a broken constraint is told; `field` is the one at fault, `noun` what a foreign key looked for."""

    status: int
    name: str
    title: str
    detail: str
    field: str | None = None
    noun: str | None = None
