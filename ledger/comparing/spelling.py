"""Texts that mean the same in two ledgers, though they are not written the same."""

import re

from ledger.records.differing import plain

_MARKS = re.compile(r"[\W_]+")
_SECTION = re.compile(r"^[A-T](?=[^A-Z0-9])")
_COMPANY = (
    ("股份有限责任公司", "股份有限公司"),
    ("有限责任公司", "有限公司"),
)


def firm_name(text: str | None) -> str:
    """An employer's name as it is compared: 南通测试（集团）有限责任公司 is 南通测试集团有限公司."""
    name = _MARKS.sub("", plain(text))
    for written, meant in _COMPANY:
        name = name.replace(written, meant)
    return name


def industry_name(text: str | None) -> str:
    """An industry without the letter of its section in front: C 制造业 is 制造业."""
    return _SECTION.sub("", _MARKS.sub("", plain(text)))


def bare_words(text: str | None) -> str:
    """Any other text without blanks, brackets and points."""
    return _MARKS.sub("", plain(text))
