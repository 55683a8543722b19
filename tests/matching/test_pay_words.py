"""Every number said of a pay follows from the lowest pay, the highest pay and the floor."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.pay_words import pay_against, pay_for
from matching.usual_pay import offered_pay

NAN = math.nan
SUMS = st.integers(10, 200).map(lambda hundreds: hundreds * 100.0)


@pytest.mark.parametrize(
    ("low", "high", "floor", "speaks_for", "speaks_against"),
    [
        (4500, 7000, 5000, "最高7000元，达到本人要求；最低4500元，比本人要求的少500元", "最低4500元，比本人要求的少500元；最高7000元"),
        (4800, 7000, 4000, "最低工资比本人要求的高800元", "工资比一般岗位偏低"),
        (4800, 4800, 4000, "工资比本人要求的高800元", "工资比一般岗位低约1200元"),
        (4000, 7000, 4000, "最低工资达到本人要求", "工资比一般岗位偏低"),
        (3000, 3600, 4000, "", "最高工资3600元，比本人要求的少400元"),
        (3000, 3000, 4000, "", "工资3000元，比本人要求的少1000元"),
        (3000, NAN, 4000, "", "最低工资3000元，比本人要求的少1000元"),
        (NAN, 5000, 4000, "最高5000元，达到本人要求；最低工资没有写明", "最高工资比一般岗位低约1000元"),
        (6500, 8000, NAN, "最低工资比一般岗位高约500元", ""),
        (5900, 8000, NAN, "工资比一般岗位偏高", ""),
        (4000, 5000, NAN, "", "最高工资比一般岗位低约1000元"),
        (NAN, NAN, 4000, "", ""),
    ],
)  # fmt: skip
def test_what_is_said(low, high, floor, speaks_for, speaks_against):
    expected = float(offered_pay(np.array([low]), np.array([high]))[0])
    assert pay_for(low, high, floor, expected, 6000) == speaks_for
    assert pay_against(low, high, floor, expected, 6000) == speaks_against


@given(SUMS, SUMS, SUMS | st.just(NAN), SUMS | st.just(NAN))
def test_every_number_follows_from_the_facts(one_end, other_end, floor, usual):
    low, high = min(one_end, other_end), max(one_end, other_end)
    expected = float(offered_pay(np.array([low]), np.array([high]))[0])
    for sentence in (
        pay_for(low, high, floor, expected, usual),
        pay_against(low, high, floor, expected, usual),
    ):
        for name, stated in re.findall(r"(最低|最高|(?<!最低)(?<!最高)工资)(?:工资)?(\d+)元", sentence):
            assert float(stated) == {"最低": low, "最高": high, "工资": low}[name]
            assert name != "工资" or low == high
        for named, than, way, stated in re.findall(
            r"(最低|最高|工资)[^；，]*?，?比(本人要求的|一般岗位)(高|低|少)约?(\d+)元", sentence
        ):
            other = floor if than == "本人要求的" else usual
            pay = high if named == "最高" else low
            assert float(stated) == round(pay - other if way == "高" else other - pay)
        if "达到本人要求" in sentence:
            assert high >= floor
        if "偏" in sentence:
            assert (expected > usual) == ("偏高" in sentence)
        if "nan" in sentence:
            raise AssertionError(sentence)


def test_a_wide_range_counts_by_its_lower_part():
    low, high = np.array([3000.0, 3000.0, 3000.0, NAN]), np.array([6000.0, 30000.0, NAN, 5000.0])
    assert offered_pay(low, high).tolist() == [4000.0, 4000.0, 3000.0, 5000.0]
