"""Sealing: only the right key and context open a value, and nothing of it shows."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from hypothesis import given
from hypothesis import strategies as st

from models.sealing import (
    MARKS,
    Algorithm,
    Key,
    Keyring,
    UnknownKey,
    Unsealable,
    content_mark,
    new_person_key,
    open_person_key,
    seal,
    unseal,
)

KEYRING = Keyring.of_secret(b"k" * 32)
OTHER = Keyring.of_secret(b"o" * 32)
ALGORITHMS = st.sampled_from(list(Algorithm))
KEYS = st.builds(Key.of, st.binary(min_size=32, max_size=32), ALGORITHMS)


@given(key=KEYS, value=st.binary(max_size=200), context=st.text(max_size=20))
def test_what_was_sealed_is_unsealed(key: bytes, value: bytes, context: str) -> None:
    assert unseal(key, seal(key, value, context), context) == value


@given(key=KEYS, other=KEYS, value=st.binary(min_size=1, max_size=50))
def test_another_key_or_context_opens_nothing(key: bytes, other: bytes, value: bytes) -> None:
    sealed = seal(key, value, "worker.phone")
    with pytest.raises(Unsealable):
        unseal(key, sealed, "worker.id_number")
    if other != key:
        with pytest.raises(Unsealable):
            unseal(other, sealed, "worker.phone")


@given(
    key=KEYS, value=st.binary(min_size=1, max_size=50), where=st.integers(0, 1000), flip=st.integers(1, 255)
)
def test_one_altered_byte_is_noticed(key: Key, value: bytes, where: int, flip: int) -> None:
    sealed = bytearray(seal(key, value, "c"))
    sealed[where % len(sealed)] ^= flip
    with pytest.raises(Unsealable):
        unseal(key, bytes(sealed), "c")


@given(key=KEYS, length=st.integers(0, 40))
def test_a_value_cut_short_is_not_opened(key: Key, length: int) -> None:
    sealed = seal(key, b"18 characters long", "c")
    with pytest.raises(Unsealable):
        unseal(key, sealed[:length], "c")


def test_the_same_value_is_never_sealed_the_same() -> None:
    key = b"a" * 32
    sealed = {seal(key, b"13800000000", "worker.phone") for _ in range(50)}
    assert len(sealed) == 50
    assert not any(b"138" in value for value in sealed)


def test_a_person_key_opens_under_its_service_key_only() -> None:
    key, master_key_id, sealed_key = new_person_key(KEYRING)
    assert len(key) == 32
    assert key not in sealed_key
    assert open_person_key(KEYRING, master_key_id, sealed_key) == key
    with pytest.raises(Unsealable):
        open_person_key(OTHER, master_key_id, sealed_key)
    with pytest.raises(UnknownKey, match="2"):
        open_person_key(KEYRING, "2", sealed_key)
    assert new_person_key(KEYRING)[0] != key


def test_both_algorithms_are_read_side_by_side() -> None:
    """The setting says what is sealed from now on; what was sealed before says itself how to read it."""
    before, after = Keyring({"1": b"k" * 32}), Keyring({"1": b"k" * 32}, Algorithm.SM4_GCM)
    key, key_id, sealed_key = new_person_key(before)
    value = seal(key, b"13800000000", "worker.phone")
    again = open_person_key(after, key_id, sealed_key)
    assert again == key
    assert unseal(again, value, "worker.phone") == b"13800000000"
    fresh = seal(again, b"13800000000", "worker.phone")
    marks = [MARKS[Algorithm.AES_256_GCM], MARKS[Algorithm.SM4_GCM]]
    assert [value[0], fresh[0]] == [sealed_key[0], new_person_key(after)[2][0]] == marks
    assert unseal(open_person_key(before, key_id, sealed_key), fresh, "worker.phone") == b"13800000000"
    with pytest.raises(Unsealable):
        unseal(again, bytes(marks[:1]) + fresh[1:], "worker.phone")


def test_sm4_is_the_published_one() -> None:
    """The vector of RFC 8998, under the library's cipher: what is kept can be read by anybody else's."""
    told = {
        "key": "0123456789abcdeffedcba9876543210",
        "iv": "00001234567800000000abcd",
        "aad": "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "plain": "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
    }
    key, nonce, aad, plain = (bytes.fromhex(each) for each in told.values())
    writing = Cipher(SM4(key), GCM(nonce)).encryptor()
    writing.authenticate_additional_data(aad)
    sealed = writing.update(plain) + writing.finalize()
    assert writing.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert sealed.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")


def test_the_index_is_keyed_and_tells_kinds_apart() -> None:
    one = content_mark(KEYRING, "phone", "+8613800000000")
    assert one == content_mark(KEYRING, "phone", "+8613800000000")
    assert len(one) == 32
    assert one != content_mark(KEYRING, "phone", "+8613800000001")
    assert one != content_mark(KEYRING, "id_number", "+8613800000000")
    assert one != content_mark(OTHER, "phone", "+8613800000000")


def test_sealing_and_indexing_use_different_keys() -> None:
    assert KEYRING.master("1") not in (*KEYRING.written(), *KEYRING.found_by(), KEYRING.marks)


def test_a_short_secret_makes_no_keys() -> None:
    with pytest.raises(ValueError, match="32"):
        Keyring.of_secret(b"k" * 31)
