"""Polars and NumPy: the same question over columns in this process."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.prepared import LOOKED_AT, Prepared, Question


class Polars:
    """Polars: one thread (POLARS_MAX_THREADS=1), a lazy query."""

    name = "Polars"

    def __init__(self, prepared: Prepared) -> None:
        import polars

        self._pl: Any = polars
        self._prepared = prepared
        self._table = polars.DataFrame(prepared.columns).sort("place", "skill")

    def seconds(self) -> float:
        """Nothing outside this process."""
        return 0.0

    def best(self, question: Question) -> NDArray[np.int64]:
        """The rows of the best by the line."""
        pl, prepared = self._pl, self._prepared
        column = pl.col
        over = column("over_unasked") if question.floor is None else column("pay") - question.floor
        free = column("place").is_in(question.places) & column("skill").is_in(question.skills)
        if question.age >= 0:
            free &= (column("min_age") <= question.age) & (column("max_age") >= question.age)
        free &= (column("min_education") <= question.education) & (column("until") >= question.available)
        line = column(f"line_{question.home}") + prepared.pay(over)
        for kind, array in enumerate(question.arrays):
            line = line + pl.lit(pl.Series(array)).gather(column(f"kind_{kind}"))
        found = (
            self._table.lazy()
            .filter(free)
            .select(column("id"), line.alias("line"))
            .top_k(LOOKED_AT, by="line")
            .select("id")
            .collect()
        )
        rows: NDArray[np.int64] = found["id"].to_numpy().astype(np.int64)
        return rows


class Numpy:
    """NumPy: masks and look-ups over arrays, `argpartition`."""

    name = "NumPy"

    def __init__(self, prepared: Prepared) -> None:
        self._prepared, self._columns = prepared, prepared.columns

    def seconds(self) -> float:
        """Nothing outside this process."""
        return 0.0

    def free(self, question: Question) -> NDArray[np.int64]:
        """Positions of the posts that no rule rules out."""
        columns = self._columns
        places, skills = np.zeros(1_024, np.bool_), np.zeros(1_024, np.bool_)
        places[question.places], skills[question.skills] = True, True
        mask = places[columns["place"]]
        mask &= skills[columns["skill"]]
        if question.age >= 0:
            mask &= columns["min_age"] <= question.age
            mask &= columns["max_age"] >= question.age
        mask &= columns["min_education"] <= question.education
        mask &= columns["until"] >= question.available
        return np.flatnonzero(mask)

    def best(self, question: Question) -> NDArray[np.int64]:
        """The rows of the best by the line."""
        columns, at = self._columns, self.free(question)
        line = columns[f"line_{question.home}"][at]
        over = columns["over_unasked"][at] if question.floor is None else columns["pay"][at] - question.floor
        line = line + self._prepared.pay(over)
        for kind, array in enumerate(question.arrays):
            line += array[columns[f"kind_{kind}"][at]]
        if len(at) > LOOKED_AT:
            at = at[np.argpartition(line, len(at) - LOOKED_AT)[-LOOKED_AT:]]
        rows: NDArray[np.int64] = columns["id"][at].astype(np.int64)
        return rows
