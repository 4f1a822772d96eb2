"""`deploy/install`, step by step. Each step looks first and changes only what is not yet as it should be."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy import database, environment, places, proxy, releases, services
from deploy.machine import DONE, SOMETHING_LEFT, UNSUITABLE, Machine, Stop, exists
from deploy.options import Options

PACKAGES = ("ca-certificates", "git", "nginx-light", "openssl", "postgresql", "postgresql-contrib", "python3", "python3-venv", "tar", "valkey-server")
MORE = ("age", "rsync", "unattended-upgrades")
SUPPORTED = ("13",)


@dataclass
class Install:
    """One run: the machine, what was asked for, and what the steps found out."""

    machine: Machine
    options: Options
    release: Path = Path("/nonexistent")
    before: Path | None = None
    done: list[str] = field(default_factory=list)

    @property
    def upgrades(self) -> bool:
        return self.before is not None and self.before != self.release


def look(run: Install) -> None:
    """Is this a machine that can be used?"""
    system = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
    if not run.machine.dry_run and os.geteuid() != 0:
        raise Stop("Only root can install: sudo deploy/install …", UNSUITABLE)
    if (system.get("ID"), system.get("VERSION_ID", "")) not in [("debian", each) for each in SUPPORTED]:
        said = f"This is {system.get('PRETTY_NAME', 'an unknown system')}; Debian {' or '.join(SUPPORTED)} is needed (older ones bring too old a Python and PostgreSQL)."
        if not run.machine.dry_run:
            raise Stop(said, UNSUITABLE)
        run.machine.note(said)
    if not run.machine.has_services():
        run.machine.note("systemd does not run this machine: files are put in place, and nothing is started but the database")


def packages(run: Install) -> None:
    """Everything from the distribution, whose security updates it gets."""
    wanted = [*PACKAGES, *MORE, *(["certbot"] if run.options.tls == "letsencrypt" else []), *(["tor"] if run.options.onion else [])]
    there = set(run.machine.ask("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package}\\n", *wanted).replace("ii ", "").split())
    there |= {each for each in wanted if run.machine.ask("dpkg-query", "-W", "-f", "${db:Status-Abbrev}", each).startswith("ii")}
    if missing := [each for each in wanted if each not in there]:
        run.machine.run("apt-get", "update", "-q")
        run.machine.run("apt-get", "install", "-q", "-y", "--no-install-recommends", *missing)
    run.machine.write(Path("/etc/apt/apt.conf.d/20auto-upgrades"), (places.FILES / "unattended").read_text())
    services.retire(run.machine, "nginx.service", "valkey-server.service")


def people(run: Install) -> None:
    """The system's user that runs everything, and the group that may fetch sealed backups."""
    if not run.machine.ask("getent", "group", places.BACKUP_GROUP):
        run.machine.run("groupadd", "--system", places.BACKUP_GROUP)
    if not exists(places.USER):
        words = ["--system", "--user-group", "--home-dir", str(places.STATE), "--no-create-home", "--shell", "/usr/sbin/nologin"]
        run.machine.run("useradd", *words, "--groups", places.BACKUP_GROUP, "--comment", "Rank & File", places.USER)
    for path, mode, owner in (
        (places.STATE, 0o700, f"{places.USER}:{places.USER}"),
        (places.RELEASES, 0o755, "root:root"),
        (places.SETTINGS, 0o755, "root:root"),
        (places.TLS, 0o755, "root:root"),
        (places.ACME, 0o755, "root:root"),
    ):
        run.machine.folder(path, mode=mode, owner=owner)


def release(run: Install) -> None:
    """The files of this version and an environment of their own, beside the version that runs."""
    run.before = releases.current()
    name = releases.name_of(run.machine, run.options.version)
    run.release = releases.build(run.machine, name, run.options.version)


def settings(run: Install) -> None:
    """What this machine is, and the secrets, which are made once and never again."""
    options = run.options
    wanted = {
        "PRODUCTION": "1",
        "SITE_URL": options.site_url,
        "DATABASE_URL": "postgres:////run/postgresql/rankfile",
        "REDIS_URL": "unix:///run/rankfile-valkey/valkey.sock?db=1",
        "CELERY_BROKER_URL": "redis+socket:///run/rankfile-valkey/valkey.sock?virtual_host=0",
        "BEHIND_PROXY": "1",
        "TRUSTED_PROXY_COUNT": "1",
        "RANKFILE_VAR": str(places.STATE),
        "RANKFILE_IGNORE_DOTENV": "1",
        "DEPLOY_TLS": options.tls,
        "DEPLOY_ONION": "1" if options.onion else "0",
        "DEPLOY_WITHOUT_BACKUPS": "1" if options.without_backups else "0",
        "BACKUP_FOLDER": "" if options.without_backups else str(places.BACKUPS / "dumps"),
        "BACKUP_RECIPIENTS": "" if options.without_backups else str(places.RECIPIENTS),
    }
    wanted |= {name: value for name, value in (("SITE_NAME", options.site_name), ("SOURCE_URL", options.source_url), ("DEPLOY_EMAIL", options.email)) if value}
    text = places.SETTINGS_ENV.read_text() if places.SETTINGS_ENV.exists() else "# Written by deploy/install; lines of your own stay.\n"
    run.machine.write(places.SETTINGS_ENV, environment.changed(text, wanted))
    _secrets(run)


