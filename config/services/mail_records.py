"""Will mail of a domain be believed? What its DNS says of senders (SPF), signatures (DKIM) and policy (DMARC), in plain words."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.resolver
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from config.services.errors import ServiceFailed

OK, WARNING, WRONG = "ok", "warning", "wrong"
#: RFC 7208: a record that asks for more look-ups is no record.
MOST_LOOKUPS = 10
LOOK_UP = ("include:", "a", "mx", "ptr", "exists:", "redirect=")
#: Below this, large providers do not take a signature for one.
LEAST_BITS, GOOD_BITS = 1024, 2048
ASKING = 5.0

Ask = Callable[[str], list[str]]


@dataclass(frozen=True)
class Record:
    """One finding: what was looked for, where, what is there, what to add."""

    name: str
    where: str
    state: str
    text: str
    remedy: str = ""


def asker(server: str = "", port: int = 53) -> Ask:
    """A function that gives the TXT records of a name: none where there are none; it stops where no server answers."""
    resolver = dns.resolver.Resolver(configure=not server)
    if server:
        resolver.nameservers, resolver.port = [server], port
    resolver.lifetime = ASKING
    resolver.use_edns(0, 0, 1232)

    def ask(name: str) -> list[str]:
        try:
            answer = resolver.resolve(name, "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as problem:
            raise ServiceFailed(f"The question for {name} was not answered: {type(problem).__name__}.") from None
        return [b"".join(row.strings).decode(errors="replace") for row in answer]

    return ask


def examine(domain: str, ask: Ask, *, selectors: Iterable[str], server: str = "") -> list[Record]:
    """All findings for a sending domain. `server` is our own mail server, whose include is proposed where there is no record."""
    try:
        if len(dns.name.from_text(domain)) < 3:  # a label, another one, and the root
            raise ServiceFailed(f"“{domain}” is not the name of a domain, like example.org.")
    except dns.exception.DNSException:
        raise ServiceFailed(f"“{domain}” is not the name of a domain, like example.org.") from None
    return [spf(domain, ask, server=server), *(dkim(domain, selector, ask) for selector in selectors), dmarc(domain, ask)]


# -- SPF ----------------------------------------------------------------------------------------


def spf(domain: str, ask: Ask, *, server: str = "") -> Record:
    found = _spf_of(domain, ask)
    proposal = f"v=spf1 {f'a:{server} ' if server else 'mx '}-all"
    if not found:
        return Record(
            "SPF",
            domain,
            WRONG,
            "nothing says which servers may send mail of this domain",
            f'Add a TXT record: "{proposal}" (your mail provider says its own).',
        )
    if len(found) > 1:
        return Record("SPF", domain, WRONG, f"{len(found)} records stand side by side, so that none counts", "Keep one and put all servers into it.")
    return _one_spf(domain, found[0], ask)


def _one_spf(domain: str, record: str, ask: Ask) -> Record:
    words = record.split()[1:]
    try:
        lookups = _lookups(domain, ask, seen=())
    except _Endless as ring:
        return Record("SPF", domain, WRONG, f"{ring} leads back to itself", "Take the ring out of the record.")
    if lookups > MOST_LOOKUPS:
        return Record("SPF", domain, WRONG, f"it takes {lookups} look-ups; at most {MOST_LOOKUPS} count", "Take out what no longer sends mail.")
    end = next((word for word in words if word.lower().lstrip("+-~?") == "all"), "")
    if not end and not any(word.lower().startswith("redirect=") for word in words):
        return Record("SPF", domain, WARNING, "it does not say what becomes of mail from elsewhere", "End the record with -all (or ~all while you try).")
    if end in ("+all", "all", "?all"):
        return Record("SPF", domain, WRONG, f"{end} lets anybody send mail of this domain", "End the record with -all.")
    return Record("SPF", domain, OK, record)


def _spf_of(domain: str, ask: Ask) -> list[str]:
    return [text for text in ask(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


class _Endless(Exception):
    """A record that includes itself."""


def _lookups(domain: str, ask: Ask, *, seen: tuple[str, ...]) -> int:
    """How many look-ups a receiver does for the record, those of what it includes among them."""
    if domain in seen:
        raise _Endless(domain)
    count = 0
    for word in (_spf_of(domain, ask) or [""])[0].lower().split()[1:]:
        bare = word.lstrip("+-~?")
        if not any(bare == way or bare.startswith((way + ":", way + "/") if way[-1] not in ":=" else way) for way in LOOK_UP):
            continue
        count += 1
        if bare.startswith(("include:", "redirect=")) and count <= MOST_LOOKUPS and "%" not in bare:
            count += _lookups(bare.replace("=", ":", 1).partition(":")[2].rstrip("."), ask, seen=(*seen, domain))
    return count


# -- DKIM ---------------------------------------------------------------------------------------


def dkim(domain: str, selector: str, ask: Ask) -> Record:
    where = f"{selector}._domainkey.{domain}"
    found = [text for text in ask(where) if "p=" in text]
    if not found:
        return Record(
            "DKIM",
            where,
            WRONG,
            "no key stands there: signed mail cannot be checked",
            "Publish the key that your mail provider gives for this selector (--selector).",
        )
    tags = _tags(found[0])
    if not tags.get("p"):
        return Record("DKIM", where, WRONG, "the key was taken back (p= is empty)", "Publish the key in use, or ask for the selector in use (--selector).")
    if tags.get("k", "rsa").lower() == "ed25519":
        return Record("DKIM", where, WARNING, "an Ed25519 key; many receivers check only RSA", "Sign with an RSA key beside it.")
    try:
        key = load_der_public_key(base64.b64decode(tags["p"], validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return Record("DKIM", where, WRONG, "what stands there is no key", "Copy the whole value; long ones are split into several strings.")
    return _rsa(where, key.key_size if isinstance(key, RSAPublicKey) else 0, tags)


def _rsa(where: str, bits: int, tags: dict[str, str]) -> Record:
    if bits < LEAST_BITS:
        return Record("DKIM", where, WRONG, f"a key of {bits} bits counts for nothing", f"Make one of {GOOD_BITS} bits.")
    if "y" in tags.get("t", "").lower().split(":"):
        return Record("DKIM", where, WARNING, "t=y says that you are only trying", "Take t=y out once mail is signed.")
    if bits < GOOD_BITS:
        return Record("DKIM", where, WARNING, f"a key of {bits} bits", f"Make one of {GOOD_BITS} bits.")
    return Record("DKIM", where, OK, f"an RSA key of {bits} bits")


def _tags(text: str) -> dict[str, str]:
    """tag=value pairs; blanks inside a value mean nothing (they come from splitting a long one)."""
    pairs = (each.partition("=") for each in text.split(";") if "=" in each)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


# -- DMARC --------------------------------------------------------------------------------------


def dmarc(domain: str, ask: Ask) -> Record:
    where, found = f"_dmarc.{domain}", []
    for each in _upwards(domain):
        if found := [text for text in ask(f"_dmarc.{each}") if text.replace(" ", "").lower().startswith("v=dmarc1")]:
            where = f"_dmarc.{each}"
            break
    if not found:
        return Record("DMARC", where, WRONG, "nothing says what becomes of mail that is not ours", 'Add a TXT record there: "v=DMARC1; p=quarantine".')
    if len(found) > 1:
        return Record("DMARC", where, WRONG, f"{len(found)} records stand side by side, so that none counts", "Keep one.")
    tags = _tags(found[0])
    inherited = where != f"_dmarc.{domain}"
    policy = (tags.get("sp") if inherited and "sp" in tags else tags.get("p", "")) or ""
    if policy.lower() not in ("none", "quarantine", "reject"):
        return Record("DMARC", where, WRONG, f"p={policy or '(nothing)'} is no policy", "Say p=none, p=quarantine or p=reject.")
    if tags.get("ruf"):
        return Record(
            "DMARC",
            where,
            WARNING,
            "ruf= asks strangers' servers to send copies of mail that failed",
            "Take ruf= out: such copies may hold what members were told.",
        )
    if policy.lower() == "none":
        return Record(
            "DMARC", where, WARNING, "p=none only watches: forged mail of this domain is still delivered", "Say p=quarantine once SPF and DKIM are right."
        )
    return Record("DMARC", where, OK, found[0])


def _upwards(domain: str) -> Iterator[str]:
    """The domain and what it stands below, down to two labels: receivers look at the organization's record where a name has none."""
    labels = domain.rstrip(".").split(".")
    return (".".join(labels[at:]) for at in range(max(1, len(labels) - 1)))
