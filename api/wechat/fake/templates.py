"""What a field of a subscribe message may hold, by its kind: `thing3` is a thing."""

import re

_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_TIME = r"\d{1,2}:\d{2}"
_MOMENT = rf"(?:{_DAY}(?: ?{_TIME})?)"
_RULES = {
    "thing": r".{1,20}",
    "number": r"\d{1,32}(?:\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": rf"(?:{_DAY} ?)?{_TIME}(?:~(?:{_DAY} ?)?{_TIME})?",
    "date": rf"{_MOMENT}(?:~{_MOMENT})?",
    "amount": r"[^\d\s]?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}


def fits(field: str, value: str) -> bool:
    """Whether `value` may stand in a field of that name."""
    rule = _RULES.get(re.sub(r"\d+$", "", field))
    return rule is not None and re.fullmatch(rule, value) is not None
