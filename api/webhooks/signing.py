"""Signatures of the standard-webhooks scheme: `v1,` and the Base64 of HMAC-SHA256 over number, time and body."""

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> bytes:
    """A key that signs."""
    return secrets.token_bytes(_BYTES)


def told_secret(key: bytes) -> str:
    """The key as it is told to whoever verifies."""
    return PREFIX + base64.b64encode(key).decode()


def headers_of(keys: Iterable[bytes], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; while the key is being changed, one signature by each, the newest first."""
    signed = f"{message}.{timestamp}.".encode() + body
    made = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in made),
    }
