"""What a folder's past cannot teach, said beside whatever was learned from it."""

from datetime import date

import numpy as np

from matching.learning.history import History, stays_known

_FEW = 10
"""Stretches of work below which it is no wonder that nobody has left."""


def what_the_past_lacks(history: History, as_of: date) -> list[str]:
    """Sentences for whoever reads a plan or a list made on that day."""
    known = stays_known(history.stretches, np.datetime64(as_of, "D"))
    found = []
    if len(known.days) >= _FEW and not known.left.any():
        found.append(
            f"以往{len(known.days)}条务工记录里没有一个人离职，可能是没有填离职日期（ended_on）；"
            "预计留下的人会偏多，请先核对"
        )
    employers = known.of.employer[known.of.employer > 0]
    if len(known.days) >= _FEW and len(np.unique(employers)) == 1:
        found.append("以往记录里只有一个单位，看不出单位之间的差别")
    return found
