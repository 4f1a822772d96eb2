"""`python -m tests.faults [words for pytest, as -k kills]`: every fault at its full size, with the figures at the end.

Takes half an hour on a quiet machine.
"""

import os
import sys

os.environ["RANKFILE_FAULTS"] = "full"

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["tests/faults", "-q", "-p", "no:randomly", "--timeout=1800", *sys.argv[1:]]))
