"""The PostgreSQL of the distribution: its settings, the role, the database, and whether the log is kept."""

from __future__ import annotations

from pathlib import Path

from deploy.machine import Machine, Stop
from deploy.places import BACKUP_GROUP, BACKUPS, FILES, RECIPIENTS, USER

OLDEST = 16
#: Search sees every script only under this character type (docs/running.md).
CREATE = "CREATE DATABASE rankfile OWNER rankfile TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C' LC_CTYPE 'C.UTF-8'"


def cluster(machine: Machine) -> tuple[str, str]:
    """Version and name of the cluster that is used: the newest “main”."""
    rows = [row.split() for row in machine.ask("pg_lsclusters", "-h").splitlines()]
    versions = sorted((int(row[0]) for row in rows if row[1] == "main"), reverse=True)
    if not versions or versions[0] < OLDEST:
        if machine.dry_run:
            return "17", "main"  # what Debian 13 brings; it is not installed yet
        raise Stop(f"There is no cluster “main” of PostgreSQL {OLDEST} or newer: pg_lsclusters shows {rows or 'none'}.")
    return str(versions[0]), "main"


def unit(machine: Machine) -> str:
    return "postgresql@{}-{}.service".format(*cluster(machine))


def data_folder(machine: Machine) -> Path:
    return Path("/var/lib/postgresql", *cluster(machine))


def configure(machine: Machine, *, archive: bool) -> None:
    """Put our settings beside the distribution's, start the cluster, and start it anew where a setting asks for that."""
    folder = Path("/etc/postgresql", *cluster(machine)) / "conf.d"
    changed = machine.write(folder / "rankfile.conf", (FILES / "postgresql.conf").read_text())
    archived = folder / "rankfile-archive.conf"
    if archive:
        changed |= machine.write(archived, (FILES / "postgresql-archive.conf").read_text())
    elif archived.exists():
        machine.remove(archived)
        changed = True
    control(machine, "restart" if changed else "start")


def control(machine: Machine, act: str) -> None:
    """Start, stop or restart the cluster, by systemd where it runs and by the distribution's own tool where it does not."""
    version, name = cluster(machine)
    if machine.has_services():
        machine.run("systemctl", act, unit(machine))
    elif act != "start" or not runs(machine):
        machine.run("pg_ctlcluster", version, name, act if runs(machine) or act != "restart" else "start")


def runs(machine: Machine) -> bool:
    version, name = cluster(machine)
    return any(row.split()[:4:3] == [version, "online"] and row.split()[1] == name for row in machine.ask("pg_lsclusters", "-h").splitlines())


def ask(machine: Machine, question: str, *, database: str = "postgres") -> str:
    return machine.ask("psql", "-XtAqd", database, "-c", question, user="postgres")


def make(machine: Machine) -> None:
    """The role and the database, where they are not there. The role signs in as the system's user of its name (peer), without a password."""
    if ask(machine, "SELECT 1 FROM pg_roles WHERE rolname = 'rankfile'") != "1":
        machine.run("psql", "-Xqd", "postgres", "-c", f"CREATE ROLE {USER} LOGIN", user="postgres", what="make the database's role")
    if ask(machine, "SELECT 1 FROM pg_database WHERE datname = 'rankfile'") != "1":
        machine.run("psql", "-Xqd", "postgres", "-c", CREATE, user="postgres", what="make the database")
    machine.run(
        "psql", "-Xqd", "postgres", "-c", "REVOKE CONNECT ON DATABASE rankfile FROM PUBLIC", user="postgres", what="let nobody else connect to the database"
    )


def holds_data(machine: Machine) -> bool:
    return ask(machine, "SELECT 1 FROM pg_tables WHERE tablename = 'django_migrations'", database="rankfile") == "1"


def backup_folders(machine: Machine, keys: tuple[str, ...]) -> None:
    """Where sealed files go, readable for the group that fetches them; and the public keys they are sealed to."""
    machine.folder(BACKUPS, mode=0o755)
    machine.folder(BACKUPS / "dumps", mode=0o2750, owner=f"{USER}:{BACKUP_GROUP}")
    machine.folder(BACKUPS / "log", mode=0o2750, owner=f"postgres:{BACKUP_GROUP}")
    machine.write(RECIPIENTS, "\n".join(keys) + "\n")
