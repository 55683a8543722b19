"""Which addresses the service may call."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.networks import may_be_called, networks_of
from api.webhooks.calling import post
from models.webhook import DeliveryError

from .receiver import Receiver, receiver

__all__ = ["receiver"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "fec0::1", "::10.0.0.1", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_internal_addresses_are_not_called(address: str) -> None:
    assert not may_be_called(ip_address(address), ())


def test_public_addresses_are_called_and_internal_ones_by_setting() -> None:
    assert all(may_be_called(ip_address(each), ()) for each in ("1.1.1.1", "2400:3200::1"))
    allowed = networks_of(["10.20.0.0/16"])
    assert may_be_called(ip_address("10.20.3.4"), allowed)
    assert not may_be_called(ip_address("10.21.3.4"), allowed)
    with pytest.raises(ValueError, match="host bits"):
        networks_of(["10.20.0.1/16"])


def test_an_internal_networks_own_certificate_is_believed_by_setting(
    receiver: Receiver, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "internal")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "ca.pem", tmp_path / "key.pem"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    url, allowed = f"https://127.0.0.1:{receiver.port}/", networks_of(["127.0.0.0/8"])
    assert post(url, b"{}", {}, allowed).error is DeliveryError.CONNECTION
    assert receiver.got == []
    assert post(url, b"{}", {}, allowed, public).taken
    assert len(receiver.got) == 1
