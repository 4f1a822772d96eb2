"""Our whole middleware on an empty view ÷ a bare Django view: `python -m bench.middleware [--requests N] [--rounds N]`."""

from __future__ import annotations

import argparse

from bench import lib


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with lib.world(), lib.Server(settings="bench.ours") as ours, lib.Server(settings="bench.bare") as bare:
        first, second, ratio = lib.paired(
            lambda: lib.round_of(ours.served, "/empty/", requests=options.requests),
            lambda: lib.round_of(bare.served, "/empty/", requests=options.requests),
            rounds=options.rounds,
        )
    a, b = lib.median(first), lib.median(second)
    print(f"ours: {a.rate:.0f} requests/s, {a.app_ms:.3f} ms CPU; bare: {b.rate:.0f} requests/s, {b.app_ms:.3f} ms CPU; failed {a.failed + b.failed}")
    print(f"ours ÷ bare: {ratio:.2f} requests/s, {b.app_ms / a.app_ms:.2f} by CPU")


if __name__ == "__main__":
    main()
