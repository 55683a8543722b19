"""Trees asked quickly: what scikit-learn's gradient-boosted trees answer, in a third of a microsecond a row.

A leaf is one bit. A value of a feature lies between two of the thresholds that trees compare this feature with, and rules out,
in each tree, the leaves on the other side of its comparisons: one row of a table. All features' rows, laid over each
other by AND, leave one bit a tree, the leaf. So a row of numbers costs one look-up a feature instead of a walk down every
tree, and what many rows have in common (the day, the interval) is laid over once.

Source of the idea: C. Lucchese et al., "QuickScorer", SIGIR 2015.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import FloatArray
from matching.compiled.machine import compiled, lowest_bit
from matching.regions import IntArray

_WIDTHS: tuple[tuple[int, type[np.unsignedinteger[Any]]], ...] = (
    (16, np.uint16),
    (32, np.uint32),
    (64, np.uint64),
)

Bits = NDArray[np.unsignedinteger[Any]]


class Trees(NamedTuple):
    """The trees of one fitted `HistGradientBoostingClassifier` of two classes, without categories, as compiled code reads them."""

    all: Bits
    """Every leaf of each tree."""
    left: Bits
    """Leaves that are left, shape (stretches of all features, trees)."""
    cuts: FloatArray
    """The thresholds of all features, one feature after the other."""
    cut: IntArray
    """Where each feature's thresholds begin, and the end. So many stretches more than thresholds has a feature: the last but one
    above all of them, the last for unknown."""
    values: FloatArray
    """What each leaf says, shape (trees, leaves)."""
    baseline: float


def trees_of(fitted: Any) -> Trees:
    """Read the fitted trees.

    Raises
    ------
    ValueError
        where a tree has more than 64 leaves, or there are categories.
    """
    if fitted.is_categorical_ is not None and np.any(fitted.is_categorical_):
        raise ValueError("categories")
    grown = [each[0].nodes for each in fitted._predictors]
    most = max(int(nodes["is_leaf"].sum()) for nodes in grown)
    width, kind = next(((width, kind) for width, kind in _WIDTHS if most <= width), (0, np.uint64))
    if not width:
        raise ValueError(f"a tree of {most} leaves")
    values = np.zeros((len(grown), width))
    comparisons: list[list[_Comparison]] = [[] for _ in range(fitted.n_features_in_)]
    for tree, nodes in enumerate(grown):
        _read(tree, nodes, values[tree], comparisons)
    leaves = np.array([(1 << int(nodes["is_leaf"].sum())) - 1 for nodes in grown], kind)
    cuts = [np.unique([each.threshold for each in feature]) for feature in comparisons]
    left = [_left(feature, each, leaves) for feature, each in zip(comparisons, cuts, strict=True)]
    begins = np.cumsum([0, *map(len, cuts)])
    baseline = float(np.ravel(fitted._baseline_prediction)[0])
    return Trees(leaves, np.concatenate(left), np.concatenate(cuts), begins, values, baseline)


def ask(
    trees: Trees,
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
    own = np.empty((rows, 0)) if last is None else np.column_stack(last)
    extra = np.empty((max(1, own.shape[1]), 0)) if extra is None else extra
    check(trees, wide + extra.shape[1] + (last is not None))
    common = questions(trees, extra, wide)
    return _asked(trees, np.ascontiguousarray(columns), common, own)


def ask_itself(
    fitted: Any,
    columns: FloatArray,
    extra: FloatArray | None = None,
    last: Sequence[FloatArray] | None = None,
) -> FloatArray:
    """The same of scikit-learn itself, for trees that `trees_of` can't read."""
    rows = len(columns)
    answers = []
    for question in range(1 if last is None else len(last)):
        own = [columns]
        own += [] if extra is None else [np.tile(extra[question], (rows, 1))]
        own += [] if last is None else [last[question][:, None]]
        answers.append(fitted.decision_function(np.hstack(own)) if rows else np.empty(0))
    return np.column_stack(answers)


def check(trees: Trees, features: int) -> None:
    """Raises ValueError where the trees were grown on another number of features: compiled code would read beyond its arrays."""
    if len(trees.cut) - 1 != features:
        raise ValueError(f"trees of {len(trees.cut) - 1} features, asked about {features}")


def questions(trees: Trees, extra: FloatArray, first: int) -> Bits:
    """What the questions' own columns leave of the leaves, shape (questions, trees); they are the features from `first` on."""
    return _laid(trees, np.ascontiguousarray(extra, np.float64), first)


class _Comparison(NamedTuple):
    tree: int
    threshold: float
    unknown_goes_left: bool
    on_left: int
    on_right: int


def _read(tree: int, nodes: Any, values: FloatArray, comparisons: list[list[_Comparison]]) -> None:
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
            _Comparison(tree, float(node["num_threshold"]), bool(node["missing_go_to_left"]), left, right)
        )
        return left | right

    below(0)


def _left(feature: list[_Comparison], cuts: FloatArray, leaves: Bits) -> Bits:
    kind, left = leaves.dtype.type, np.tile(leaves, (len(cuts) + 2, 1))
    for each in feature:
        # A value goes left up to the threshold itself: those are the stretches up to the threshold's number.
        turn = int(np.searchsorted(cuts, each.threshold)) + 1
        left[:turn, each.tree] &= ~kind(each.on_right)
        left[turn:-1, each.tree] &= ~kind(each.on_left)
        left[-1, each.tree] &= ~kind(each.on_right if each.unknown_goes_left else each.on_left)
    return left


@compiled
def stretch(trees: Trees, feature: Any, value: Any) -> Any:
    """In which row of `left` this value of a feature is looked up."""
    low, high = trees.cut[feature], trees.cut[feature + 1]
    begin = low + 2 * feature
    if value != value:
        return begin + (high - low) + 1
    first = low
    while low < high:
        middle = (low + high) // 2
        if trees.cuts[middle] < value:
            low = middle + 1
        else:
            high = middle
    return begin + (low - first)


@compiled
def lay(bits: Bits, trees: Trees, row: Any) -> None:
    """Lay a row of `left` over what is left so far."""
    for tree in range(len(bits)):
        bits[tree] &= trees.left[row, tree]


@compiled
def told(bits: Bits, trees: Trees) -> Any:
    """What the leaves that are left say together: log-odds."""
    total: Any = trees.baseline
    for tree in range(len(bits)):
        total += trees.values[tree, lowest_bit(bits[tree])]
    return total


@compiled
def _laid(trees: Trees, extra: FloatArray, first: int) -> Bits:
    common = np.empty((len(extra), len(trees.all)), trees.all.dtype)
    for question in range(len(extra)):
        common[question] = trees.all
        for column in range(extra.shape[1]):
            lay(common[question], trees, stretch(trees, first + column, extra[question, column]))
    return common


@compiled
def _asked(trees: Trees, columns: FloatArray, common: Bits, last: FloatArray) -> FloatArray:
    rows, wide = columns.shape
    answers = np.empty((rows, len(common)))
    bits, asked = np.empty_like(trees.all), np.empty_like(trees.all)
    for row in range(rows):
        bits[:] = trees.all
        for feature in range(wide):
            if trees.cut[feature] < trees.cut[feature + 1]:
                lay(bits, trees, stretch(trees, feature, columns[row, feature]))
        for question in range(len(common)):
            for tree in range(len(bits)):
                asked[tree] = bits[tree] & common[question, tree]
            if last.shape[1]:
                lay(asked, trees, stretch(trees, len(trees.cut) - 2, last[row, question]))
            answers[row, question] = told(asked, trees)
    return answers
