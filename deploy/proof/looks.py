"""Proofs that look: at units and processes, pages, mail, and at what must stand in no log."""

from __future__ import annotations

import re
import time
from pathlib import Path

from deploy.places import PARTS
from deploy.proof import visitor
from deploy.proof.root import Failed, Root

RUNNING = ("rankfile-valkey.service", "rankfile-proxy.service", *PARTS)
ADDRESS = "newcomer-sentinel@proof.example"


def main_pid(root: Root, unit: str) -> int:
    return int(root.does("systemctl", "show", "--property=MainPID", "--value", unit))


def all_up(root: Root, patience: float = 90) -> None:
    """Every part is active: for a web server that means that it answers."""
    deadline = time.monotonic() + patience
    while (states := root.inside("systemctl", "is-active", *RUNNING).stdout.split()) != ["active"] * len(RUNNING):
        if time.monotonic() > deadline:
            sorry = root.inside("journalctl", "-b", "-u", "rankfile*", "-n", "30", "--no-pager").stdout
            raise Failed(f"Not all parts run: {dict(zip(RUNNING, states, strict=False))}\n{sorry[-2500:]}")
        time.sleep(0.5)


def units(root: Root) -> str:
    """Units as systemd's own checker reads them, and each process as the kernel sees it."""
    names = root.does("sh", "-c", "cd /etc/systemd/system && ls -d rankfile*.service rankfile*.timer rankfile*.target rankfile*.slice").split()
    verified = root.does("systemd-analyze", "verify", *[name.replace("@.", "@8001.") for name in names])
    if verified:
        raise Failed(f"systemd-analyze verify says: {verified}")
    for unit in RUNNING:
        status = Path(f"/proc/{_outside(root, main_pid(root, unit))}/status").read_text()
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        caps = int(facts["CapEff"], 16)
        if facts["Uid"].split()[1] == "0" or facts["NoNewPrivs"] != "1" or facts["Seccomp"] != "2" or caps not in (0, 1 << 10):
            raise Failed(f"{unit}: uid {facts['Uid']}, NoNewPrivs {facts['NoNewPrivs']}, Seccomp {facts['Seccomp']}, capabilities {facts['CapEff']}")
    rated = root.does("systemd-analyze", "security", "--no-pager", *RUNNING)
    worst = max(float(number) for number in re.findall(r"Overall exposure level for \S+: ([0-9.]+)", rated))
    return f"{len(names)} verified; {len(RUNNING)} run without root, without new privileges, filtered; worst exposure by systemd's own count {worst}"


def _outside(root: Root, pid: int) -> int:
    """The number that a process inside has out here."""
    for entry in Path("/proc").iterdir():
        try:
            line = next(line for line in (entry / "status").read_text().splitlines() if line.startswith("NSpid:"))
        except (OSError, StopIteration):
            continue
        if entry.name.isdigit() and line.split()[-1] == str(pid) and (entry / "ns" / "pid").readlink() == Path(f"/proc/{root.first}/ns/pid").readlink():
            return int(entry.name)
    raise Failed(f"process {pid} is not there")


def page(root: Root, domain: str) -> str:
    """What a visitor gets: pages over TLS, the way there from plain HTTP, nothing under another name."""
    with root.network():
        browser = visitor.Browser(domain)
        front = browser.get("/")
        style = re.search(r'href="(/static/[^"]+\.css)"', front.text)
        if front.status != 200 or style is None or "Strict-Transport-Security" not in front.headers:
            raise Failed(f"The front page: {front.status}, {front.headers.items()}")
        if domain in front.text:
            raise Failed("The front page names its own clearnet address: that would lead somebody away from an onion.")
        file = browser.get(style[1])
        if file.status != 200 or "immutable" not in file.headers.get("Cache-Control", ""):
            raise Failed(f"{style[1]}: {file.status} {file.headers.items()}")
        plain = visitor.plain(domain, "/today/")
        if plain != f"301 https://{domain}/today/":
            raise Failed(f"Plain HTTP answers {plain}")
        try:
            visitor.Browser("other.example").get("/")
            raise Failed("Another name gets an answer.")
        except OSError:
            pass
    return f"{len(front.body) / 1024:.0f} KiB over TLS, no absolute address of its own; plain HTTP leads there; another name gets no certificate"


