"""Records of SPF, DKIM and DMARC, asked of a real DNS server on loopback."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command


class Zone:
    """A name server that knows what the test says, and counts what it is asked."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.silent = False
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self.port = self._line.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            wire, who = self._line.recvfrom(4096)
            if not wire:
                return
            question = dns.message.from_wire(wire)
            name = question.question[0].name
            bare = name.to_text(omit_final_dot=True).lower()
            self.asked.append(bare)
            if self.silent:
                continue
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            if bare in self.texts:
                rows = [" ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in self.texts[bare]]
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *rows))
            elif not any(each.endswith("." + bare) for each in self.texts):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._line.sendto(answer.to_wire(), who)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._line.close()


@pytest.fixture
def zone() -> Iterator[Zone]:
    made = Zone()
    yield made
    made.close()


@lru_cache
def rsa(bits: int) -> str:
    public = generate_private_key(65537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def good() -> dict[str, list[str]]:
    return {
        "example.org": ["unrelated=1", "v=spf1 mx include:_spf.provider.example -all"],
        "_spf.provider.example": ["v=spf1 ip4:192.0.2.0/24 ~all"],
        "mail._domainkey.example.org": [f"v=DKIM1; k=rsa; p={rsa(2048)}"],
        "_dmarc.example.org": ["v=DMARC1; p=quarantine"],
    }


def examined(zone: Zone, domain: str = "example.org", selectors: tuple[str, ...] = ("mail",)) -> tuple[dict[str, dict[str, Any]], int]:
    out, code = StringIO(), 0
    try:
        call_command("check_mail", domain, selector=list(selectors), dns=f"127.0.0.1:{zone.port}", json=True, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return {each["name"]: each for each in json.loads(out.getvalue())["findings"]}, code


def test_a_domain_whose_mail_is_believed(zone: Zone) -> None:
    zone.texts = good()
    found, code = examined(zone)
    assert [each["state"] for each in found.values()] == ["ok", "ok", "ok"], found
    assert code == 0
    assert {"example.org", "mail._domainkey.example.org", "_dmarc.example.org"} <= set(zone.asked)


def test_a_domain_that_says_nothing_hears_what_to_add(zone: Zone, settings: Any) -> None:
    settings.MAIL_URL = "smtp+tls://u:p@smtp.provider.example:587"
    found, code = examined(zone)
    assert code == 1
    assert {each["state"] for each in found.values()} == {"wrong"}
    assert "v=spf1 a:smtp.provider.example -all" in found["SPF"]["remedy"]
    assert "v=DMARC1; p=quarantine" in found["DMARC"]["remedy"]
    assert "selector" in found["DKIM"]["remedy"]


@pytest.mark.parametrize(
    ("records", "state", "said"),
    [
        (["v=spf1 mx +all"], "wrong", "anybody"),
        (["v=spf1 mx ?all"], "wrong", "anybody"),
        (["v=spf1 mx"], "warning", "elsewhere"),
        (["v=spf1 -all", "v=spf1 mx -all"], "wrong", "side by side"),
        (["v=spf10 mx -all"], "wrong", "nothing says"),
        (["v=spf1 redirect=_spf.provider.example"], "ok", "redirect"),
        (["v=spf1 " + " ".join(f"a:h{n}.example.org" for n in range(11)) + " -all"], "wrong", "11 look-ups"),
        (["v=spf1 " + "include:many.example " * 4 + "-all"], "wrong", "look-ups"),
        (["v=spf1 include:ring.example -all"], "wrong", "back to itself"),
        (["v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all"], "ok", "ip4"),
    ],
)
def test_spf(zone: Zone, records: list[str], state: str, said: str) -> None:
    zone.texts = good() | {"example.org": records, "many.example": ["v=spf1 a mx ptr exists:%{i}.x.example -all"]}
    zone.texts["ring.example"] = ["v=spf1 include:example.org -all"]
    found, code = examined(zone)
    assert (found["SPF"]["state"], code) == (state, 1 if state == "wrong" else 0), found["SPF"]
    assert said in found["SPF"]["text"]


@pytest.mark.parametrize(
    ("record", "state", "said"),
    [
        (lambda: f"v=DKIM1; p={rsa(1024)}", "warning", "1024 bits"),
        (lambda: "v=DKIM1; p=", "wrong", "taken back"),
        (lambda: "v=DKIM1; p=not-a-key", "wrong", "no key"),
        (lambda: f"v=DKIM1; t=y; p={rsa(2048)}", "warning", "only trying"),
        (lambda: f"p={rsa(2048)[:100]} {rsa(2048)[100:]}", "ok", "2048"),
        (lambda: "v=DKIM1; k=ed25519; p=" + base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode(), "warning", "Ed25519"),
    ],
)
def test_dkim(zone: Zone, record: Any, state: str, said: str) -> None:
    zone.texts = good() | {"mail._domainkey.example.org": [record()]}
    found, _ = examined(zone)
    assert found["DKIM"]["state"] == state, found["DKIM"]
    assert said in found["DKIM"]["text"]


@pytest.mark.parametrize(
    ("record", "state", "said"),
    [
        ("v=DMARC1; p=none", "warning", "only watches"),
        ("v=DMARC1; p=reject; ruf=mailto:a@b.example", "warning", "copies"),
        ("v=DMARC1", "wrong", "no policy"),
        ("v=DMARC1; p=perhaps", "wrong", "no policy"),
        ("v = DMARC1 ; p = reject", "ok", "reject"),
    ],
)
def test_dmarc(zone: Zone, record: str, state: str, said: str) -> None:
    zone.texts = good() | {"_dmarc.example.org": [record]}
    found, _ = examined(zone)
    assert found["DMARC"]["state"] == state, found["DMARC"]
    assert said in found["DMARC"]["text"]


@pytest.mark.parametrize(("record", "state"), [("v=DMARC1; p=reject; sp=none", "warning"), ("v=DMARC1; p=quarantine", "ok")])
def test_a_name_below_follows_the_policy_of_the_name_above(zone: Zone, record: str, state: str) -> None:
    zone.texts = good() | {"_dmarc.example.org": [record], "news.example.org": ["v=spf1 mx -all"]}
    found, _ = examined(zone, "news.example.org", ())
    assert (found["DMARC"]["state"], found["DMARC"]["where"]) == (state, "_dmarc.example.org")
    assert "DKIM" not in found


def test_a_name_server_that_is_silent_is_not_taken_for_an_empty_zone(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.services.mail_records.ASKING", 0.5)
    zone.silent = True
    with pytest.raises(CommandError, match="not answered") as refused:
        examined(zone)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("domain", ["localhost", "a..b", "x" * 70 + ".org"])
def test_what_is_no_domain_is_refused(zone: Zone, domain: str) -> None:
    with pytest.raises(CommandError, match="not the name of a domain"):
        examined(zone, domain)


def test_without_a_domain_the_senders_is_looked_at(zone: Zone, settings: Any) -> None:
    settings.MAIL_FROM = "Rank & File <notices@example.org>"
    zone.texts = good()
    out = StringIO()
    call_command("check_mail", dns=f"127.0.0.1:{zone.port}", stdout=out)
    assert "_dmarc.example.org" in out.getvalue()
    assert "DKIM was not looked at" in out.getvalue()
