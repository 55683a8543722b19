"""The secret of an invitation: what its QR code says, and what follows from it.

Sixteen random bytes. Two things are derived from them (HKDF-SHA-256): the card's *name*, by which a device finds the card,
and the card's *key*. A device holds names and sealed cards; only the paper in the person's hand opens one.
"""

import base64
import binascii
import secrets
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES, NAME_BYTES, _NONCE = 16, 16, 12
MARK = "WGQ"
"""What the text of a code begins with: capitals and digits alone, which every scanner types the same."""

SECRET, CARD = "fair_invitation.secret", "fair_invitation.card"
"""What the two sealed columns are authenticated as."""


def new_secret() -> bytes:
    """A secret for one invitation."""
    return secrets.token_bytes(SECRET_BYTES)


def code_text(secret: bytes) -> str:
    """What the QR code says."""
    return MARK + base64.b32encode(secret).decode().rstrip("=")


def secret_of(text: str) -> bytes | None:
    """The secret that a code says; None where it is no code of ours."""
    told = text.strip().upper()
    if not told.startswith(MARK):
        return None
    body = told.removeprefix(MARK)
    try:
        secret = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == SECRET_BYTES else None


def card_name(secret: bytes) -> bytes:
    """By what the card is found."""
    return _derived(secret, b"name", NAME_BYTES)


def sealed_card(secret: bytes, card: dict[str, Any]) -> bytes:
    """The card as a device keeps it: nonce, ciphertext and tag, bound to its name."""
    nonce = secrets.token_bytes(_NONCE)
    key = _derived(secret, b"key", 32)
    return nonce + AESGCM(key).encrypt(nonce, orjson.dumps(card), card_name(secret))


def opened_card(secret: bytes, sealed: bytes) -> dict[str, Any]:
    """The card again."""
    key = _derived(secret, b"key", 32)
    told: dict[str, Any] = orjson.loads(
        AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], card_name(secret))
    )
    return told


def _derived(secret: bytes, what: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=b"wengang/fair/" + what).derive(secret)
