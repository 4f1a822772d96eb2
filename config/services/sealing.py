"""Files that only the holder of a key can open: streams in the age format (age-encryption.org), packed by gzip inside.

A server holds only public keys. The private one is brought for a restore and lies nowhere on the machine; the `age` program of
any distribution opens the same files. Nothing here imports Django or a room.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import subprocess
import tempfile
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage

from config.services.errors import ServiceFailed

SUFFIX = ".age"
PIECE = 1 << 18
#: Fast above all: the write-ahead log of a quiet server is mostly zeros.
LEVEL = 3
GZIP_FRAME = 31


class Reader(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def recipients(text: str) -> list[Any]:
    """The public keys of a list, one a line: age1… or an SSH key. Lines after # say whose they are."""
    found = []
    for line in _lines(text):
        try:
            found.append(pyrage.ssh.Recipient.from_str(line) if line.startswith("ssh-") else pyrage.x25519.Recipient.from_str(line))
        except pyrage.RecipientError:
            raise ServiceFailed(f"“{line[:24]}” is no public key: one begins with age1 or with ssh-ed25519.") from None
    if not found:
        raise ServiceFailed("No public key is given: `age-keygen -o backup.key`, on another machine than the server, makes a pair and says the public one.")
    return found


def identities(text: str) -> list[Any]:
    """The private keys of a file that age-keygen wrote, or an SSH key without a passphrase."""
    if "PRIVATE KEY-----" in text:
        try:
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        except pyrage.IdentityError as problem:
            raise ServiceFailed(f"This SSH key cannot be used: {problem}.") from None
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in _lines(text)]
    except pyrage.IdentityError:
        raise ServiceFailed("This is no private key: one is a line that begins with AGE-SECRET-KEY-1.") from None
    if not found:
        raise ServiceFailed("The file holds no private key.")
    return found


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


class _Packed(io.RawIOBase):
    """What a reader gives, packed, as a reader."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_FRAME)
        self._waiting = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting and not self._ended:
            piece = self._source.read(PIECE)
            self._waiting = self._packer.compress(piece) if piece else self._packer.flush()
            self._ended = not piece
        given, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def seal(source: Reader, target: Path, to: Iterable[Any], *, mode: int = 0o640) -> int:
    """Write what the reader gives into a file that only the keys' holders open; returns its size. The file is there under its
    name once it is whole and on the disk, or not at all."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            pyrage.encrypt_io(_Packed(source), out, list(to))
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
        part.rename(target)
    except pyrage.EncryptError as problem:
        raise ServiceFailed(f"{target.name} could not be sealed: {problem}.") from None
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return target.stat().st_size


class _Output:
    """A program's output, which counts only where the program ended well."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self._process, self._complaints = process, complaints

    def read(self, size: int = -1, /) -> bytes:
        assert self._process.stdout is not None
        piece = self._process.stdout.read(size)
        if not piece and self._process.wait():
            self._complaints.seek(0)
            raise ServiceFailed(self._complaints.read().decode(errors="replace").strip()[-1000:])
        return piece


def seal_output(command: Sequence[str], target: Path, to: Iterable[Any], *, env: Mapping[str, str]) -> int:
    """Run a program and seal what it prints. Where it fails there is no file, and its complaint is the reason."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, env=dict(env))
        try:
            return seal(_Output(process, complaints), target, to)
        finally:
            process.kill()
            process.communicate()


class _Unpacked:
    """A writer that unpacks what it is given into another one."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._unpacker = zlib.decompressobj(GZIP_FRAME)

    def write(self, piece: bytes) -> int:
        self._target.write(self._unpacker.decompress(piece))
        return len(piece)

    def flush(self) -> None:
        self._target.flush()

    def finish(self) -> None:
        self._target.write(self._unpacker.flush())
        if not self._unpacker.eof:
            raise ServiceFailed("The file is not whole.")


def unseal(sealed: Path, target: IO[bytes], keys: Iterable[Any]) -> None:
    """Open a sealed file into a writer. Whatever was written before a failure is not to be used."""
    writer = _Unpacked(target)
    try:
        with sealed.open("rb") as source:
            pyrage.decrypt_io(source, writer, list(keys))
        writer.finish()
    except (pyrage.DecryptError, OSError, zlib.error) as problem:
        raise ServiceFailed(f"{sealed.name} cannot be opened with this key, or is damaged: {problem}.") from None


@contextlib.contextmanager
def unsealing(sealed: Path, keys: Iterable[Any]) -> Iterator[IO[bytes]]:
    """The content of a sealed file as a reader, for a program's standard input. Raises at the end where it was not whole."""
    source, into = os.pipe()
    failed: list[BaseException] = []

    def pour() -> None:
        try:
            with open(into, "wb") as target:
                unseal(sealed, target, keys)
        except (ServiceFailed, OSError) as problem:
            failed.append(problem)

    thread = threading.Thread(target=pour, daemon=True)
    with open(source, "rb") as reader:
        thread.start()
        yield reader
    thread.join()
    if failed:
        raise failed[0]
