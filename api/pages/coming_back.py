"""The list that a form stood on, carried in its field `back`: shown again, filters and part, when the form was refused or done."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from api.pages.desk import local

_PLACE = re.compile(r"[0-9]{0,12}", re.ASCII)


def asked_before(back: str, path: str, **otherwise: Any) -> dict[str, Any]:
    """The filters of the list at `path` from which somebody came, with `cursor`, its part; of another page, none.

    `otherwise` names the filters, each with what holds where it was not asked for. A filter that is a code or a choice
    is read as its kind; what can't be read, as only a made-up address has it, is left out.
    """
    here = urlsplit(local(back))
    told = dict(parse_qsl(here.query)) if here.path == path else {}
    found = {name: _read(told.get(name, ""), plain) for name, plain in otherwise.items()}
    if "region" in found and not _PLACE.fullmatch(found["region"]):
        found["region"] = ""
    return found | {"cursor": told.get("cursor") or None}


def _read(text: str, plain: Any) -> Any:
    if isinstance(plain, bool):
        return text in ("1", "true") if text else plain
    if plain is None or not hasattr(plain, "read"):
        return text or plain
    try:
        return type(plain).read(text)
    except ValueError:
        return plain


def back_after(back: str, otherwise: str, done: str) -> str:
    """Where to go after a form was carried out: the list as it was, with what is said of it."""
    path = local(back or otherwise)
    parts = urlsplit(path)
    left = [pair for pair in parse_qsl(parts.query) if pair[0] != "done"]
    query = urlencode([*left, ("done", done)])
    return f"{parts.path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")
