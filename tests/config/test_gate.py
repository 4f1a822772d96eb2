"""The gate counts what ran and lets nothing be skipped without leave; the shell scripts are sound."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import chromium, gate

ROOT = Path(__file__).resolve().parent.parent.parent

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure message="no"/></testcase><testcase name="c"><error message="no"/></testcase>
<testcase name="d"><skipped message="RANKFILE_DATA is not set (…)"/></testcase><testcase name="e"><skipped message="not today"/></testcase>
</testsuite></testsuites>"""


def test_the_report_is_counted(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(REPORT)
    tests = gate.read_report(tmp_path / "r.xml")
    assert (tests.total, tests.passed, tests.failed, tests.skipped, tests.skipped_without_leave) == (5, 1, 2, 2, 1)


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("def test_a(): pass", True),
        ("def test_a(): assert False", False),
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('RANKFILE_DATA is not set')", True),
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('I do not feel like it')", False),
        ("", False),
    ],
)
def test_a_skip_without_leave_and_an_empty_run_fail_the_gate(tmp_path: Path, body: str, passes: bool) -> None:
    (tmp_path / "test_x.py").write_text(body)
    env = {"PATH": "/usr/bin:/bin"}
    arguments = ["-c", "/dev/null", "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly", "--rootdir", str(tmp_path), str(tmp_path)]
    outcome, _ = gate.run_tests(arguments, env, tmp_path / "report.xml")
    assert outcome.passed is passes


def test_a_failing_check_shows_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gate.run_check("example", gate.python("-c", "print('line 7 is wrong'); raise SystemExit(1)"), {})
    assert not outcome.passed
    assert "line 7 is wrong" in capsys.readouterr().out


def test_the_gate_s_environment_hides_the_developer_s_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    monkeypatch.setenv("RANKFILE_DATA", "/lists")
    env = gate.make_environment(tmp_path)
    assert "DATABASE_URL" not in env
    assert (env["RANKFILE_DATA"], env["RANKFILE_VAR"]) == ("/lists", str(tmp_path))


def test_the_last_lines_say_how_many_passed(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [gate.Outcome("linter", True, 1), gate.Outcome("tests", True, 9)]
    assert gate.summary(outcomes, gate.Tests(total=12, skipped=2), 0)
    assert capsys.readouterr().out.splitlines()[-1] == "10 tests passed, 0 failed, 2 skipped."
    assert not gate.summary([gate.Outcome("types", False, 1)], None, 0)


def test_chromium_is_found_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "chrome"
    browser.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert chromium.find() == str(browser)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert chromium.find() is None


def test_without_any_chromium_the_installer_fails_plainly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "_try", lambda *command: False)
    assert chromium.main() == 1
    assert "CHROMIUM" in capsys.readouterr().err


@pytest.mark.parametrize("script", [".ci/run", "tools/environment.sh"])
def test_shell_scripts_parse(script: str) -> None:
    done = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "reset", "doctor", "lock", "format"])
def test_every_make_target_is_one_that_make_knows(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
