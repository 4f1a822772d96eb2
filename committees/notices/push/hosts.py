"""To which machines a message may go. A browser names the address, and a browser is whoever writes to us: it must not be able to
make this server ask for anything inside its own network, or anywhere that is no push service."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

_HTTPS = 443
_LONGEST = 1000


class NotAllowed(ValueError):
    """No message goes to this address."""


def check(endpoint: str) -> str:
    """The host of an address, if a message may go there as far as the address itself says. NotAllowed otherwise."""
    if settings.PUSH_TEST_ORIGIN and endpoint.startswith(f"{settings.PUSH_TEST_ORIGIN}/"):
        return urlsplit(endpoint).hostname or ""
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise NotAllowed("not an address") from error
    strange = not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint or len(endpoint) > _LONGEST
    if strange or parts.scheme != "https" or not host or port not in (None, _HTTPS) or "@" in parts.netloc or parts.fragment:
        raise NotAllowed("not an address")
    if not is_named(host):
        raise NotAllowed("host not allowed")
    return host


def is_named(host: str) -> bool:
    """Whether PUSH_HOSTS names it: itself, or a domain above it (`*.example.org`); `*` names every public host."""
    if _is_number(host) or "." not in host:
        return False
    return any(name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:])) for name in settings.PUSH_HOSTS)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit() or host.startswith("0x")
    return True


def addresses(host: str) -> list[str]:
    """Where the host is at this moment. NotAllowed if any of it lies inside: a name that answers with both is a trap.

    The connection goes to what this returns, so that a name cannot answer differently the second time. OSError if the name
    is nowhere.
    """
    found = list(dict.fromkeys(str(each[4][0]) for each in socket.getaddrinfo(host, _HTTPS, type=socket.SOCK_STREAM)))
    if not all(is_public(each) for each in found):
        raise NotAllowed("address not public")
    return found


def is_public(address: str) -> bool:
    """Whether it is out there. One that carries another inside (mapped, 6to4, NAT64, Teredo) is not trusted."""
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address) and (number.ipv4_mapped or number.sixtofour or number.teredo or number in _NAT64):
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
