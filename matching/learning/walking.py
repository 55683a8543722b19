"""Trees asked quickly: what scikit-learn's gradient-boosted trees answer, a hundred thousand rows at a time.

A leaf is one bit. A value of a feature lies between two of the thresholds that trees compare this feature with, and rules out,
in each tree, the leaves on the other side of its comparisons: one row of a table. All features' rows, laid over each
other by AND, leave one bit a tree, the leaf. So a row of numbers costs one look-up a feature instead of a walk down every
tree, and what many rows have in common (the day, the interval) is laid over once.

Source of the idea: C. Lucchese et al., "QuickScorer", SIGIR 2015.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.columns import FloatArray

_AT_ONCE = 4_096
"""Rows whose bits stay in the processor's cache."""
_WIDTHS: tuple[tuple[int, type[np.unsignedinteger[Any]]], ...] = (
    (16, np.uint16),
    (32, np.uint32),
    (64, np.uint64),
)

Bits = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class _Cuts:
    """One feature: the thresholds, and for each stretch between them (the last row: unknown) the leaves left, shape
    (thresholds + 2, trees)."""

    thresholds: FloatArray
    left: Bits

    def of(self, values: FloatArray) -> Bits:
        at = np.searchsorted(self.thresholds, values)
        at[np.isnan(values)] = len(self.left) - 1
        return self.left[at]


class Walk:
    """The trees of one fitted `HistGradientBoostingClassifier` of two classes, without categories."""

    def __init__(self, cuts: list[_Cuts | None], leaves: Bits, values: FloatArray, baseline: float) -> None:
        self._cuts, self._leaves, self._baseline = cuts, leaves, baseline
        self._values = values.ravel()
        self._first = np.arange(len(values)) * values.shape[1]

    @classmethod
    def of(cls, trees: Any) -> Self:
        """Raises ValueError where a tree has more than 64 leaves."""
        grown = [each[0].nodes for each in trees._predictors]
        most = max(int(nodes["is_leaf"].sum()) for nodes in grown)
        width, kind = next(((width, kind) for width, kind in _WIDTHS if most <= width), (0, np.uint64))
        if not width:
            raise ValueError(f"a tree of {most} leaves")
        values = np.zeros((len(grown), width))
        comparisons: list[list[tuple[int, float, bool, int, int]]] = [[] for _ in range(trees.n_features_in_)]
        for tree, nodes in enumerate(grown):
            _read(tree, nodes, values[tree], comparisons)
        leaves = np.array([(1 << int(nodes["is_leaf"].sum())) - 1 for nodes in grown], kind)
        cuts = [_cut(feature, leaves) if feature else None for feature in comparisons]
        return cls(cuts, leaves, values, float(np.ravel(trees._baseline_prediction)[0]))

    def __call__(
        self,
        columns: FloatArray,
        extra: FloatArray | None = None,
        last: Sequence[FloatArray] | None = None,
    ) -> FloatArray:
        """The trees' log-odds under several questions, shape (rows, questions).

        Parameters
        ----------
        columns : (rows, features) that all questions have in common; the first features of the trees.
        extra : (questions, features) that all rows have in common; the next ones.
        last : the last feature, one array of rows a question. Without `extra` and `last` there is one question.
        """
        rows, wide = columns.shape
        questions = 1 if last is None else len(last)
        common = np.tile(self._leaves, (questions, 1))
        for number in range(0 if extra is None else extra.shape[1]):
            cuts = self._cuts[wide + number]
            if cuts is not None and extra is not None:
                common &= cuts.of(extra[:, number])
        answers, one = np.empty((rows, questions)), self._leaves.dtype.type(1)
        for begin in range(0, rows, _AT_ONCE):
            block = slice(begin, begin + _AT_ONCE)
            size = len(columns[block])
            bits = np.tile(self._leaves, (size, 1))
            for cuts, values in zip(self._cuts, columns[block].T, strict=False):
                if cuts is not None:
                    bits &= cuts.of(values)
            own = self._cuts[-1] if last is not None else None
            for question in range(questions):
                asked = bits & common[question]
                if own is not None and last is not None:
                    asked &= own.of(last[question][block])
                # One bit is left; below it stand as many as the leaf's number.
                leaf = np.bitwise_count(asked - one) + self._first
                answers[block, question] = self._values[leaf].sum(axis=1)
        return answers + self._baseline


def _read(
    tree: int, nodes: Any, values: FloatArray, comparisons: list[list[tuple[int, float, bool, int, int]]]
) -> None:
    """Number the leaves from left to right, and note each comparison with the leaves (as bits) on its two sides."""
    leaves = 0

    def below(at: int) -> int:
        nonlocal leaves
        node = nodes[at]
        if node["is_leaf"]:
            values[leaves] = node["value"]
            leaves += 1
            return 1 << (leaves - 1)
        left, right = below(int(node["left"])), below(int(node["right"]))
        comparisons[int(node["feature_idx"])].append(
            (tree, float(node["num_threshold"]), bool(node["missing_go_to_left"]), left, right)
        )
        return left | right

    below(0)


def _cut(feature: list[tuple[int, float, bool, int, int]], leaves: Bits) -> _Cuts:
    thresholds = np.unique([threshold for _, threshold, _, _, _ in feature])
    kind, left = leaves.dtype.type, np.tile(leaves, (len(thresholds) + 2, 1))
    for tree, threshold, missing_left, on_left, on_right in feature:
        # A value goes left up to the threshold itself: those are the stretches up to the threshold's number.
        turn = int(np.searchsorted(thresholds, threshold)) + 1
        left[:turn, tree] &= ~kind(on_right)
        left[turn:-1, tree] &= ~kind(on_left)
        left[-1, tree] &= ~kind(on_right if missing_left else on_left)
    return _Cuts(thresholds, left)
