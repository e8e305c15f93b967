"""By which names this server may be asked for."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

LEAST_TOKEN = 16
"""Characters of a token for an address that others can reach."""

FOREIGN = "Pages of other sites may not ask this server."


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach an address.

    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "10.0.0.2")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def allowed_hosts(host: str, named: Iterable[str]) -> frozenset[str]:
    """Names for a server on this address; ``*`` among them stands for any IP address."""
    if is_loopback(host):
        return LOOPBACK | {host, *(name.lower() for name in named)}
    own = socket.gethostname().lower()
    return frozenset({"*", *LOOPBACK, host.lower(), own, f"{own}.local", *map(str.lower, named)})


def host_of(header: str) -> str:
    """The name in a ``Host`` header, without the port; empty for what is none.

    >>> [host_of(header) for header in ("127.0.0.1:8600", "[::1]:8600", "Photos.lan", "a b", "")]
    ['127.0.0.1', '::1', 'photos.lan', '', '']
    """
    name, bracket, _ = header.strip().lower().rpartition("]")
    if bracket:
        return name.removeprefix("[")
    name, colon, port = header.strip().lower().partition(":")
    return name if (not colon or port.isdecimal()) and not set(name) & set(" /@,\t") else ""


def is_allowed(host: str, hosts: frozenset[str]) -> bool:
    """Whether a request for this name is for this server.

    With ``*`` any IP address is fine too: no site can point a name of its own at it and keep it.
    """
    return host in hosts or ("*" in hosts and _address(host) is not None)


def foreign(headers: Headers, hosts: frozenset[str]) -> tuple[int, str] | None:
    """Status and words for a page of another site, or for one that renamed this address."""
    if not is_allowed(host_of(headers.get("host", "")), hosts):
        return 421, "This server has another name. Ask for it by that."
    origin = headers.get("origin")
    own = {f"{scheme}://{headers['host'].lower()}" for scheme in ("http", "https")}  # a proxy's
    if origin is not None and origin.lower() not in own:
        return 403, FOREIGN
    return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
