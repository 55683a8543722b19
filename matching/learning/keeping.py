"""What was learned as a file, and back: no pickle, no class that is not named here, nothing that was changed since.

    wengang-model 1\\n  SHA-256 of all that follows, hexadecimal\\n  what it is, one line of JSON\\n  the numbers and trees (skops)

A file is refused as a whole. Its hash finds what was spoilt or cut off; it is no signature, so whoever can write the table
could write a hash as well. Against that stand the list of types and the checks of every number below.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import sklearn

from matching import features, prior
from matching.columns import Firms, FloatArray
from matching.learning.chance import TRUSTS, Chance
from matching.learning.hiring import hire_of
from matching.learning.rows import INTERVALS
from matching.learning.staying import hazards_of
from matching.learning.training import Learned
from matching.regions import IntArray

_BEGIN = b"wengang-model 1\n"
_DIGEST = 64
_MAY_BE_EMPTY = ("offering", "answering", "promptness")
"""What is told of employers only where somebody writes answers down."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a file, and of all that is packed into it."""

_TREES = "sklearn.ensemble._hist_gradient_boosting"
_TREE = f"{_TREES}.predictor.TreePredictor"
TYPES = frozenset(
    {
        ("builtins", "dict", "DictNode"),
        ("builtins", "list", "ListNode"),
        ("builtins", "tuple", "TupleNode"),
        ("builtins", "str", "JsonNode"),
        ("builtins", "str", "TypeNode"),
        ("numpy", "ndarray", "NdArrayNode"),
        ("numpy", "uint64", "NdArrayNode"),
        ("numpy.random._generator", "Generator", "RandomGeneratorNode"),
        ("sklearn._loss._loss", "CyHalfBinomialLoss", "LossNode"),
        ("sklearn._loss.link", "Interval", "ObjectNode"),
        ("sklearn._loss.link", "LogitLink", "ObjectNode"),
        ("sklearn._loss.loss", "HalfBinomialLoss", "ObjectNode"),
        (f"{_TREES}.binning", "_BinMapper", "ObjectNode"),
        (f"{_TREES}.gradient_boosting", "HistGradientBoostingClassifier", "ObjectNode"),
        (f"{_TREES}.predictor", "TreePredictor", "ObjectNode"),
        ("sklearn.preprocessing._label", "LabelEncoder", "ObjectNode"),
    }
)
"""Everything that a model is made of, by module, name and how skops brings it back: fewer than skops itself would let in."""


class Unusable(Exception):
    """A file that is not used; the message says in Chinese why."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself. `day` is the last day of which it knows, `begins` the first that it learned from."""

    version: str
    schema: str
    prior: str
    sklearn: str
    day: date
    begins: date | None
    stays: int
    answers: int
    seed: int
    metrics: dict[str, Any]


def label_of(
    learned: Learned, *, day: date, begins: date | None, seed: int, metrics: dict[str, Any]
) -> Label:
    """The label of what was learned here and now."""
    return Label(
        learned.version, features.schema_hash(), prior.version(), sklearn.__version__,
        day, begins, learned.stays, learned.answers, seed, metrics,
    )  # fmt: skip


def packed(learned: Learned, label: Label) -> bytes:
    """The file of a model."""
    from skops import io as skops

    state = {
        "firms": {each.name: getattr(learned.firms, each.name) for each in fields(Firms)},
        "stay": _state(learned.stay),
        "hire": _state(learned.hire),
    }
    told = json.dumps(asdict(label), ensure_ascii=False, default=str, sort_keys=True).encode()
    numbers: bytes = skops.dumps(state, compression=zipfile.ZIP_DEFLATED)
    rest = told + b"\n" + numbers
    return _BEGIN + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def unpacked(content: bytes) -> tuple[Learned, Label]:
    """The model of a file.

    Raises
    ------
    Unusable
        when the file was changed or cut off, is of other features, another prior or another scikit-learn, holds anything that no
        model holds, or does not answer with chances.
    """
    label, numbers = _opened(content)
    for name, told, here in (
        ("特征定义", label.schema, features.schema_hash()),
        ("默认权重", label.prior, prior.version()),
        ("scikit-learn版本", label.sklearn, sklearn.__version__),
    ):
        if told != here:
            raise Unusable(f"{name}已经改变（模型{told}，现在{here}），请重新训练")
    try:
        state = _loaded(numbers)
        learned = Learned(
            _chance("stay", label.seed, state["stay"]),
            _chance("p_hire", label.seed, state["hire"]),
            _firms(state["firms"]),
            label.stays,
            label.answers,
        )
        _answers(learned)
    except Unusable:
        raise
    except Exception as error:  # whatever a spoilt file makes of the reader, it is the file's fault
        raise Unusable(f"模型文件读不出来（{type(error).__name__}）") from error
    if learned.version != label.version:
        raise Unusable("模型文件里的数值与它自己写的版本不符")
    return learned, label


