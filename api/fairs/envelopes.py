"""Commands as devices keep and send them: sealed where they are said, for a key that only the service has.

An envelope is an ephemeral public key (P-256, 65 bytes), a nonce of twelve, then AES-256-GCM ciphertext and tag. The key is
HKDF-SHA-256 of what both keys agree on. The device's number and the command's key are authenticated with it, so that no
envelope can be sent as another's.
"""

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

DEVICE_KEY = "kiosk_device.key"
"""What a device's private key is authenticated as."""

_POINT, _NONCE, _TAG = 65, 12, 16
_INFO = b"wengang/kiosk/command"


class Unopened(ValueError):
    """No envelope for this key, or one that was altered or sent as another's."""


def new_key() -> tuple[bytes, bytes]:
    """A key pair: the private key as DER, the public one as a point."""
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), public


def context(device_id: int, key: str) -> bytes:
    """What is authenticated with an envelope."""
    return f"{device_id}:{key}".encode()


def open_envelope(private_key: bytes, envelope: bytes, bound_to: bytes) -> bytes:
    """What was said.

    Raises
    ------
    Unopened
        when it can't be read.
    """
    private = load_der_private_key(private_key, None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or len(envelope) < _POINT + _NONCE + _TAG:
        raise Unopened
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), envelope[:_POINT])
        shared = private.exchange(ec.ECDH(), point)
        key = HKDF(SHA256(), 32, salt=None, info=_INFO + envelope[:_POINT]).derive(shared)
        nonce = envelope[_POINT : _POINT + _NONCE]
        return AESGCM(key).decrypt(nonce, envelope[_POINT + _NONCE :], bound_to)
    except (ValueError, InvalidTag) as error:
        raise Unopened from error


def seal_envelope(public_key: bytes, content: bytes, bound_to: bytes, nonce: bytes) -> bytes:
    """As a device does it; for tests and for programs that stand in for one."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
    key = HKDF(SHA256(), 32, salt=None, info=_INFO + point).derive(ephemeral.exchange(ec.ECDH(), theirs))
    return point + nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def from_text(text: str) -> bytes:
    """Bytes of base64url without padding.

    Raises
    ------
    Unopened
        when it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unopened from error


def to_text(content: bytes) -> str:
    """As `from_text` reads it."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
