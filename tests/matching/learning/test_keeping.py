"""A model's file says the same as the model; one that was changed in any way is refused, with the reason."""

import hashlib
import io
import json
import zipfile
from datetime import date

import numpy as np
import pytest

from matching import features, prior
from matching.columns import Pairs
from matching.learning import keeping
from matching.learning.keeping import TYPES, Unusable, label_of, packed, unpacked
from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn

from .town import DAY, town

TODAY = np.datetime64(DAY, "D")
BEGIN = len(b"wengang-model 1\n")


@pytest.fixture(scope="module")
def place():
    return town(8_000, seed=5)


@pytest.fixture(scope="module")
def learned(place):
    return learn(place.market, place.history, TODAY)


@pytest.fixture(scope="module")
def content(learned):
    label = label_of(learned, day=DAY, begins=date(2023, 1, 1), seed=0, metrics={"gain": 0.25})
    return packed(learned, label)


def sealed(rest: bytes) -> bytes:
    """A file with a hash that fits, as somebody would write it who knows how."""
    return b"wengang-model 1\n" + hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def parts(content: bytes) -> tuple[dict, bytes]:
    told, _, numbers = content[BEGIN + 65 :].partition(b"\n")
    return json.loads(told), numbers


def with_label(content: bytes, **changed: object) -> bytes:
    told, numbers = parts(content)
    return sealed(json.dumps(told | changed).encode() + b"\n" + numbers)


def with_numbers(content: bytes, numbers: bytes) -> bytes:
    return sealed(json.dumps(parts(content)[0]).encode() + b"\n" + numbers)


def with_schema(content: bytes, change) -> bytes:
    """The numbers with another table of contents."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parts(content)[1])) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.infolist():
            inside = old.read(each)
            new.writestr(each.filename, change(inside) if each.filename == "schema.json" else inside)
    return with_numbers(content, made.getvalue())


def test_the_file_ranks_as_what_was_learned(place, learned, content) -> None:
    again, label = unpacked(content)
    dice = np.random.default_rng(3)
    pairs = Pairs(
        place.market,
        dice.integers(0, len(place.market.workers), 3_000),
        dice.integers(0, len(place.market.vacancies), 3_000),
    )
    assert learned.stay.trees is not None or learned.hire.trees is not None
    assert np.array_equal(
        LearnedRanker(learned).fit(place.market).score(pairs),
        LearnedRanker(again).fit(place.market).score(pairs),
    )
    assert (label.version, label.schema, label.prior) == (
        learned.version,
        features.schema_hash(),
        prior.version(),
    )
    assert (label.day, label.begins, label.metrics) == (DAY, date(2023, 1, 1), {"gain": 0.25})
    assert (label.stays, label.answers) == (again.stays, again.answers) == (learned.stays, learned.answers)


def test_what_learned_nothing_comes_back_as_the_prior(place, learned) -> None:
    nobody = learn(place.market, place.history, np.datetime64("1990-01-01"))
    again, _ = unpacked(packed(nobody, label_of(nobody, day=DAY, begins=None, seed=0, metrics={})))
    assert again.stay.line is None and again.hire.line is None
    assert not len(again.firms.id)


@pytest.mark.parametrize("place_of_change", [0, 20, BEGIN + 70, -1, -5_000])
def test_a_changed_byte_is_found(content, place_of_change) -> None:
    changed = bytearray(content)
    changed[place_of_change] ^= 1
    with pytest.raises(Unusable, match=r"校验值不符|不是模型文件"):
        unpacked(bytes(changed))


@pytest.mark.parametrize("left", [0, 5, BEGIN + 30, BEGIN + 65, 5_000])
def test_a_file_that_was_cut_off_is_found(content, left) -> None:
    with pytest.raises(Unusable):
        unpacked(content[:left])


def test_another_schema_prior_or_library_is_told_as_such(content) -> None:
    for changed, words in (
        ({"schema": "0" * 16}, "特征定义已经改变"),
        ({"prior": "0" * 12}, "默认权重已经改变"),
        ({"sklearn": "0.1"}, "scikit-learn版本已经改变"),
    ):
        with pytest.raises(Unusable, match=words):
            unpacked(with_label(content, **changed))


def test_a_label_that_is_none_is_refused(content) -> None:
    for told in (b"{}", b"[]", b"nonsense", b'{"day": 5}'):
        with pytest.raises(Unusable, match="说明读不出来"):
            unpacked(sealed(told + b"\n" + parts(content)[1]))


HARMFUL = b"cbuiltins\nprint\n(S'it ran'\ntR."
"""What the standard library's own reader would run: here it only prints."""


