"""Does the time of an answer tell whether an address has an account? `python -m bench.accounts [--pairs N]`.

Each way in is asked in turn for an address that has an account and for one that has none (A B A B …), every address once,
with the real password hasher and the real outbox, rate limits off. Printed: the median time of each, and the median of the
ratios of the pairs, which must lie between 0.9 and 1.1. Exit code 1 where it does not.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from typing import Any

from bench import lib

LOW, HIGH = 0.9, 1.1
PASSWORD = "paper lamp in the river"  # noqa: S105
#: The pages, the name of their field, and the other fields that go with it.
WAYS: dict[str, tuple[str, dict[str, str]]] = {
    "/account/sign-in/": ("login", {"password": "not the password"}),
    "/account/sign-in/code/": ("email", {}),
    "/account/password/forgotten/": ("email", {}),
    "/account/join/email/": ("address", {}),
}


def accounts(number: int) -> list[str]:
    """Addresses that have an account with a password."""
    from django.utils import timezone

    from committees.people import commands

    made = [f"{secrets.token_hex(6)}@known.example" for _ in range(number)]
    for address in made:
        commands.create(email=address, password=PASSWORD, at=timezone.now())
    return made


def asked(path: str, address: str) -> float:
    """Milliseconds of one answer, from a browser that was never here."""
    from django.test import Client

    field, others = WAYS[path]
    client = Client()
    began = time.perf_counter()
    client.post(path, {field: address, **others}, headers={"host": "localhost"})
    return (time.perf_counter() - began) * 1000


def measured(path: str, known: list[str]) -> dict[str, Any]:
    """Pairs in turn, the order of each pair the other way round than the one before."""
    first, second = [], []
    for n, address in enumerate(known):
        unknown = f"{secrets.token_hex(6)}@nobody.example"
        if n % 2:
            second.append(asked(path, unknown))
            first.append(asked(path, address))
        else:
            first.append(asked(path, address))
            second.append(asked(path, unknown))
    ratio = statistics.median(a / b for a, b in zip(first, second, strict=True))
    return {"known": statistics.median(first), "unknown": statistics.median(second), "ratio": ratio}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=150)
    pairs: int = parser.parse_args().pairs
    worst = 1.0
    with lib.world():
        from django.test import override_settings

        with override_settings(ACCOUNT_RATE_LIMITS=False):
            for path in WAYS:
                known = accounts(pairs + 10)
                measured(path, known[pairs:])  # warms up
                found = measured(path, known[:pairs])
                worst = max(worst, found["ratio"], 1 / found["ratio"])
                print(f"{path:32} known {found['known']:7.2f} ms   unknown {found['unknown']:7.2f} ms   ratio {found['ratio']:.3f}")
    raise SystemExit(0 if 1 / worst >= LOW and worst <= HIGH else 1)


if __name__ == "__main__":
    main()
