"""The project as a whole: templates compile, lock files hold, production starts clean."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import secrets
from config.services import launch

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(str(path.relative_to(folder)) for folder in (ROOT / "templates",) for path in folder.rglob("*") if path.suffix in (".html", ".txt", ".css"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", [each for each in TEMPLATES if not each.endswith(".css")])
def test_every_template_compiles(name: str) -> None:
    get_template(name)


def test_there_are_templates_to_compile() -> None:
    assert len(TEMPLATES) > 20


def _pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9._\[\]-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE)}


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.lock", []), ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"])])
def test_lock_files_answer_to_the_project_and_name_no_address(lock: str, wanted: list[str]) -> None:
    pins = _pins(lock)
    for line in [*PROJECT["project"]["dependencies"], *wanted]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)], prereleases=True), f"run `make lock`: {line}"
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)


def test_every_direct_dependency_has_a_floor() -> None:
    for line in [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]:
        assert any(each.operator in (">=", "==", "~=") for each in Requirement(line).specifier), line


def test_every_room_stands_under_the_import_contracts() -> None:
    contracts = {each["name"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
    rooms = {app.name for app in apps.get_app_configs() if app.name.startswith(("committees.", "organizing."))}
    assert set(contracts["Order inside a room"]["containers"]) == rooms - {"committees.base"}
    floors = contracts["Floors of committees, top first"]["layers"]
    assert {f"committees.{floor}" for floor in floors} == {room for room in rooms if room.startswith("committees.")}


PRODUCTION = {
    "PRODUCTION": "1",
    "SITE_URL": "https://rankandfile.example",
    "DATABASE_URL": "postgres://u:p@db.example/x",
    "REDIS_URL": "redis://redis.example/1",
    "CELERY_BROKER_URL": "redis://redis.example/0",
    "MAIL_URL": "smtp+tls://u:p@mail.example:587",
    "RANKFILE_IGNORE_DOTENV": "1",
}


def manage(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "RANKFILE_VAR", "LANG")}
    return subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=bare | env, capture_output=True, text=True, check=False)


@pytest.fixture
def production() -> dict[str, str]:
    return PRODUCTION | secrets.new_ones()


def test_production_passes_the_deployment_check(production: dict[str, str]) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout + done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "VAPID_PRIVATE_KEY", "DATABASE_URL", "MAIL_URL", "REDIS_URL", "SITE_URL"])
def test_production_says_in_one_line_what_is_missing(production: dict[str, str], missing: str) -> None:
    del production[missing]
    done = manage("check", **production)
    assert done.returncode != 0
    assert missing in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", [{"DEBUG": "1"}, {"DEMO": "1"}])
def test_production_refuses_debug_and_the_demo(production: dict[str, str], wrong: dict[str, str]) -> None:
    done = manage("migrate", **production, **wrong)
    assert done.returncode != 0
    assert next(iter(wrong)) in done.stderr
    assert "Traceback" not in done.stderr


def test_the_launcher_runs_without_the_environment() -> None:
    """It runs isolated, before any user is changed: it may use the standard library alone."""
    imports = re.findall(r"^(?:import|from) ([a-z_]+)", Path(launch.__file__).read_text(), re.MULTILINE)
    assert set(imports) <= set(sys.stdlib_module_names)


def test_every_variable_of_the_environment_is_in_the_configuration_table() -> None:
    table = (ROOT / "docs" / "running.md").read_text()
    code = "\n".join(path.read_text() for folder in ("config", "committees", "organizing") for path in (ROOT / folder).rglob("*.py"))
    names = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z][A-Z_]+)"', code)) | {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "VAPID_PRIVATE_KEY"}
    assert len(names) > 20
    assert [name for name in sorted(names) if f"`{name}`" not in table] == []
