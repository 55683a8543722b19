"""Job titles as employers write them -> occupation codes of GB/T 6565.

First the alias table: in the first part of the title that holds an alias, a trade before a general word such
as 操作工, then the longest one, and of two equally long the last, because a Chinese title ends in its head
(设计总监助理 is an assistant). A title without any alias
is compared by character 2- and 3-grams with the aliases and the names of the classification; what is not
alike enough stays unknown.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.reference import occupation_aliases, occupations

# Cosine of TF-IDF vectors, tuned by leaving each alias out in turn: of the 154 that then reach 0.55 through
# similarity 92 % get their own code back; 0.5 answers 191 with 89 % right, 0.6 only 68 with 87 %.
SIMILAR_ENOUGH = 0.55
# What is longer is an advertisement, not a title; its beginning is read.
LONGEST_TITLE = 200

_BRACKETS = re.compile(r"[(\[【「《][^)\]】」》]*[)\]】」》]?")
_PARTS = re.compile(r"[/、,，;；|&+—–\-:：!！。.·~\s]+")
_SPACED_OUT = re.compile(r"(?<!\S)(?:\S\s+)+\S(?!\S)")
_NOISE = re.compile(
    r"急[聘招]|[诚高招急广]?[聘招]聘?|诚邀|高[薪新]|优厚|无责任?|[高低]?底薪|[高加]*提成|奖金|补贴|福利|待遇|晋升|五险一?金?|交金"
    r"|[包有]吃?住宿?|包吃|(?:周末)?双休|做五休二|法定节假日|无经验均?可?|应届|优秀|精英|人才|储备|若干名?|大量|全职|兼职|可兼职|长期|男女不限|男女"
    r"|[年月]?[薪入][过上]?[\d万千k-]*|工资|过万|万元|\d+[\d.\-~]*(?:元|名|人|万|千|k|天|小时|点半?)?"
)


@dataclass(frozen=True, slots=True)
class OccupationMatch:
    """What a title was taken for.

    Attributes
    ----------
    code : occupation code, five digits or, for a general title such as 操作工, three.
    nearest : the alias found in the title, or the nearest alias or name.
    similarity : 1.0 for an alias, else the cosine in [SIMILAR_ENOUGH, 1].
    how : "alias" or "similar".
    """

    code: str
    nearest: str
    similarity: float
    how: Literal["alias", "similar"]


def read_occupation(title: str) -> OccupationMatch | None:
    """The occupation that a job title names, or None where it names none (slogans, firms' names)."""
    parts = title_parts(title)
    for part in parts:
        if found := _aliases_in(part):
            alias = max(found, key=_rank)[0]
            return OccupationMatch(_aliases()[alias], alias, 1.0, "alias")
    return _most_similar("".join(_NOISE.sub("", part) for part in parts))


def _aliases_in(part: str) -> list[tuple[str, int]]:
    aliases, size = _aliases(), len(part)
    spans = ((i, j) for i in range(size) for j in range(i + 2, min(size, i + _longest_alias()) + 1))
    return [(part[i:j], i) for i, j in spans if part[i:j] in aliases]


def _rank(found: tuple[str, int]) -> tuple[bool, int, int]:
    """A trade before a general word (缝纫 before 熟练工), then the longest, then the last."""
    alias, start = found
    return len(_aliases()[alias]) == 5, len(alias), start


def title_parts(title: str) -> list[str]:
    """The title in lower case without what stands in brackets, cut where it lists several posts."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", title[:LONGEST_TITLE]).lower())
    text = _SPACED_OUT.sub(lambda spaced: "".join(spaced.group().split()), text)
    return [part for part in _PARTS.split(text) if len(part) > 1]


@cache
def _aliases() -> dict[str, str]:
    return {row.alias: row.code for row in occupation_aliases()}


@cache
def _longest_alias() -> int:
    return max(map(len, _aliases()))


@dataclass(frozen=True, slots=True)
class _Known:
    names: list[str]
    codes: list[str]
    vectorizer: Any
    vectors: Any


@cache
def _known() -> _Known:
    # Imported here: most callers never need it, and it takes most of a second to load.
    from sklearn.feature_extraction.text import TfidfVectorizer

    pairs = list(_aliases().items())
    pairs += [(row.name.removesuffix("人员"), row.code) for row in occupations() if row.level > 1]
    names, codes = map(list, zip(*pairs, strict=True))
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    return _Known(names, codes, vectorizer, vectorizer.fit_transform(names))


def _most_similar(text: str) -> OccupationMatch | None:
    if not text:
        return None
    known = _known()
    scores = (known.vectors @ known.vectorizer.transform([text]).T).toarray().ravel()
    best = int(scores.argmax())
    if scores[best] < SIMILAR_ENOUGH:
        return None
    return OccupationMatch(known.codes[best], known.names[best], min(float(scores[best]), 1.0), "similar")
