"""Sealing of personal values: AES-256-GCM under a key of the person, which is itself sealed under the service's key.

A sealed value is one byte of algorithm, twelve of nonce, then ciphertext and tag. What a value is (its `context`,
such as ``worker.phone``) is authenticated with it, so a sealed telephone can't be passed off as an ID number.
Destroying a person's key makes every value sealed under it unreadable, wherever it was kept.
"""

import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_AES_256_GCM = b"\x01"
_NONCE = 12


class Unsealable(Exception):
    """The value was altered, or sealed under another key; it can't be read."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The service's own keys: those that seal, by id, the one in use, and the one that indexes."""

    master_keys: dict[str, bytes]
    current: str
    index_key: bytes

    @classmethod
    def of_secret(cls, secret: bytes, key_id: str = "1") -> "Keyring":
        """The keys that one secret of at least 32 bytes stands for."""
        if len(secret) < 32:
            raise ValueError("the secret has fewer than 32 bytes")
        return cls({key_id: _derived(secret, b"master")}, key_id, _derived(secret, b"index"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"wengang/" + purpose).derive(secret)


def seal(key: bytes, value: bytes, context: str) -> bytes:
    """`value` sealed under a 32-byte `key`."""
    nonce = secrets.token_bytes(_NONCE)
    return _AES_256_GCM + nonce + AESGCM(key).encrypt(nonce, value, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """What `seal` was given.

    Raises
    ------
    Unsealable
        when the value, the key or the context is not the same.
    """
    if sealed[:1] != _AES_256_GCM:
        raise Unsealable("unknown algorithm")
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, rest, context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unsealable("altered, or another key") from error


def new_person_key(keyring: Keyring) -> tuple[bytes, str, bytes]:
    """A fresh key for one person: the key, the id of the service's key, and the key sealed under that."""
    key = AESGCM.generate_key(256)
    return key, keyring.current, seal(keyring.master_keys[keyring.current], key, "person_key")


def open_person_key(keyring: Keyring, master_key_id: str, sealed_key: bytes) -> bytes:
    """The person's key again.

    Raises
    ------
    Unsealable
        when the service no longer has the key named, or the sealed key was altered.
    """
    master = keyring.master_keys.get(master_key_id)
    if master is None:
        raise Unsealable("no such service key")
    return unseal(master, sealed_key, "person_key")


def look_up_index(keyring: Keyring, kind: str, value: str) -> bytes:
    """A keyed digest by which a sealed value is found again: the same value, the same 32 bytes."""
    return hmac.digest(keyring.index_key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), "sha256")


def person_digest(keyring: Keyring, kind: str, worker_id: int, content: bytes) -> bytes:
    """A keyed digest of something of one person: the same of the same person, the same 32 bytes."""
    return hmac.digest(keyring.index_key, f"{kind}:{worker_id}:".encode() + content, "sha256")
