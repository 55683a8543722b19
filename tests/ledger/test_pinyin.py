"""The pinyin of names: sorted by, and searched for, as they are said."""

import sys

from ledger.pinyin import pinyin


def test_names_are_sorted_by_their_sound() -> None:
    assert pinyin("张三") == "zhang san"
    assert sorted(["张三", "李四", "阿依古丽"], key=pinyin) == ["阿依古丽", "李四", "张三"]


def test_surnames_are_read_in_their_own_way() -> None:
    assert pinyin("曾小红") == "zeng xiao hong"
    assert pinyin("单雄") == "shan xiong"
    assert pinyin("尉迟测试") == "yu chi ce shi"
    # No surname where nothing stands behind it, nor in the middle.
    assert pinyin("解") == "jie"
    assert pinyin("张解") == "zhang jie"


def test_given_names_too() -> None:
    assert pinyin("任长霞") == "ren chang xia"
    assert pinyin("王曾") == "wang zeng"


def test_what_is_not_chinese_stays() -> None:
    assert pinyin("买买提·吐尔逊") == "mai mai ti · tu er xun"
    assert pinyin("测试A1") == "ce shi a1"
    assert pinyin("") == ""


def test_no_dictionary_of_phrases_is_carried() -> None:
    assert "pypinyin.phrases_dict" not in sys.modules