def test_what_would_run_is_not_opened(content, capsys) -> None:
    with pytest.raises(Unusable, match="不是模型文件"):
        unpacked(HARMFUL)
    with pytest.raises(Unusable, match="读不出来"):
        unpacked(with_numbers(content, HARMFUL))
    assert "it ran" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "strange",
    [
        {"__class__": "system", "__module__": "posix", "__loader__": "FunctionNode", "content": {}},
        {"__class__": "Popen", "__module__": "subprocess", "__loader__": "ObjectNode", "content": None},
        {"__class__": "LogisticRegression", "__module__": "sklearn.linear_model", "__loader__": "ObjectNode"},
        {"__class__": "dict", "__module__": "builtins", "__loader__": "ReduceNode"},
    ],
)
def test_types_that_no_model_has_are_refused(content, strange) -> None:
    def put_in(schema: bytes) -> bytes:
        told = json.loads(schema)
        told["content"]["more"] = strange
        return json.dumps(told).encode()

    with pytest.raises(Unusable, match="不认识的内容"):
        unpacked(with_schema(content, put_in))


def test_a_tree_that_goes_round_is_refused(learned) -> None:
    spoilt, _ = unpacked(packed(learned, label_of(learned, day=DAY, begins=None, seed=0, metrics={})))
    trees = spoilt.stay.trees or spoilt.hire.trees
    trees._predictors[0][0].nodes["left"][0] = 0
    with pytest.raises(Unusable, match="决策树不完整"):
        unpacked(packed(spoilt, label_of(spoilt, day=DAY, begins=None, seed=0, metrics={})))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(learned, wrong) -> None:
    spoilt, _ = unpacked(packed(learned, label_of(learned, day=DAY, begins=None, seed=0, metrics={})))
    spoilt.hire.line.coef_[0] = wrong
    with pytest.raises(Unusable, match="数值不对"):
        unpacked(packed(spoilt, label_of(spoilt, day=DAY, begins=None, seed=0, metrics={})))


def test_a_line_that_is_too_short_is_refused(learned) -> None:
    spoilt, _ = unpacked(packed(learned, label_of(learned, day=DAY, begins=None, seed=0, metrics={})))
    spoilt.hire.line.coef_ = spoilt.hire.line.coef_[:-2]
    with pytest.raises(Unusable):
        unpacked(packed(spoilt, label_of(spoilt, day=DAY, begins=None, seed=0, metrics={})))


def test_other_numbers_under_the_same_label_are_refused(content, learned) -> None:
    spoilt, _ = unpacked(content)
    label = label_of(spoilt, day=DAY, begins=None, seed=0, metrics={})
    spoilt.hire.line.coef_[0] += 1.0
    with pytest.raises(Unusable, match="版本不符"):
        unpacked(packed(spoilt, label))


def test_a_file_that_unfolds_beyond_measure_is_refused(content, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "LARGEST", len(content))
    with pytest.raises(Unusable, match="太大"):
        unpacked(content)


def test_the_list_of_types_holds_nothing_that_runs_what_it_is_told() -> None:
    assert not {loader for _, _, loader in TYPES} & {
        "FunctionNode",
        "MethodNode",
        "ReduceNode",
        "OperatorFuncNode",
    }
