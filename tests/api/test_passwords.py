"""Which passwords are taken."""

import pytest

from api.passwords import refusal


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("lu-ying-7", "too_short"),
        ("1234567890", "too_common"),
        ("0987654321abc", "too_common"),
        ("aaaaaaaaaaaa", "too_common"),
        ("password2021", "too_common"),
        ("P@ssw0rd2021!", "too_common"),
        ("qwertyuiop[]", "too_common"),
        ("1qaz2wsx3edc", "too_common"),
        ("woaini1314520", "too_common"),
        ("Zhenba@123456", "too_common"),
        ("zhangsanfeng88", "too_common"),
        ("Sanfeng20210901", "too_common"),
        ("张三丰张三丰张三丰2021", "too_common"),
        ("aZ9aZ9aZ9aZ9", "too_common"),
        ("qingshan-luying-7", None),
        ("right-horse-battery", None),
        ("Kx7#mPq2vL", None),
        ("几个不相干的词连成一句", None),
        (" spaces are letters ", None),
    ],
)
def test_what_everybody_tries_and_ones_own_name_are_refused(password: str, code: str | None) -> None:
    found = refusal(password, "zhenba", "张三丰")
    assert (found.body.errors[0].code if found else None) == code


def test_a_refusal_repeats_nothing() -> None:
    found = refusal("Zhenba@123456", "zhenba", "张三丰")
    assert found is not None
    assert "zhenba" not in found.body.model_dump_json().lower() and "张三丰" not in found.body.detail
