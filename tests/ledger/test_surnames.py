"""By what somebody is addressed aloud."""

import pytest

from ledger.surnames import addressed
from models.worker import Sex


@pytest.mark.parametrize(
    ("name", "sex", "said"),
    [
        ("王秀兰", Sex.FEMALE, "王女士"),
        ("李强", Sex.MALE, "李先生"),
        ("欧阳春花", Sex.FEMALE, "欧阳女士"),
        ("欧阳", Sex.MALE, "欧先生"),
        ("陈王小妹", Sex.FEMALE, "陈女士"),
        ("周平", None, "周"),
        ("买买提·艾力", Sex.MALE, "乡亲"),
        ("阿依古丽买买提", Sex.FEMALE, "乡亲"),
        ("甲", None, "乡亲"),
    ],
)
def test_the_surname_and_no_more(name: str, sex: Sex | None, said: str) -> None:
    assert addressed(name, sex) == said
