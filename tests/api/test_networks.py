"""Which addresses the service may call."""

from ipaddress import ip_address

import pytest

from api.networks import may_be_called, networks_of


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
