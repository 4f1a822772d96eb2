"""nginx in front: its configuration, the certificate, and the onion address."""

from __future__ import annotations

import time
from pathlib import Path

from deploy import environment
from deploy.machine import Machine, Stop
from deploy.options import Options
from deploy.places import ACME, COMMANDS, FILES, PARTS, SETTINGS, SETTINGS_ENV, TLS

LIVE = Path("/etc/letsencrypt/live")
ONION = Path("/var/lib/tor/rankfile/hostname")
LASTS = 3650


def rendered(domain: str, *, ipv6: bool, onion: bool) -> str:
    """nginx's configuration for this site."""
    text = (FILES / "nginx.conf").read_text().replace("@DOMAIN@", domain)
    return text.replace("#ipv6 ", "" if ipv6 else "# no IPv6 here: ").replace("#onion ", "" if onion else "# no onion address: ")


def configure(machine: Machine, options: Options) -> None:
    name = ONION.read_text().strip() if options.onion and _readable(ONION) else ""
    if name:
        machine.write(SETTINGS / "nginx-onion.conf", (FILES / "nginx-onion.conf").read_text().replace("@ONION@", name))
        _let_in(machine, options, name)
    machine.write(SETTINGS / "nginx-pages.conf", (FILES / "nginx-pages.conf").read_text())
    machine.write(SETTINGS / "nginx.conf", rendered(options.domain, ipv6=Path("/proc/net/if_inet6").exists(), onion=bool(name)))


def _let_in(machine: Machine, options: Options, onion: str) -> None:
    """Pages answer under the onion name too, and forms may be sent from there."""
    wanted = {"ALLOWED_HOSTS": f"{options.domain},{onion},localhost,127.0.0.1", "CSRF_TRUSTED_ORIGINS": f"http://{onion}"}
    machine.write(SETTINGS_ENV, environment.changed(SETTINGS_ENV.read_text(), wanted))


def certificate(machine: Machine, options: Options) -> None:
    """The certificate that was given; else one of our own making, until Let's Encrypt's takes its place."""
    if options.certificate and options.private_key:
        _install(machine, options.certificate.read_text(), options.private_key.read_text())
    elif not (TLS / "fullchain.pem").exists():
        _self_signed(machine, options.domain)
    machine.folder(Path("/run/rankfile-proxy"), owner="www-data:www-data")  # the unit makes it where systemd runs it
    machine.run("/usr/sbin/nginx", "-t", "-q", "-e", "stderr", "-c", str(SETTINGS / "nginx.conf"), what="nginx -t: is the configuration sound?")


def _install(machine: Machine, chain: str, key: str) -> None:
    changed = machine.write(TLS / "privkey.pem", key, mode=0o640, owner="root:www-data")
    if machine.write(TLS / "fullchain.pem", chain, mode=0o640, owner="root:www-data") or changed:
        machine.changed.add(str(SETTINGS / "nginx.conf"))  # it is read when nginx is told to look again


def _self_signed(machine: Machine, domain: str) -> None:
    key, chain = TLS / "privkey.pem", TLS / "fullchain.pem"
    words = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(LASTS), "-subj", f"/CN={domain}"]
    machine.run(
        "openssl", "req", *words, "-addext", f"subjectAltName=DNS:{domain}", "-keyout", str(key), "-out", str(chain), what="make a certificate of our own"
    )
    machine.run("chown", "root:www-data", str(key), str(chain), what="let nginx read it,")
    machine.run("chmod", "0640", str(key), str(chain), what="and nobody else")


def after_start(machine: Machine, options: Options) -> None:
    """What needs the proxy to run: Let's Encrypt asks it, and the onion service leads to it."""
    if options.tls == "self-signed":
        machine.leave("The certificate is of our own making: browsers warn of it. Without --tls self-signed one comes from Let's Encrypt.")
    if options.tls == "letsencrypt":
        _from_lets_encrypt(machine, options)
    if options.onion:
        _onion(machine, options)


def _from_lets_encrypt(machine: Machine, options: Options) -> None:
    hook = str(COMMANDS / "rankfile-certificate")
    who = ["--email", options.email, "--no-eff-email"] if options.email else ["--register-unsafely-without-email"]
    words = [
        "certonly",
        "--webroot",
        "--webroot-path",
        str(ACME),
        "--domain",
        options.domain,
        *who,
        "--agree-tos",
        "--non-interactive",
        "--keep-until-expiring",
    ]
    if not machine.has_services() and not machine.dry_run:
        machine.leave(f"Get the certificate once nginx runs: certbot {' '.join(words)} --deploy-hook {hook}")
        return
    try:
        machine.run("certbot", *words, "--quiet", "--deploy-hook", hook)
        machine.run(hook, str(LIVE / options.domain))
    except Stop as stop:
        machine.leave(f"No certificate yet, so browsers warn. Does {options.domain} lead to this machine, ports 80 and 443? Then run this again.\n{stop}")


def _onion(machine: Machine, options: Options) -> None:
    if machine.write(Path("/etc/tor/torrc"), _torrc()):
        if not machine.has_services() and not machine.dry_run:
            machine.leave("The onion address is made when tor runs; run this again then.")
            return
        machine.run("systemctl", "restart", "tor@default.service")
    deadline = time.monotonic() + 30
    while not machine.dry_run and not _readable(ONION):
        if time.monotonic() > deadline:
            machine.leave("tor has made no onion address yet: journalctl -u tor@default, then run this again.")
            return
        time.sleep(0.5)
    if machine.dry_run:
        return
    known = (SETTINGS / "nginx-onion.conf").exists()
    configure(machine, options)
    if not known:
        for unit in PARTS:
            machine.run("systemctl", "restart", unit)
        machine.run("systemctl", "reload-or-restart", "rankfile-proxy.service")
    machine.note(f"http://{ONION.read_text().strip()}/ leads here too")


def _torrc() -> str:
    path = Path("/etc/tor/torrc")
    text = path.read_text() if path.exists() else ""
    own = (FILES / "torrc").read_text()
    return text if own in text else f"{text.rstrip()}\n\n{own}".lstrip()


def _readable(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
