"""What systemd runs: the units, the order in which a release takes over, and whether it answers."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from pathlib import Path

from deploy import releases
from deploy.machine import Machine, Stop
from deploy.places import COMMANDS, CURRENT, FILES, PARTS, SETTINGS, UNITS

TIMERS = ("rankfile-backup.timer", "rankfile-copy.timer", "rankfile-doctor.timer")


def retire(machine: Machine, *units: str) -> None:
    """The distribution starts its own when a package is installed; ours stand in for them."""
    for unit in units:
        if machine.ask("systemctl", "is-enabled", unit) == "enabled":
            machine.run("systemctl", "disable", *(["--now"] if machine.has_services() else []), unit)


def put(machine: Machine, files: Path = FILES) -> None:
    """Put every unit and small configuration file in place; tell systemd where one changed."""
    folder = files / "systemd"
    changed = [machine.write(UNITS / path.relative_to(folder), path.read_text()) for path in sorted(folder.rglob("*")) if path.is_file()]
    machine.write(SETTINGS / "valkey.conf", (files / "valkey.conf").read_text())
    journal = machine.write(Path("/etc/systemd/journald.conf.d/rankfile.conf"), (files / "journald.conf").read_text())
    for name in ("rankfile", "rankfile-certificate"):
        machine.write(COMMANDS / name, (files / name).read_text(), mode=0o755)
    if machine.has_services() and (any(changed) or machine.dry_run):
        machine.run("systemctl", "daemon-reload")
    if machine.has_services() and journal:
        machine.run("systemctl", "restart", "systemd-journald.service")
    # Enabling only makes links, which works without a running systemd too.
    machine.run("systemctl", "--quiet", "enable", "rankfile.target", *TIMERS)


def take_over(machine: Machine, release: Path) -> None:
    """Point the name at the release and start its parts anew where it changed: each web server answers before the next one stops."""
    machine.link(CURRENT, release)
    if not machine.has_services():
        machine.note("nothing is started: systemd does not run this machine")
        return
    proxy_changed = any(name.startswith("/etc/rankfile/nginx") for name in machine.changed)
    machine.run("systemctl", "start", "rankfile.target", *TIMERS)
    for unit in PARTS:
        if _runs(machine, unit) != str(release) or _settings_changed(machine):
            machine.run("systemctl", "restart", unit)
        else:
            machine.run("systemctl", "start", unit)
    if f"{SETTINGS}/valkey.conf" in machine.changed:
        machine.run("systemctl", "restart", "rankfile-valkey.service")
    if proxy_changed:
        machine.run("systemctl", "reload-or-restart", "rankfile-proxy.service")


def _settings_changed(machine: Machine) -> bool:
    return any(name.endswith(".env") or name.startswith(str(UNITS)) for name in machine.changed)


def _runs(machine: Machine, unit: str) -> str:
    """The release that a part was started from, by the folder its process stands in."""
    pid = machine.ask("systemctl", "show", "--property=MainPID", "--value", unit)
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink()) if pid.isdigit() and pid != "0" else ""
    except OSError:
        return ""


def check(machine: Machine, domain: str, release: Path) -> None:
    """Ask for a page through the proxy, and the doctor for his findings. A failing page stops; a finding is left to be mended."""
    if machine.dry_run:
        machine.note(f"would ask for https://{domain}/health/ on this machine, and run `manage.py doctor`")
        return
    status = page(domain)
    if status != 200:
        raise Stop(f"The site does not answer through the proxy (status {status}). Look at: journalctl -u 'rankfile-*' -n 50")
    machine.note(f"https://{domain}/ answers through the proxy")
    try:
        said = releases.manage(machine, release, "doctor", "--json")
    except Stop as found:
        said = str(found).partition("\n")[2]
    for finding in _findings(said):
        if finding["state"] == "WRONG" or finding["state"] == "wrong":
            machine.leave(f"{finding['name']}: {finding['text']} → {finding['remedy']}")
        elif finding["state"] == "warning":
            machine.note(f"{finding['name']}: {finding['text']} → {finding['remedy']}")


def _findings(said: str) -> list[dict[str, str]]:
    line = next((each for each in said.splitlines() if each.startswith('{"ok"')), "")
    return list(json.loads(line)["findings"]) if line else [{"name": "doctor", "state": "wrong", "text": said[-500:], "remedy": "Run `rankfile doctor`."}]


def page(domain: str, path: str = "/health/", *, address: str = "127.0.0.1", port: int = 443) -> int:
    """The status of a page as a visitor gets it, asked for on this machine; 0 where nobody answers. Whether the certificate is
    believed is not asked here: before the name leads to this machine it cannot be."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((address, port), timeout=10) as line, trusting.wrap_socket(line, server_hostname=domain) as sealed:
            asking = http.client.HTTPConnection(domain)
            asking.sock = sealed
            asking.request("GET", path)
            return asking.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
