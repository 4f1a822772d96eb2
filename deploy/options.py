"""What an organizer says on the command line, and what an earlier install remembers."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy import environment, places
from deploy.machine import USAGE, Stop

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]")
KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}|ssh-ed25519 [A-Za-z0-9+/=]+( .*)?")
SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}

EXAMPLE = """
The first time:
  deploy/install --domain committees.example.org --backup-key age1… --email you@example.org
It asks for the address of the mail server (smtp+tls://user:password@mail.example.org:587), or takes it from MAIL_URL.
Ever after, from a newer checkout, as an upgrade:
  deploy/install

exit codes: 0 done; 1 a step failed, what was done stays and the next run goes on; 2 something is missing on the command line;
3 installed, and something is left for you to do; 4 this machine cannot be used
"""


@dataclass(frozen=True)
class Options:
    """Everything that decides how the machine is installed."""

    domain: str
    mail_url: str
    backup_keys: tuple[str, ...]
    without_backups: bool
    tls: str
    certificate: Path | None
    private_key: Path | None
    email: str
    onion: bool
    site_name: str
    source_url: str
    version: str
    dry_run: bool

    @property
    def site_url(self) -> str:
        return f"https://{self.domain}"


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="deploy/install",
        description="Install or upgrade Rank & File on this machine (Debian 13). Run it again as often as you like.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--domain", help="the name of the site; it must lead to this machine")
    made.add_argument("--mail-url", help="the mail server that takes our mail; better in MAIL_URL or typed, as a command line can be seen by others")
    made.add_argument("--backup-key", action="append", default=[], metavar="PUBLIC", help="public key for backups (age-keygen, on another machine); repeatable")
    made.add_argument("--without-backups", action="store_true", help="install without backups: a lost disk then loses everything")
    made.add_argument("--tls", choices=("letsencrypt", "files", "self-signed"), help="where the certificate comes from (letsencrypt)")
    made.add_argument("--certificate", type=Path, metavar="FILE", help="with --tls files: the chain, PEM")
    made.add_argument("--private-key", type=Path, metavar="FILE", help="with --tls files: its key, PEM")
    made.add_argument("--email", help="where Let's Encrypt warns of a certificate that runs out; may be left out")
    made.add_argument("--onion", action="store_true", help="an onion address beside the other one")
    made.add_argument("--site-name", help="the name on pages and mails (Rank & File)")
    made.add_argument("--source-url", help="where the source of this server can be had (AGPL): a link on each page")
    made.add_argument("--version", default="", metavar="REF", help="a tag or commit of this checkout to install (what is checked out)")
    made.add_argument("--dry-run", action="store_true", help="say each step and change nothing")
    return made


def options(words: Sequence[str] | None, *, remembered: Mapping[str, str] | None = None, ask: bool | None = None) -> Options:
    """Read the command line; what it leaves out is what an earlier install was told. Stops with what is missing or wrong."""
    said = parser().parse_args(words)
    known = _remembered() if remembered is None else remembered
    keys = tuple(said.backup_key) or tuple(each for each in known.get("BACKUP_KEYS", "").splitlines() if each)
    mail = said.mail_url or os.environ.get("MAIL_URL", "") or known.get("MAIL_URL", "")
    if not mail and (sys.stdin.isatty() if ask is None else ask):
        mail = getpass.getpass("Address of the mail server (smtp+tls://user:password@host:587), not shown: ").strip()
    made = Options(
        domain=(said.domain or known.get("DOMAIN", "")).lower().rstrip("."),
        mail_url=mail,
        backup_keys=keys,
        without_backups=said.without_backups or (not keys and known.get("DEPLOY_WITHOUT_BACKUPS") == "1"),
        tls=said.tls or known.get("DEPLOY_TLS", "letsencrypt"),
        certificate=said.certificate,
        private_key=said.private_key,
        email=said.email or known.get("DEPLOY_EMAIL", ""),
        onion=said.onion or known.get("DEPLOY_ONION") == "1",
        site_name=said.site_name or known.get("SITE_NAME", ""),
        source_url=said.source_url or known.get("SOURCE_URL", ""),
        version=said.version,
        dry_run=said.dry_run,
    )
    if problems := list(wrong(made)):
        raise Stop("\n".join(problems) + "\ndeploy/install --help shows an example.", USAGE)
    return made


def wrong(made: Options) -> list[str]:
    """What keeps these options from being used, in words."""
    found = []
    if not DOMAIN.fullmatch(made.domain):
        found.append(f"--domain {made.domain}: not the name of a site, like committees.example.org." if made.domain else "Say the name of the site: --domain.")
    found += _wrong_mail(made.mail_url)
    found += [f"--backup-key {key[:20]}…: a public key begins with age1 or ssh-ed25519." for key in made.backup_keys if not KEY.fullmatch(key)]
    if not made.backup_keys and not made.without_backups:
        found.append("Give a public key for backups (--backup-key; `age-keygen -o backup.key` makes a pair, on another machine), or say --without-backups.")
    if made.tls == "files" and bool(made.certificate) != bool(made.private_key):
        found.append("--certificate and --private-key go together.")
    found += [f"{path} cannot be read." for path in (made.certificate, made.private_key) if path and not path.is_file()]
    return found


def _wrong_mail(url: str) -> list[str]:
    if not url:
        return ["Say the mail server: MAIL_URL=smtp+tls://user:password@host:587 in the environment, or --mail-url."]
    try:
        parts = urlsplit(url)
        good = parts.scheme in SCHEMES and parts.hostname and (parts.port or SCHEMES[parts.scheme])
    except ValueError:
        good = False
    return [] if good else ["The address of the mail server is not understood: smtp+tls://user:password@host:587 (encode @ in the user's name as %40)."]


def _remembered() -> dict[str, str]:
    """What an earlier install wrote down. Without root the secrets cannot be read, and a dry run does without them."""
    known = environment.read(places.SETTINGS_ENV)
    try:
        known |= environment.read(places.SECRETS_ENV)
        known["BACKUP_KEYS"] = places.RECIPIENTS.read_text() if places.RECIPIENTS.exists() else ""
    except PermissionError:
        pass
    known["DOMAIN"] = urlsplit(known.get("SITE_URL", "")).hostname or ""
    return known
