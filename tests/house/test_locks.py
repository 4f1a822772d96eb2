"""What runs is what was tested."""

from __future__ import annotations

import re

from tests.house.code import ROOT


def _pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*(?:\[[^\]]*\])?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_a_running_server_has_the_versions_that_the_tests_ran_with() -> None:
    runs, tested = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert len(runs) > 20
    assert {name: (version, tested.get(name)) for name, version in runs.items() if tested.get(name) != version} == {}
