"""Posts that law closes to women: there, and only there, may an advertisement ask for men.

The list is a table (closed_to_women.csv): annex, article 1 of the Special Rules on the Labour Protection of Female
Employees (State Council Decree 619 of 2012). What is closed only during menstruation, pregnancy or nursing closes no
post. A title or occupation must say it; hard work told of in the text is no reason.
"""

import csv
import re
from functools import cache
from pathlib import Path

from ledger.postings.wording import plain

_TABLE = Path(__file__).with_suffix(".csv")


def closed_to_women(title: str) -> bool:
    """Whether the title (or the name of the occupation) says that the work is on the list."""
    words = plain(title)
    return any(closed.search(words) for closed in _closed())


@cache
def _closed() -> tuple[re.Pattern[str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(re.compile(row["title_words"]) for row in csv.DictReader(stream))
