"""The full score by NumPy and scikit-learn: features looked up in tables, trees asked by scikit-learn itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.compiled.terms import grouped, seen
from matching.features import FEATURES
from matching.learning.ranker import LearnedRanker
from matching.learning.staying import asked_on
from matching.serving.known import Known

Floats = NDArray[np.float64]


class SklearnFinish:
    """Scores of pairs of a learned ranker whose two chances have trees."""

    def __init__(self, known: Known) -> None:
        self._known = known
        ranker = known.ranker
        assert isinstance(ranker, LearnedRanker) and known.terms is not None  # noqa: S101
        self._ranker, self._terms, self._of = ranker, known.terms, known.features.tables
        self._groups = [own for _, own in grouped()]
        self._raw: list[Floats] = []
        self._z: list[Floats] = []
        self._yuan: list[Floats] = []
        for table, own in enumerate(self._groups):

            def told(pairs: Any, own: list[int] = own) -> Floats:
                raw, z, yuan = seen(ranker.placed(pairs), own)
                return np.column_stack([raw, z, yuan])

            found = known.features.computed(table, told)
            self._raw.append(found[:, : len(own)])
            self._z.append(found[:, len(own) : -1])
            self._yuan.append(found[:, -1])
        self._extra = asked_on(ranker.day_, len(known.terms.shares))[1]

    def scores(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """Full scores of pairs."""
        raw, z = np.empty((len(rows), len(FEATURES))), np.empty((len(rows), len(FEATURES)))
        yuan = np.full(len(rows), 500.0)
        of = self._of
        for table, own in enumerate(self._groups):
            at = of.worker[rows, table] * of.wide[table] + of.vacancy[columns, table]
            raw[:, own], z[:, own] = self._raw[table][at], self._z[table][at]
            yuan += self._yuan[table][at]
        start = -np.log1p(np.exp(-self._odds(self._terms.hire, self._ranker.learned.hire, raw, z, None)[0]))
        leave = self._odds(self._terms.leave, self._ranker.learned.stay, raw, z, self._extra)
        staying = -(self._terms.shares @ np.log1p(np.exp(leave)))
        return self._ranker.score_of(start + staying, yuan)

    def _odds(self, terms: Any, chance: Any, raw: Floats, z: Floats, extra: Floats | None) -> Floats:
        """Shape (questions, pairs); the trees are asked all questions at once."""
        line = terms.begins[:, None] + z @ terms.weights
        mixed = line
        if terms.trust:
            grown, many = raw[:, chance.grown], len(line)
            asked = [np.tile(grown, (many, 1))]
            asked += [] if extra is None else [np.repeat(extra, len(raw), axis=0)]
            trees = chance.trees.decision_function(np.hstack([*asked, line.reshape(-1, 1)]))
            mixed = (1 - terms.trust) * line + terms.trust * trees.reshape(line.shape)
        return terms.shift + terms.slope * mixed
