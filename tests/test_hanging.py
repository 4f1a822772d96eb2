"""A run comes to its end also where a test hangs in a way that no time limit inside it can stop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANGS = """
import threading
from concurrent.futures import ThreadPoolExecutor

def test_waits_for_a_thread_that_never_ends():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(threading.Event().wait).result()

def test_that_comes_after_it():
    pass
"""


def test_a_test_that_hangs_even_after_its_time_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text("from tests import hanging\n\nhanging.MORE = 1\n")
    (tmp_path / "test_hangs.py").write_text(HANGS)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {"PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-m", "pytest", "-p", "tests.hanging", "-p", "no:randomly", "-p", "no:django", "-p", "no:valkey", "-n", "1", "--timeout=1"]
    done = subprocess.run(argv, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "crashed while running 'test_hangs.py::test_waits_for_a_thread_that_never_ends'" in done.stdout
    assert "1 failed, 1 passed" in done.stdout
    assert "threading.py" in done.stderr, "it says where each thread stands"
