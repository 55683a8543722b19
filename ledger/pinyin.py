"""The pinyin of names: what lists sort by and what a clerk types to find somebody.

A name is no phrase: what a dictionary of phrases says of two characters that stand beside each other by chance is
wrong as often as it is right, and it takes 50 MB. What matters is the surname, of which a few are read in a way of
their own, and a few characters that names read otherwise than texts do.
"""

import os
import re
from functools import lru_cache

# Both are the library's own switches, read when it is first imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import lazy_pinyin

_SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "澹台": "tan tai", "宓": "fu", "曾": "zeng", "单": "shan", "解": "xie",
    "仇": "qiu", "区": "ou", "朴": "piao", "查": "zha", "盖": "ge", "乐": "yue", "覃": "qin", "洗": "xian",
    "员": "yun", "秘": "bi", "种": "chong", "折": "she", "繁": "po", "句": "gou", "牟": "mu", "黑": "he",
    "祭": "zhai", "翟": "zhai", "缪": "miao", "召": "shao", "隗": "wei", "郇": "xun", "都": "du",
    "佴": "nai", "卜": "bu", "长": "chang", "重": "chong", "乜": "nie", "粘": "nian",
}  # fmt: skip
"""How surnames are read whose characters are mostly read otherwise elsewhere, those of two characters first."""

_GIVEN = {"长": "chang", "晟": "sheng", "曾": "zeng"}
_READ_OTHERWISE = re.compile(f"([{''.join(_GIVEN)}])")


@lru_cache(maxsize=20_000)
def pinyin(name: str) -> str:
    """The sort key of a name, syllables without tones: the database of the embedded server has no Chinese collation."""
    for size in (2, 1):
        if len(name) > size and (surname := _SURNAMES.get(name[:size])):
            return f"{surname} {_given(name[size:])}"
    return _given(name)


def _given(name: str) -> str:
    parts = _READ_OTHERWISE.split(name)
    return " ".join(
        syllable for part in parts for syllable in ([_GIVEN[part]] if part in _GIVEN else lazy_pinyin(part))
    ).lower()
