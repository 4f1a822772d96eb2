"""The installer on paper: units, settings, the proxy, the steps. Whether they work is proved by deploy/prove in a root of its own."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from config.services import parts
from deploy import environment, machine, options, places, proxy, releases, rollback, steps
from tests.house.code import ROOT

UNITS = sorted(path for path in (places.FILES / "systemd").iterdir() if path.is_file())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
HARDENING = places.FILES / "systemd" / "rankfile-.service.d" / "10-hardening.conf"
KEY = "age1" + "q" * 58
WORDS = ("--domain", "committees.example.org", "--mail-url", "smtp+tls://u:sentinel-password@mail.example:587", "--backup-key", KEY)


class Section(dict[str, Any]):
    """systemd's units name a key more than once: all values are kept."""

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self and isinstance(value, list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    parser = configparser.RawConfigParser(strict=False, dict_type=Section, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(path.read_text())
    return {name: {key: str(value).splitlines() or [""] for key, value in parser[name].items()} for name in parser.sections()}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_can_be_read(path: Path) -> None:
    found = unit(path)
    assert found["Unit"]["Description"][0].startswith("Rank & File")
    assert set(found) <= {"Unit", "Service", "Timer", "Slice", "Install"}


def test_every_part_of_a_server_has_a_unit() -> None:
    begins = {
        name: [path.name for path in SERVICES if f"-m config.services.run {name}" in "\n".join(unit(path)["Service"]["ExecStart"])] for name in parts.PARTS
    }
    assert begins == {name: [f"rankfile-{name}.service" if name != "web" else "rankfile-web@.service"] for name in parts.PARTS}
    wanted = "\n".join(unit(places.FILES / "systemd" / "rankfile.target")["Unit"]["Wants"]).split()
    assert set(places.PARTS) | {"rankfile-valkey.service", "rankfile-proxy.service"} <= set(wanted)
    for name in wanted:
        assert (places.FILES / "systemd" / re.sub(r"@\d+", "@", name)).exists(), name


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_as_nobody_special(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"][0] in ("rankfile", "postgres", "www-data")
    assert service["CapabilityBoundingSet"][0] in ("", "CAP_NET_BIND_SERVICE")
    assert service.get("Type", [""])[0] in ("exec", "notify", "oneshot")
    if service["Type"][0] != "oneshot":
        assert service["Restart"] == ["always"]
        assert unit(path)["Unit"]["StartLimitIntervalSec"] == ["0"], "it must not be given up while the database is away"


def test_all_services_are_hardened_alike_and_share_no_fate() -> None:
    service = unit(HARDENING)["Service"]
    for name, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "MemoryDenyWriteExecute": "yes",
        "LimitCORE": "0",
    }.items():
        assert service[name] == [value]
    everything = HARDENING.read_text() + "".join(path.read_text() for path in SERVICES)
    assert not re.search(r"^RemoveIPC=", everything, re.MULTILINE), "a user's shared memory goes with the first of its services that ends: PostgreSQL's too"


def test_no_secret_stands_in_a_unit_or_in_a_configuration_file() -> None:
    for path in (path for path in places.FILES.rglob("*") if path.is_file()):
        text = path.read_text()
        assert not re.search(r"(SECRET_KEY|FIELD_ENCRYPTION_KEYS|VAPID_PRIVATE_KEY|MAIL_URL|PASSWORD)\s*=", text), path
        assert "AGE-SECRET-KEY" not in text
    for path in SERVICES:
        service = unit(path)["Service"]
        files = service.get("EnvironmentFile", [])
        if service["User"] == ["rankfile"] and "valkey" not in path.name:
            assert files == ["/etc/rankfile/settings.env", "/etc/rankfile/secrets.env"]
        else:
            assert files == [], "only the application itself holds the keys"
        assert all(each.startswith("PORT=") for each in service.get("Environment", []))


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"], exclude_characters="\x7f\x85\u2028\u2029"), max_size=60)


@given(TEXT)
def test_a_setting_is_read_back_as_it_was_written(value: str) -> None:
    assert environment.parse(environment.line("NAME", value)) == {"NAME": value}


@pytest.mark.parametrize(
    "value", ["plain", "", "two words", "it's", 'a "b" c', "$HOME `id` \\ \\n", "#no comment", "a=b&c;d|e>f", "  edges  ", "ñ 工人", "%i 100%", "~", "*"]
)
def test_a_shell_reads_a_setting_as_we_do(value: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.env"
    path.write_text(environment.changed("# ours\n", {"NAME": value, "NEXT": "there"}))
    done = subprocess.run(["sh", "-c", f'. {path}; printf "%s|%s" "$NAME" "$NEXT"'], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout == f"{value}|there"
    assert environment.read(path) == {"NAME": value, "NEXT": "there"}


@pytest.mark.parametrize("value", ["two\nlines", "bell\a", "del\x7f"])
def test_what_no_reader_can_hold_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        environment.line("NAME", value)


def test_what_somebody_wrote_into_the_settings_stays() -> None:
    text = "# mine\nWEB_THREADS=4\nSITE_URL=https://old.example\n"
    assert environment.changed(text, {"SITE_URL": "https://new.example", "DEMO": "0"}) == "# mine\nWEB_THREADS=4\nSITE_URL=https://new.example\nDEMO=0\n"


def chosen(*words: str, remembered: dict[str, str] | None = None) -> options.Options:
    return options.options([*words], remembered=remembered or {}, ask=False)


def test_what_is_missing_or_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_URL", raising=False)
    with pytest.raises(machine.Stop) as stop:
        chosen()
    assert stop.value.code == machine.USAGE
    assert all(word in str(stop.value) for word in ("--domain", "MAIL_URL", "--backup-key", "--without-backups"))
    for words in (
        ["--domain", "localhost"],
        ["--domain", "a b.org"],
        ["--mail-url", "ftp://x"],
        ["--mail-url", "smtp://host:notaport"],
        ["--backup-key", "AGE-SECRET-KEY-1ABC"],
        ["--certificate", str(ROOT / "README.md"), "--tls", "files"],
        ["--certificate", "/nowhere", "--private-key", "/nowhere"],
    ):
        with pytest.raises(machine.Stop):
            chosen(*WORDS, *words)


def test_a_second_run_knows_what_the_first_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_URL", raising=False)
    known = {"DOMAIN": "committees.example.org", "MAIL_URL": "smtp://h", "BACKUP_KEYS": f"{KEY}\n", "DEPLOY_TLS": "files", "DEPLOY_ONION": "1"}
    again = chosen(remembered=known)
    assert (again.domain, again.mail_url, again.backup_keys, again.tls, again.onion) == ("committees.example.org", "smtp://h", (KEY,), "files", True)
    assert chosen("--domain", "other.example.org", remembered=known).domain == "other.example.org"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A dry run on this machine, whatever it is. No command that changes anything may start, and no file be written."""
    said: list[str] = []
    looked = subprocess.run

    def only_look(argv: list[str], **options: Any) -> Any:
        assert argv[0] in ("dpkg-query", "getent", "git", "pg_lsclusters", "psql", "setpriv", "systemctl"), argv
        assert argv[0] != "systemctl" or argv[1] in ("is-enabled", "show"), argv
        return looked(argv, **options)

    def no_file(*_args: Any, **_options: Any) -> Any:
        raise AssertionError("a dry run wrote something")

    monkeypatch.setattr(subprocess, "run", only_look)
    for name in ("write_text", "mkdir", "touch", "chmod", "unlink", "replace", "rename", "symlink_to"):
        monkeypatch.setattr(Path, name, no_file)
    assert steps.install(machine.Machine(said.append, dry_run=True), chosen(*WORDS, "--dry-run")) == machine.DONE
    return said


def test_a_dry_run_lists_every_step_and_writes_nothing(told: list[str]) -> None:
    listed = [line for line in told if line.startswith("[")]
    assert [line.split("] ")[1].split(":")[0] for line in listed] == [name for name, _ in steps.STEPS]
    assert told[-1] == "Nothing was changed."
    whole = "\n".join(told)
    for path in (
        "/etc/rankfile/settings.env",
        "/etc/rankfile/secrets.env (0600, root:root)",
        "/etc/systemd/system/rankfile.target",
        "/etc/rankfile/nginx.conf",
    ):
        assert path in whole or Path(path.split()[0]).exists()
    assert "sentinel-password" not in whole


def test_the_command_itself_runs_dry_without_root() -> None:
    words = [str(ROOT / "deploy" / "install"), *WORDS, "--dry-run"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}, cwd="/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("[") >= len(steps.STEPS)
    assert "sentinel-password" not in done.stdout


@pytest.mark.parametrize("name", ["install", "upgrade", "rollback", "recover", "prove"])
def test_each_command_says_what_it_takes(name: str) -> None:
    path = ROOT / "deploy" / name
    assert os.access(path, os.X_OK)
    done = subprocess.run([path, "--help"], capture_output=True, text=True, check=True, cwd="/")
    assert "usage" in done.stdout.lower()
    assert f"deploy/{name}" in (ROOT / "docs" / "deploying.md").read_text()


def test_the_proxy_writes_no_address_anywhere() -> None:
    text = proxy.rendered("committees.example.org", ipv6=True, onion=True)
    assert re.findall(r"^\s*access_log (.+);", text, re.MULTILINE) == ["off"]
    assert re.findall(r"^\s*error_log (.+);", text, re.MULTILINE) == ["stderr emerg"]
    everything = text + "".join((places.FILES / name).read_text() for name in ("nginx-pages.conf", "nginx-onion.conf"))
    assert not re.search(r"log_format|proxy_add_x_forwarded_for", everything)
    assert "@DOMAIN@" not in text
    assert "#ipv6" not in text
    assert proxy.rendered("a.example", ipv6=False, onion=False).count("listen [::]") == text.count("listen [::]"), "lines that do not count stay to be read"
    assert not re.search(r"^\s*listen \[::\]", proxy.rendered("a.example", ipv6=False, onion=False), re.MULTILINE)


def test_what_the_proxy_sends_on_is_set_in_one_place() -> None:
    """nginx inherits proxy_set_header only where a level sets none of its own: one line elsewhere would drop all the others."""
    for path in places.FILES.glob("nginx*.conf"):
        assert ("proxy_set_header" in path.read_text()) == (path.name == "nginx-pages.conf"), path.name


def test_the_other_web_server_stands_in_for_one_that_restarts() -> None:
    text = (places.FILES / "nginx.conf").read_text()
    assert re.findall(r"server 127\.0\.0\.1:(\d+) max_fails=0;", text) == [str(port) for port in places.WEB_PORTS]
    assert "ExecStartPost=" in (places.FILES / "systemd" / "rankfile-web@.service").read_text()


def test_a_page_of_the_proxys_own_answers_a_form_too() -> None:
    """A named place keeps the method, and nginx answers a POST for a file with 405; and in an address of its own the length is asked for again."""
    text = (places.FILES / "nginx-pages.conf").read_text()
    shown = re.findall(r"^error_page [\d =]+ (\S+);", text, re.MULTILINE)
    assert shown == ["/large.html", "/busy.html"]
    for page in shown:
        assert (places.FILES / page[1:]).exists()
        assert f"location = {page} {{\n    internal;\n    client_max_body_size 0;\n" in text


def test_whoever_the_proxy_has_wait_reads_why() -> None:
    """Where too many come from one address, or send files, it answers by itself: by a page of ours, as where no web server answers."""
    status = re.search(r"limit_conn_status (\d+);", (places.FILES / "nginx.conf").read_text())
    shown = dict(re.findall(r"^error_page ([\d ]+) =503 (\S+);", (places.FILES / "nginx-pages.conf").read_text(), re.MULTILINE))
    assert status
    assert [page for codes, page in shown.items() if status[1] in codes.split()] == ["/busy.html"]


def test_how_many_send_files_is_counted_apart_from_all_that_goes_on() -> None:
    """A zone has one count for each address, wherever it is limited: a plant's, or the onion's, that reads could otherwise send no file."""
    text = "".join((places.FILES / name).read_text() for name in ("nginx.conf", "nginx-pages.conf"))
    limited = re.findall(r"^\s*limit_conn (\w+) \d+;", text, re.MULTILINE)
    assert sorted(limited) == sorted(set(limited)) == sorted(re.findall(r"limit_conn_zone \S+ zone=(\w+):", text))


def test_the_proxy_lets_through_what_a_page_takes() -> None:
    """Each page that takes a file, as large as it may be; a byte more is refused by the page itself, beside the field."""
    text = (places.FILES / "nginx-pages.conf").read_text()
    rooms = [(re.compile(path), int(most) * 1024 * 1024) for path, most in re.findall(r"location ~ (\S+) \{\s*client_max_body_size (\d+)m;", text)]
    pages = [(path, view.takes_files) for path, view in _every_page(get_resolver()) if hasattr(view, "takes_files")]
    assert len(pages) >= 2
    for path, largest in pages:
        assert [most for room, most in rooms if room.search(path) and most > largest + 500_000], path


def _every_page(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, Any]]:
    for each in resolver.url_patterns:
        path = before + re.sub(r"<[^>]+>", "x", str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _every_page(each, path)
        else:
            yield path, each.callback


def release(tmp_path: Path, name: str, *migrations: str) -> Path:
    made = tmp_path / name
    for each in migrations:
        path = made / "committees" / each.replace("/", "/migrations/").replace(".", "_")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".py").touch()
    return made


def test_going_back_knows_which_migrations_came_in_between(tmp_path: Path) -> None:
    old = release(tmp_path, "old", "people/0001_initial", "bodies/0001_initial")
    new = release(tmp_path, "new", "people/0001_initial", "people/0002_more", "bodies/0001_initial", "forum/0001_initial")
    assert rollback.only_in(new, old) == {"forum": ["0001_initial"], "people": ["0002_more"]}
    assert rollback.only_in(old, old) == {}
    assert (rollback.last_of(old, "people"), rollback.last_of(old, "forum")) == ("0001_initial", "zero")


def test_going_back_over_migrations_is_refused_unless_asked_for(tmp_path: Path) -> None:
    old, new = release(tmp_path, "old", "people/0001_initial"), release(tmp_path, "new", "people/0002_more")
    with pytest.raises(machine.Stop, match="people 0002_more") as stop:
        rollback.go_back(machine.Machine(lambda _: None, dry_run=True), new, old, backwards=False)
    assert "--backwards" in str(stop.value)
    (old / "deploy").mkdir()
    (old / "deploy" / "files").symlink_to(places.FILES)
    said: list[str] = []
    rollback.go_back(machine.Machine(said.append, dry_run=True), new, old, backwards=True)
    assert any("manage.py migrate people 0001_initial" in line for line in said)


def test_the_migrations_of_this_checkout_are_found() -> None:
    assert {"people", "ledger", "meetings"} <= set(rollback.migrations(ROOT))


def test_a_release_is_named_after_its_commit_or_its_files(tmp_path: Path) -> None:
    look = machine.Machine(lambda _: None)
    (tmp_path / "a.py").write_text("1")
    first = releases.name_of(look, "", tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret").write_text("not of the release")
    assert releases.name_of(look, "", tmp_path) == first
    (tmp_path / "a.py").write_text("2")
    assert releases.name_of(look, "", tmp_path) != first
    with pytest.raises(machine.Stop):
        releases.name_of(look, "v1", tmp_path)


def test_files_are_put_in_place_whole_with_their_mode(tmp_path: Path) -> None:
    me = f"{Path(tmp_path).owner()}:{Path(tmp_path).group()}"
    real = machine.Machine(lambda _: None)
    path = tmp_path / "secrets.env"
    assert real.write(path, "A=1\n", mode=0o600, owner=me)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("A=1\n", 0o600)
    assert not real.write(path, "A=1\n", mode=0o600, owner=me), "the same again is no change"
    path.chmod(0o644)
    assert real.write(path, "A=1\n", mode=0o600, owner=me), "a looser mode is mended"
    with pytest.raises(machine.Stop, match="exit code 3"):
        real.run("sh", "-c", "exit 3")
