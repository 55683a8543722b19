"""Two rows in force of one person that share a day: the later-starting is rejected."""

import numpy as np

from outcomes.columns import SpellColumns
from outcomes.days import NEVER, Mask


def overlapping(columns: SpellColumns) -> Mask:
    """Which spells must be rejected, so that no two of one person share a day: of two the later-starting.

    A rejected spell stands in nobody's way. A spell without an end reaches to the day it was last observed; of two
    that start on one day the later in the columns goes.
    """
    rejected = np.zeros(len(columns.person), bool)
    reach = np.where(columns.last < NEVER, columns.last, np.maximum(columns.observed, columns.first))
    same = columns.person[1:] == columns.person[:-1]
    # Only people with two neighbours that touch are gone through one by one.
    touched = np.unique(columns.person[1:][same & (columns.first[1:] <= reach[:-1])])
    begins = np.searchsorted(columns.person, touched)
    ends = np.searchsorted(columns.person, touched, side="right")
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        taken_to = -NEVER
        for at in range(begin, end):
            if columns.first[at] <= taken_to:
                rejected[at] = True
            else:
                taken_to = reach[at]
    return rejected