def sign_in(root: Root, domain: str, account: dict[str, str], *, onion_port: int = 0) -> str:
    """Somebody signs in with what `setup` printed, and reaches an inner page."""
    with root.network():
        browser = visitor.Browser(domain, onion_port=onion_port)
        answer = browser.post("/account/sign-in/", {"login": account["sign_in_name"], "password": account["password"]})
        inner = browser.follow(answer, "/account/sign-in/")
        if answer.status != 302 or inner.status != 200 or browser.get("/committees/").status != 200:
            raise Failed(f"The sign-in answers {answer.status}, the page behind it {inner.status}.")
    return f"{account['sign_in_name']} is signed in"


def onion(root: Root, account: dict[str, str]) -> str:
    """The onion address: made by tor, answered by nginx, let in by the application, and nothing on it leads to the clear net."""
    name, port = root.does("cat", "/var/lib/tor/rankfile/hostname"), 8003
    with root.network():
        front = visitor.Browser(name, onion_port=port).get("/")
        leads = [header for header in ("Location", "Content-Location", "Link") if header in front.headers]
        other = visitor.Browser("other.example", onion_port=port).get("/")
    if front.status != 200 or "https://committees" in front.text or leads or other.status == 200:
        raise Failed(f"The front page answers {front.status}, with {leads}; another name gets {other.status}.")
    return f"{name[:8]}….onion: {sign_in(root, name, account, onion_port=port)}, no absolute address"


def mail(root: Root, domain: str) -> str:
    """A code by mail: from a form, through the outbox, over SMTP into the sink; and the account that it opens."""
    began = time.monotonic()
    with root.network():
        browser = visitor.Browser(domain)
        asked = browser.post("/account/join/email/", {"address": ADDRESS})
        if asked.status != 302:
            raise Failed(f"Asking for a code answers {asked.status}.")
        letter = _letter(root)
        code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", letter)
        if code is None:
            raise Failed(f"The mail holds no code:\n{letter[-800:]}")
        took = time.monotonic() - began
        opened = browser.post("/account/join/code/", {"code": code[0]})
        if opened.status != 302:
            raise Failed(f"The code is refused: {opened.status}")
    return f"a code arrived after {took:.1f} s and opened an account"


def _letter(root: Root, patience: float = 90) -> str:
    folder, deadline = root.folder / "srv" / "mail" / "new", time.monotonic() + patience
    while time.monotonic() < deadline:
        for path in folder.glob("*") if folder.is_dir() else ():
            if ADDRESS in (text := path.read_text(errors="replace")):
                return text
        time.sleep(0.1)
    raise Failed("No mail arrived in the sink.")


def traces(root: Root, domain: str) -> str:
    """After all that a visitor can do to make servers write lines: their address and their browser stand nowhere."""
    with root.network():
        provoked = visitor.provoke(domain)
    root.does("journalctl", "--sync")
    heaps = {"the journal": root.inside("journalctl", "--no-pager", "-o", "export").stdout.encode()}
    heaps["the database"] = root.does("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "pg_dump", "rankfile").encode()
    for top in ("var/log", "var/lib/rankfile", "var/lib/rankfile-valkey", "run/rankfile-proxy", "var/lib/nginx"):
        for path in (root.folder / top).rglob("*"):
            if path.is_file() and not path.is_symlink():
                heaps[str(path.relative_to(root.folder))] = path.read_bytes()
    found = [name for name, heap in heaps.items() if visitor.FROM.encode() in heap or visitor.AGENT.encode() in heap or ADDRESS.encode() in heap]
    if found:
        raise Failed(f"A visitor's address, browser or mail address stands in {', '.join(found)}")
    if len(heaps["the journal"]) < 10_000 or b"people_person" not in heaps["the database"]:
        raise Failed("What was searched is empty: nothing is proven.")
    return f"{len(heaps)} places searched after {provoked['statuses']}: no address, browser or mail address of a visitor"
