"""`python -m tests.faults [words for pytest]`: every fault at its full size, with the figures at the end. Takes half an hour."""

import os
import sys

os.environ["RANKFILE_FAULTS"] = "full"

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["tests/faults", "-q", "-p", "no:randomly", "--timeout=1800", *sys.argv[1:]]))
