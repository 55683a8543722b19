"""A phrase as its advertisement writes it: rules read text of one width, a clerk searches the text that she has."""

import unicodedata
from functools import lru_cache


def as_written(phrase: str, text: str) -> str:
    """The part of `text` that `phrase` was read from, on one line; `phrase` itself where markup lies between.

    Width and spaces are what reading changes.
    """
    signs, places = _signs(text)
    wanted = "".join(phrase.split())
    start = signs.find(wanted)
    if start < 0 or not wanted:
        return phrase
    return " ".join(text[places[start] : places[start + len(wanted) - 1] + 1].split())


@lru_cache(maxsize=4)  # one advertisement's phrases are asked for one after the other
def _signs(text: str) -> tuple[str, tuple[int, ...]]:
    signs = [
        (sign, place)
        for place, written in enumerate(text)
        for sign in unicodedata.normalize("NFKC", written)
        if not sign.isspace()
    ]
    return "".join(sign for sign, _ in signs), tuple(place for _, place in signs)