def _secrets(run: Install) -> None:
    if run.machine.dry_run and not os.access(places.SECRETS_ENV, os.R_OK):
        run.machine.note(f"would write {places.SECRETS_ENV} (0600, root:root), with secrets that are made once")
        return
    text = places.SECRETS_ENV.read_text() if places.SECRETS_ENV.exists() else "# Keep a copy of the keys in two other places, apart from every backup.\n"
    known = environment.parse(text)
    wanted = {"MAIL_URL": run.options.mail_url}
    if "SECRET_KEY" not in known:
        python = str(run.release / ".venv" / "bin" / "python")
        made = run.machine.run(python, "-m", "config.secrets", user=places.USER, env=releases.BARE, cwd=run.release, what="make the secrets of this server")
        wanted |= environment.parse(made)
        run.machine.leave(f"Copy {places.SECRETS_ENV} to two places off this machine: without FIELD_ENCRYPTION_KEYS a backup cannot be read again.")
    run.machine.write(places.SECRETS_ENV, environment.changed(text, wanted), mode=0o600)


def data(run: Install) -> None:
    """PostgreSQL with our settings, its role and database, the folders of the backups."""
    if not run.options.without_backups:
        database.backup_folders(run.machine, run.options.backup_keys)
    if releases.current() is None:
        run.machine.link(places.CURRENT, run.release)  # nothing runs yet, and the database calls programs of the release
    database.configure(run.machine, archive=not run.options.without_backups)
    database.make(run.machine)


def before(run: Install) -> None:
    """Before a release changes anything, what is there is put into a sealed file."""
    if not run.upgrades or not database.holds_data(run.machine):
        run.machine.note("nothing to back up yet" if run.before is None else "the same release as before")
    elif run.options.without_backups:
        run.machine.note("no backup: this machine makes none")
    else:
        assert run.before is not None
        run.machine.note(releases.manage(run.machine, run.before, "backup"))


def migrate(run: Install) -> None:
    """The tables and files of this release. The one that runs goes on meanwhile."""
    releases.manage(run.machine, run.release, "migrate", "--noinput")
    releases.manage(run.machine, run.release, "collectstatic", "--noinput", "-v0")


def units(run: Install) -> None:
    """What systemd runs, how long logs are kept, and the command `rankfile`."""
    services.put(run.machine)


def front(run: Install) -> None:
    """nginx and the certificate, and the onion address where one is wanted."""
    proxy.configure(run.machine, run.options)
    proxy.certificate(run.machine, run.options)


def take_over(run: Install) -> None:
    """The release gets the name under which it is run, and its parts are started, one web server after the other."""
    services.take_over(run.machine, run.release)
    proxy.after_start(run.machine, run.options)
    if run.upgrades:
        releases.forget(run.machine, run.release)


def health(run: Install) -> None:
    """A page through the proxy, and what the doctor says."""
    if not run.machine.has_services() and not run.machine.dry_run:
        run.machine.leave("Start rankfile.target once systemd runs this machine, then `rankfile doctor`.")
        return
    services.check(run.machine, run.options.domain, run.release)


STEPS: tuple[tuple[str, Callable[[Install], None]], ...] = (
    ("look", look),
    ("packages", packages),
    ("user and folders", people),
    ("release", release),
    ("settings and secrets", settings),
    ("database", data),
    ("backup before the change", before),
    ("migrate", migrate),
    ("units", units),
    ("proxy and certificate", front),
    ("take over", take_over),
    ("health", health),
)


def install(machine: Machine, options: Options, steps: Sequence[tuple[str, Callable[[Install], None]]] = STEPS) -> int:
    """Do all steps in order. What a failed run has done stays, and the next run goes on from there."""
    run = Install(machine, options)
    for number, (name, step) in enumerate(steps, start=1):
        machine.step(f"[{number:>2}/{len(steps)}] {name}: {(step.__doc__ or '').splitlines()[0]}")
        try:
            step(run)
        except Stop as stop:
            raise Stop(f"Step {number}, {name}: {stop}", stop.code) from None
        run.done.append(name)
    return _end(run)


def _end(run: Install) -> int:
    machine = run.machine
    if machine.dry_run:
        machine.step("Nothing was changed.")
        return DONE
    machine.step(f"\n{run.options.site_url} runs {run.release.name}." if machine.has_services() else f"\n{run.release.name} is installed.")
    if run.before is None:
        machine.step("Next: rankfile setup --admin you@example.org --alliance 'Our alliance' --organizer one@example.org --organizer two@example.org")
        machine.step(f"      rankfile check_mail {run.options.domain}      whether mail of this name will be believed")
    for each in machine.left:
        machine.step(f"Left for you: {each}")
    return SOMETHING_LEFT if machine.left else DONE
