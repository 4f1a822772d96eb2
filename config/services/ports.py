"""Is a port free, and does something answer on it?"""

from __future__ import annotations

import errno
import http.client
import socket
import time

from config.services.errors import ServiceFailed


def taken(port: int, host: str = "127.0.0.1") -> bool:
    """True if another program listens on this port, or on the same port of the other loopback address."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise ServiceFailed(f"Port {port} may only be used by root. Choose one above 1023.") from None
            return True
    return host == "127.0.0.1" and _listens("::1", port)


def _listens(host: str, port: int) -> bool:
    """A browser that resolves `localhost` may ask ::1 first and reach the wrong program."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def require_free(port: int, *, variable: str, what: str, host: str = "127.0.0.1", patience: float = 3) -> None:
    """Refuse to start on a port in use. Waits a little: a server that was just killed may still be closing."""
    deadline = time.monotonic() + patience
    while taken(port, host):
        if time.monotonic() > deadline:
            raise ServiceFailed(f"Port {port} ({what}) is in use by another program. Stop that one, or choose another port: {variable}={port + 1} make run")
        time.sleep(0.2)


def page(port: int, path: str, host: str = "127.0.0.1", *, named: str = "localhost", secure: bool = False) -> tuple[int, bytes]:
    """GET one page; status 0 if nobody answers yet."""
    line = http.client.HTTPConnection(host, port, timeout=10)
    try:
        line.request("GET", path, headers={"Host": named} | ({"X-Forwarded-Proto": "https"} if secure else {}))
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        line.close()


def smtp_answers(host: str, port: int) -> bool:
    """True if a mail server greets there."""
    try:
        with socket.create_connection((host, port), timeout=2) as line:
            line.settimeout(2)
            return line.recv(64).startswith(b"220")
    except OSError:
        return False
