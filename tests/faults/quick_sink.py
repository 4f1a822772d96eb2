"""A mail server for thousands of mails a second, in a thread, that fails as real ones do.

tests/mail_sink.py keeps whole messages and understands every command; this one only notes who got what and when.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.mail_sink import Fault

_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)

type Faults = Callable[[str, int], Fault | None]


@dataclass(frozen=True)
class Noted:
    """One accepted message. `at` is the moment of its acceptance (monotonic)."""

    recipient: str
    message_id: str
    at: float


@dataclass
class QuickSink:
    """`fault(recipient, try)` says how the server answers the nth try for a recipient; `delay` is how slow it is."""

    fault: Faults = lambda recipient, n: None
    delay: float = 0.0
    pipelining: bool = True
    accepted: list[Noted] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self) -> None:
        """Listen, on the same port as before."""
        start = self._loop.create_server(lambda: _Talk(self), "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Hang up on everybody and take no connection until `open`."""

        async def close() -> None:
            self._server.close()
            self._server.close_clients()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self) -> Counter[str]:
        """How often each recipient got a mail."""
        return Counter(noted.recipient for noted in self.accepted)

    def message_ids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for noted in self.accepted:
            found[noted.recipient].add(noted.message_id)
        return found

    def wait_for(self, n: int, *, seconds: float) -> bool:
        """Until `n` mails were accepted. False if they were not in so many seconds."""
        with self._news:
            return self._news.wait_for(lambda: len(self.accepted) >= n, seconds)

    def note(self, recipient: str, message_id: str) -> None:
        """A message is accepted."""
        with self._news:
            self.accepted.append(Noted(recipient, message_id, time.monotonic()))
            self._news.notify_all()


class _Talk(asyncio.Protocol):
    def __init__(self, sink: QuickSink) -> None:
        self.sink = sink
        self.buffer = b""
        self.in_data = False
        self.recipient = ""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._say(b"220 sink")

    def _say(self, line: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(line + b"\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            if self.in_data:
                text, end, rest = self.buffer.partition(b"\r\n.\r\n")
                if not end:
                    return
                self.buffer, self.in_data = rest, False
                self._message(text)
            else:
                line, end, rest = self.buffer.partition(b"\r\n")
                if not end:
                    return
                self.buffer = rest
                self._command(line)

    def _command(self, line: bytes) -> None:
        match line[:4].upper():
            case b"EHLO":
                self._say(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME" if self.sink.pipelining else b"250-sink\r\n250 8BITMIME")
            case b"RCPT":
                self._rcpt(line[line.index(b"<") + 1 : line.index(b">")].decode())
            case b"DATA":
                self.in_data = bool(self.recipient)
                self._say(b"354 go on" if self.recipient else b"503 nobody to send it to")
            case b"QUIT":
                self._say(b"221 bye")
                self.transport.close()
            case _:
                self.recipient = ""
                self._say(b"250 ok")

    def _rcpt(self, recipient: str) -> None:
        self.sink.tries[recipient] += 1
        self.found = self.sink.fault(recipient, self.sink.tries[recipient])
        if self.found in (Fault.TEMPORARY, Fault.FINAL):
            self._say(b"451 4.7.1 later" if self.found == Fault.TEMPORARY else b"550 5.1.1 nobody here")
            return
        self.recipient = recipient
        self._say(b"250 ok")

    def _message(self, text: bytes) -> None:
        if self.found == Fault.DROP:
            self.transport.abort()
            return
        if self.found == Fault.SILENCE:
            return
        found = _ID.search(text)
        self.sink.note(self.recipient, found[1].decode() if found else "")
        self.recipient = ""
        if self.sink.delay:
            asyncio.get_running_loop().call_later(self.sink.delay, self._say, b"250 taken")
        else:
            self._say(b"250 taken")
