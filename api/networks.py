"""Which addresses the service may call: the public network's, and those internal ones that the settings name."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def networks_of(told: Collection[str]) -> tuple[Network, ...]:
    """The internal networks that the settings allow.

    Raises
    ------
    ValueError
        for what is no network.
    """
    return tuple(ip_network(each) for each in told)


def may_be_called(address: Address, allowed: Collection[Network]) -> bool:
    """Whether an address lies in the public network, or in one that the settings allow."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return may_be_called(mapped, allowed)
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return address.is_global and not address.is_multicast and not _tunnelled(address)


def _tunnelled(address: Address) -> bool:
    """IPv6 addresses that carry an IPv4 one inside, so that a gateway would lead to it, or that no public network has."""
    if isinstance(address, IPv4Address):
        return False
    return (
        address.sixtofour is not None
        or address.teredo is not None
        or any(address in network for network in _INSIDE)
    )


_INSIDE = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "fec0::/10", "::/96")))
"""Translated to IPv4, by the operator or the site; of the site alone; IPv4 written as IPv6."""