def _opened(content: bytes) -> tuple[Label, bytes]:
    if len(content) > LARGEST or not content.startswith(_BEGIN):
        raise Unusable("不是模型文件")
    begin = len(_BEGIN)
    digest, rest = content[begin : begin + _DIGEST], content[begin + _DIGEST + 1 :]
    if hashlib.sha256(rest).hexdigest().encode() != digest:
        raise Unusable("模型文件被改动过或不完整（校验值不符）")
    told, _, numbers = rest.partition(b"\n")
    try:
        said = json.loads(told)
        days = {
            name: None if said[name] is None else date.fromisoformat(said[name]) for name in ("day", "begins")
        }
        label = Label(**said | days)
    except (ValueError, TypeError, KeyError) as error:
        raise Unusable("模型文件的说明读不出来") from error
    return label, numbers


def _loaded(numbers: bytes) -> dict[str, Any]:
    from skops import io as skops

    with zipfile.ZipFile(io.BytesIO(numbers)) as packed_files:
        if sum(each.file_size for each in packed_files.infolist()) > LARGEST:
            raise Unusable("模型文件太大")
        strange = sorted(
            ".".join(each[:2]) for each in _types(json.loads(packed_files.read("schema.json"))) - TYPES
        )
    if strange:
        raise Unusable(f"模型文件里有不认识的内容：{'、'.join(strange)[:200]}")
    state: dict[str, Any] = skops.loads(numbers, trusted=[_TREE])
    return state


def _types(node: Any) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "__class__" in each or "__loader__" in each:
                found.add(
                    tuple(str(each.get(f"__{part}__")) for part in ("module", "class", "loader"))  # type: ignore[arg-type]
                )
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _state(chance: Chance) -> dict[str, Any]:
    line = chance.line
    return {
        "trust": np.array([chance.trust]),
        "calibration": np.array(chance.calibration),
        "line": np.empty(0) if line is None else line.coef_,
        "trees": [] if chance.trees is None else [chance.trees],
        "grown": chance.grown,
    }


def _chance(feeds: str, seed: int, state: dict[str, Any]) -> Chance:
    from matching.learning.anchored import AnchoredLogistic

    chance = Chance(feeds, seed, float(_numbers(state["trust"], 1)[0]))
    begin, slope = _numbers(state["calibration"], 2).tolist()
    chance.calibration = (begin, slope)
    if chance.trust not in TRUSTS:
        raise Unusable("模型文件里的数值不对")
    if len(state["line"]):
        chance.line = AnchoredLogistic()
        chance.line.coef_ = _numbers(state["line"])
    grown = np.asarray(state["grown"])
    if grown.dtype != np.bool_ or grown.shape != chance.used.shape or (grown & ~chance.used).any():
        raise Unusable("模型文件里的数值不对")
    chance.grown = grown
    for trees in state["trees"]:
        for each in (tree for row in trees._predictors for tree in row):
            _walkable(each.nodes, trees._n_features)
        chance.trees = trees
    return chance


def _walkable(nodes: Any, columns: int) -> None:
    """Every way down ends: children lie behind their parent, and no node asks for a column that is not there."""
    inner = np.flatnonzero(nodes["is_leaf"] == 0)
    down = np.stack([nodes["left"], nodes["right"]]).astype(np.int64)[:, inner]
    asked = nodes["feature_idx"][inner]
    if (
        not len(nodes)
        or (down <= inner).any()
        or (down >= len(nodes)).any()
        or (asked < 0).any()
        or (asked >= columns).any()
        or nodes["is_categorical"].any()
    ):
        raise Unusable("模型文件里的决策树不完整")


def _firms(state: dict[str, Any]) -> Firms:
    ids = _ids(state["id"])
    employers, counties = _ids(state["origin_employer"]), _ids(state["origin_county"])
    if (
        (np.diff(ids) <= 0).any()
        or employers.shape != counties.shape
        or (np.lexsort((counties, employers)) != np.arange(len(employers))).any()
    ):
        raise Unusable("模型文件里的单位编号不对")
    told = {
        name: _numbers(state[name], None if name in _MAY_BE_EMPTY and not len(state[name]) else len(ids))
        for name in ("leaving", "hiring", *_MAY_BE_EMPTY)
    }
    return Firms(
        ids,
        **told,
        origin_employer=employers,
        origin_county=counties,
        origin_leaving=_numbers(state["origin_leaving"], len(employers)),
    )


def _ids(values: Any) -> IntArray:
    ids = np.asarray(values)
    if ids.ndim != 1 or not np.issubdtype(ids.dtype, np.integer):
        raise Unusable("模型文件里的单位编号不对")
    return ids.astype(np.int64)


def _numbers(values: Any, many: int | None = None) -> FloatArray:
    numbers: FloatArray = np.asarray(values)
    if numbers.dtype != np.float64 or numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise Unusable("模型文件里的数值不对")
    if many is not None and len(numbers) != many:
        raise Unusable("模型文件里的数值个数不对")
    return numbers


def _answers(learned: Learned) -> None:
    """Asked once of a pair of which nothing is known: a model that cannot say that cannot serve."""
    raw, z = np.full((1, len(features.FEATURES)), np.nan), np.zeros((1, len(features.FEATURES)))
    chances = hazards_of(learned.stay, raw, z, np.array(["2025-01-01"], "datetime64[D]"), INTERVALS)
    said = np.append(chances.ravel(), hire_of(learned.hire, raw, z))
    if not ((said >= 0) & (said <= 1)).all():
        raise Unusable("模型算不出可能性")
