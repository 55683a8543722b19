"""Which passwords are taken: long enough, and not what everybody tries or what the account is called."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from api.errors import Problem, invalid
from ledger.pinyin import pinyin

SHORTEST = 10
_OWN = 5
"""So many different letters must be left, when what everybody tries is taken out."""

_ROWS = ("01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()", "abcdefghijklmnopqrstuvwxyz")
_LIKE = str.maketrans("@$!|0134579", "asiloieastg")
_DATE = re.compile(r"(19|20)[0-9]{2}([01]?[0-9]([0-3]?[0-9])?)?")


def require_good(password: str, *names: str) -> None:
    """Refuse a password that is too short, or made of the commonest and of the names of whoever has it.

    Raises
    ------
    Problem
        422 with what to change.
    """
    problem = refusal(password, *names)
    if problem is not None:
        raise problem


def refusal(password: str, *names: str) -> Problem | None:
    """What is wrong with `password`, or None."""
    if len(password) < SHORTEST:
        return invalid("password", "too_short", f"密码至少{SHORTEST}位，可以用几个不相干的词连起来")
    known = [*_common(), *(form for name in names for form in _forms(name))]
    for written in (password.casefold(), password.casefold().translate(_LIKE)):
        if len(_own(written, known)) < _OWN:
            return invalid(
                "password", "too_common", "这个密码太常见，或含有您的姓名、用户名，容易被猜中，请换一个"
            )
    return None


def _own(password: str, known: list[str]) -> set[str]:
    """The different letters of `password` outside of known words, rows of keys, repetitions and dates."""
    covered: set[int] = set()
    for word in known:
        covered.update(_places(password, word))
    covered.update(place for found in _DATE.finditer(password) for place in range(*found.span()))
    for start in range(len(password) - 2):
        three = password[start : start + 3]
        if len(set(three)) == 1 or three in _in_a_row():
            covered.update(range(start, start + 3))
    return {letter for place, letter in enumerate(password) if place not in covered}


def _places(password: str, word: str) -> Iterator[int]:
    start = password.find(word)
    while start >= 0:
        yield from range(start, start + len(word))
        start = password.find(word, start + 1)


def _forms(name: str) -> list[str]:
    """A name as it stands, and as it is typed: 张三丰, zhangsanfeng, zhang, sanfeng."""
    syllables = pinyin(name).split()
    forms = {name.casefold(), "".join(syllables), "".join(syllables[1:]), syllables[0] if syllables else ""}
    return [form for form in forms if len(form) > 1]


@cache
def _common() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())


@cache
def _in_a_row() -> frozenset[str]:
    rows = (*_ROWS, *(row[::-1] for row in _ROWS))
    return frozenset(row[start : start + 3] for row in rows for start in range(len(row) - 2))
