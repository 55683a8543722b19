"""The assessment as one page that stands for itself."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "pages" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def as_page(parts: Sequence[Any], day: date) -> str:
    """HTML with its style inside: `parts` as `api.assessment.making` tells them."""
    made = f"{day.year}年{day.month}月{day.day}日"
    return _PAGES.get_template("assessment_file.html").render(parts=parts, made=made)
