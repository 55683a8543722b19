"""One call to an address that somebody typed: to public networks alone, without following anybody, within seconds."""

import asyncio
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from api.networks import Address, Network, may_be_called
from models.webhook import DeliveryError

WITHIN = 15.0
"""Seconds for all of it: a name is looked up, a connection made, an answer begun."""
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_TAKEN = range(200, 300)
_GONE = 410


class Refused(Exception):
    """The address is none that may be called."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error.value)
        self.error = error


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: the status of the answer, or why there was none."""

    code: int | None
    error: DeliveryError | None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver says that it wants no more messages at all."""
        return self.code == _GONE


def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    allowed: Collection[Network],
    ca_file: Path | None = None,
) -> Answer:
    """Send `body`. Nothing of an answer is read but its status. `ca_file`: whose certificates are believed besides the public ones."""
    return asyncio.run(_post(url, body, headers, allowed, trusting(ca_file)))


@cache
def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Whom a call over TLS believes."""
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


async def _post(
    url: str, body: bytes, headers: dict[str, str], allowed: Collection[Network], trust: ssl.SSLContext
) -> Answer:
    try:
        async with asyncio.timeout(WITHIN):
            return await _call(url, body, headers, allowed, trust)
    except Refused as refused:
        return Answer(None, refused.error)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(None, DeliveryError.TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Answer(None, DeliveryError.CONNECTION)


async def _call(
    url: str, body: bytes, headers: dict[str, str], allowed: Collection[Network], trust: ssl.SSLContext
) -> Answer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = await _resolved(host, port, allowed)
    if parts.scheme != "https" and not address.is_loopback:
        raise Refused(DeliveryError.FORBIDDEN)
    # The connection goes to the very address that was looked at: a second look-up could say another.
    literal = f"[{address}]" if address.version == 6 else str(address)
    target = f"{parts.scheme}://{literal}:{port}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    async with httpx.AsyncClient(
        verify=trust, timeout=_TIMEOUT, trust_env=False, follow_redirects=False
    ) as client:
        request = client.build_request(
            "POST",
            target,
            content=body,
            headers={**headers, "Host": parts.netloc, "Content-Type": "application/json"},
            extensions={"sni_hostname": host},
        )
        answer = await client.send(request, stream=True)
        try:
            code = answer.status_code
        finally:
            await answer.aclose()
    return Answer(code, None if code in _TAKEN else DeliveryError.ANSWER)


async def _resolved(host: str, port: int, allowed: Collection[Network]) -> Address:
    """The address behind a name; one that may not be called among several refuses them all."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(DeliveryError.ADDRESS) from None
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses:
        raise Refused(DeliveryError.ADDRESS)
    if not all(may_be_called(address, allowed) for address in addresses):
        raise Refused(DeliveryError.FORBIDDEN)
    return addresses[0]
