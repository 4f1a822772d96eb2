"""Where everything lies on an installed machine. The units and configuration files in deploy/files name the same places."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
FILES = SOURCE / "deploy" / "files"

USER = "rankfile"
#: Who may read the sealed backups, and nothing else: the account with which another machine fetches them belongs to it.
BACKUP_GROUP = "rankfile-backup"

CODE = Path("/opt/rankfile")
RELEASES = CODE / "releases"
CURRENT = CODE / "current"
SETTINGS = Path("/etc/rankfile")
SETTINGS_ENV = SETTINGS / "settings.env"
SECRETS_ENV = SETTINGS / "secrets.env"
RECIPIENTS = SETTINGS / "backup-recipients"
TLS = SETTINGS / "tls"
STATE = Path("/var/lib/rankfile")
ACME = Path("/var/lib/rankfile-acme")
BACKUPS = Path("/var/backups/rankfile")
UNITS = Path("/etc/systemd/system")
COMMANDS = Path("/usr/local/sbin")

WEB_PORTS = (8001, 8002)
WEB = tuple(f"rankfile-web@{port}.service" for port in WEB_PORTS)
OTHER_PARTS = ("rankfile-worker.service", "rankfile-scheduler.service", "rankfile-dispatcher.service")
#: The order in which a new release takes over: pages first, one web server after the other.
PARTS = (*WEB, *OTHER_PARTS)
