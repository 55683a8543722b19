"""Words with a stable English code and the Chinese label that people read."""

from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class NoneOfThem(ValueError):
    """What was told is no word of a kind; `codes` are those that there are. The message names their labels alone."""

    def __init__(self, labels: list[str], codes: list[str]) -> None:
        super().__init__("应为以下之一：" + "、".join(labels))
        self.codes = codes


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

    # At the edge a word is taken as its code, its label, or the object that an answer gave; an answer carries both.
    @classmethod
    def _take(cls, given: object) -> Self:
        text = given.get("code") if isinstance(given, dict) else given
        try:
            return cls.read(text) if isinstance(text, str) else cls.read("")
        except ValueError:
            raise NoneOfThem([member.label for member in cls], [member.value for member in cls]) from None

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._take,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda member: {"code": member.value, "label": member.label}, when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        codes = [member.value for member in cls]
        if handler.mode == "validation":
            labels = [member.label for member in cls]
            return {"type": "string", "enum": [*codes, *(label for label in labels if label not in codes)]}
        return {
            "type": "object",
            "properties": {"code": {"type": "string", "enum": codes}, "label": {"type": "string"}},
            "required": ["code", "label"],
        }
