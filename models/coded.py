"""Words with a stable English code and the Chinese label that people read."""

from enum import StrEnum
from typing import Self


class Coded(StrEnum):
    """An enumeration whose members are codes and carry the label shown on every screen.

    Members are written ``name = "code", "中文"``; the member equals its code.
    """

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def read(cls, text: str) -> Self:
        """The member whose code or label is `text`.

        Raises
        ------
        ValueError
            when neither a code nor a label; the message names the kind, never the text.
        """
        for member in cls:
            if text in (member.value, member.label):
                return member
        raise ValueError(f"not a {cls.__name__}")
