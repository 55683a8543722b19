"""What reading one file may cost, and how it is said that a file is not taken in. Standard library only."""

from dataclasses import dataclass

MIB = 1024 * 1024


class Unreadable(ValueError):
    """A file that is not taken in; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost. `memory` bounds the child's address space; bytes and seconds."""

    file: int = 200 * MIB
    part: int = 16 * MIB
    ratio: int = 100
    unpacked: int = 1024 * MIB
    parts: int = 10_000
    memory: int = 1536 * MIB
    cpu: int = 60
    wall: float = 120.0
