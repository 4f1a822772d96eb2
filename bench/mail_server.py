"""A mail server in a process of its own that takes everything and counts, at once or after a set delay for each mail."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Self


class MailServer:
    """`with MailServer() as server:` listens on `server.port`; `expect(n)` begins a count, `wait` ends it."""

    def __enter__(self) -> Self:
        fork = multiprocessing.get_context("spawn")
        self._line, theirs = fork.Pipe()
        self._process = fork.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        self.port: int = self._line.recv()
        return self

    def __exit__(self, *gone: object) -> None:
        self._process.terminate()
        self._process.join()

    def expect(self, mails: int, *, delay: float) -> None:
        """Count from nothing until so many have come; each is answered after `delay` seconds."""
        self._line.send((mails, delay))
        self._line.recv()

    def wait(self, *, seconds: float) -> tuple[float, float, int]:
        """When the first and the last mail was accepted (monotonic), and how long the last one was."""
        if not self._line.poll(seconds):
            raise SystemExit(f"not all mails came within {seconds:.0f} s")
        first, last, length = self._line.recv()
        return first, last, length


class _Count:
    """Shared by all connections."""

    def __init__(self, line: Connection) -> None:
        self.line = line
        self.expected, self.delay = 0, 0.0
        self.came, self.first = 0, 0.0

    def listen(self) -> None:
        self.expected, self.delay = self.line.recv()
        self.came = 0
        self.line.send(True)

    def accepted(self, length: int) -> None:
        now = time.monotonic()
        if not self.came:
            self.first = now
        self.came += 1
        if self.came == self.expected:
            self.line.send((self.first, now, length))


class _Talk(asyncio.Protocol):
    """Enough SMTP for a client that behaves; it offers pipelining as real servers do."""

    def __init__(self, count: _Count) -> None:
        self.count = count
        self.buffer = bytearray()
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 bench\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            at = self.buffer.find(end)
            if at < 0:
                return
            line = bytes(self.buffer[:at])
            del self.buffer[: at + len(end)]
            self._message(line) if self.in_data else self._command(line[:4].upper())

    def _command(self, verb: bytes) -> None:
        if verb == b"EHLO":
            self.transport.write(b"250-bench\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        elif verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")

    def _message(self, text: bytes) -> None:
        self.in_data = False
        if self.count.delay:
            asyncio.get_running_loop().call_later(self.count.delay, self._accept, len(text))
        else:
            self._accept(len(text))

    def _accept(self, length: int) -> None:
        self.count.accepted(length)
        if not self.transport.is_closing():
            self.transport.write(b"250 taken\r\n")


def _serve(line: Connection) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        count = _Count(line)
        server = await loop.create_server(lambda: _Talk(count), "127.0.0.1", 0)
        loop.add_reader(line.fileno(), count.listen)
        line.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())
