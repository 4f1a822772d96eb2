"""What mail servers write beside their codes, and what they mean by it. The first that fits counts, so order is meaning.

Patterns look for words, not for products; the few that know one provider's habit say so. All are of fixed length or bounded, so
that no text, however long, makes them slow.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Reason(StrEnum):
    """Why a mail came back."""

    USER_UNKNOWN = "userunknown"
    HOST_UNKNOWN = "hostunknown"
    HAS_MOVED = "hasmoved"
    NOT_ACCEPTING = "notaccept"
    FILTERED = "filtered"
    MAILBOX_FULL = "mailboxfull"
    SUSPENDED = "suspend"
    EXPIRED = "expired"
    NETWORK = "networkerror"
    SYSTEM = "systemerror"
    MAILER = "mailererror"
    TOO_BIG = "mesgtoobig"
    TOO_MANY = "toomanyconn"
    SPAM = "spamdetected"
    BLOCKED = "blocked"
    NO_PTR = "requireptr"
    AUTHENTICATION = "authfailure"
    SECURITY = "securityerror"
    POLICY = "policyviolation"
    RELAY = "norelaying"
    REJECTED = "rejected"
    CONTENT = "contenterror"
    SYNTAX = "syntaxerror"
    UNKNOWN = "onhold"
    VACATION = "vacation"


_WORDS: tuple[tuple[Reason, tuple[str, ...]], ...] = (
    # About us, whatever is said about the recipient beside it.
    (
        Reason.AUTHENTICATION,
        (r"\bdmarc\b", r"\bspf\b", r"\bdkim\b", r"authentication checks? failed", r"unauthenticated (?:e-?mail|message|mail)", r"sender policy framework"),
    ),
    (
        Reason.NO_PTR,
        (
            r"reverse[ -]?dns",
            r"\bptr\b",
            r"\brdns\b",
            r"ip name lookup failed",
            r"mismatch(?:es)? (?:the )?client ip",
            r"cannot find your (?:reverse )?host ?name",
        ),
    ),
    (Reason.TOO_MANY, (r"rate limit", r"too many (?:concurrent |simultaneous )?(?:connections|sessions|messages|recipients)", r"frequency limit", r"throttl")),
    (
        Reason.SPAM,
        (
            r"\bspam\b(?!haus|cop)",
            r"\bube\b",
            r"\bunsolicited\b",
            r"blacklisted (?:url|link|domain|content)",
            r"\bjunk ?mail\b",
            r"bulk e-?mail",
            r"\bofr_506\b",  # Orange: "mail rejected", which its list of codes explains as unwanted
        ),
    ),
    (
        Reason.BLOCKED,
        (
            r"blocked (?:using|by|for|due|because)",
            r"client host rejected",
            r"\b(?:helo|ehlo)\b.{0,60}(?:rejected|invalid|not found|required)",
            r"banned sending ip",
            r"\bdnsbl\b",
            r"\brbl\b",
            r"spamhaus",
            r"spamcop",
            r"black ?list",
            r"block ?list",
            r"poor reputation",
            r"blocked ip",
        ),
    ),
    (
        Reason.SECURITY,
        (
            r"authentication (?:is )?required",
            r"authrequired",
            r"smtp auth",
            r"without authentication",
            r"must (?:issue a )?starttls",
            r"tls (?:is )?required",
            r"encryption required",
        ),
    ),
    (
        Reason.RELAY,
        (
            r"relay(?:ing)? (?:is )?(?:not (?:permitted|allowed)|denied|prohibited|access denied)",
            r"(?:insecure|open) mail relay",
            r"unable to relay",
            r"not allowed to relay",
        ),
    ),
    (
        Reason.REJECTED,
        (
            r"sender (?:address |was |is )?(?:rejected|denied|refused)",
            r"domain of sender",
            r"sender(?:'s)? domain",
            r"purported responsible",
            r"not (?:a )?member of (?:this|the) (?:mailing )?list",
            r"(?:only|not) (?:subscribers?|members?) (?:can|may|are allowed)",
        ),
    ),
    # About the mailbox.
    (
        Reason.MAILBOX_FULL,
        (
            r"(?:mail ?box|mail ?folder|inbox|mail ?drop|account|disk) (?:is |was |has been )?(?:full|over ?quota)",
            r"\bover[ -]?(?:the )?(?:disk |mail |mailbox )?quota",
            r"quota (?:was |has been |is )?(?:exceeded|violation)",
            r"exceed(?:ed|s|ing)? (?:\S+ ){0,5}quota",
            r"out of storage",
            r"insufficient (?:disk |storage |system )?(?:space|storage)",
            r"number of messages in (?:\S+ ){0,4}exceed",
            r"exceed(?:ed|s) the local limit",
            r"not enough (?:disk |storage )?space",
            r"buzón (?:está )?lleno",
        ),
    ),
    (Reason.MAILER, (r"\bprocmail\b", r"\bmaildrop\b", r"command output", r"command (?:died|failed|line usage)", r"\|ifs=")),
    (
        Reason.TOO_BIG,
        (
            r"(?:message|mail|e-?mail|size) (?:size |length |is |was )*(?:too (?:large|big|long)|(?:exceeds|exceeded|limit))",
            r"size limit exceeded",
            r"exceeds (?:the )?(?:maximum|fixed|size)",
        ),
    ),
    (
        Reason.HAS_MOVED,
        (
            r"recipient no longer (?:on|at|with)",
            r"(?:user|recipient|account|mailbox|address) has (?:been )?moved",
            r"address (?:has )?changed",
            r"no longer (?:works|employed) (?:here|at|for|with)",
        ),
    ),
    (
        Reason.SUSPENDED,
        (
            r"(?:account|mail ?box|user|recipient|address)(?:\(s\)|s)?\S{0,3} (?:\S+ ){0,6}(?:is|are|has been|was) (?:\S+ ){0,2}(?:disabled|inactive|frozen|suspended|deactivated|locked|blocked|not active)",
            r"(?:disabled|inactive|frozen|suspended|deactivated|dormant) (?:user|account|mail ?box|recipient)",
        ),
    ),
    # About its host.
    (Reason.NOT_ACCEPTING, (r"no mx (?:record|host)", r"\bnull ?mx\b", r"(?:domain|host|server) does not accept (?:e-?)?mail", r"does not accept mail")),
    (
        Reason.HOST_UNKNOWN,
        (
            r"host (?:is )?unknown",
            r"unknown (?:host|domain)",
            r"host (?:or domain (?:name )?)?not found",
            r"domain (?:name )?(?:was |is |could )?not (?:be )?(?:found|exist|resolved?|reachable)",
            r"(?:invalid|illegal|bad|no such|non-?existent|unrouteable) (?:host|domain)",
            r"illegal host/domain",
            r"domain (?:\S+ )?does(?: not|n't) exist",
            r"all relevant mx records point to non-?existent hosts",
            r"\bnxdomain\b",
        ),
    ),
    (
        Reason.NETWORK,
        (
            r"hop count",
            r"routing loop",
            r"mail loop",
            r"too many hops",
            r"loops? back to",
            r"network (?:error|is unreachable)",
            r"(?:was|is)(?:n't| not) able to establish an smtp connection",
        ),
    ),
    (
        Reason.SYSTEM,
        (
            r"internal (?:system |server )?error",
            r"(?:unable|failed) to contact ldap",
            r"ldap (?:server|lookup)",
            r"service currently unavailable",
            r"local configuration error",
            r"system (?:is )?(?:misconfigured|error)",
            r"disk i/o error",
        ),
    ),
    # About the letter.
    (
        Reason.CONTENT,
        (
            r"8-?bit data in (?:message )?header",
            r"media error",
            r"(?:invalid|malformed|improper) (?:message )?(?:header|content)",
            r"(?:attachment|virus|file type) (?:\S+ ){0,3}(?:not allowed|rejected|found|detected|infected)",
            r"contains? (?:a )?virus",
            r"conversion (?:\S+ ){0,3}(?:failed|required)",
        ),
    ),
    (
        Reason.POLICY,
        (
            r"policy (?:reasons?|violation|rejection)",
            r"violat(?:es|ion of) (?:\S+ ){0,3}polic",
            r"network not allowed",
            r"not accepted for policy",
            r"administrative(?:ly)? (?:prohibit|den)",
        ),
    ),
    (Reason.SYNTAX, (r"(?:improper|bad) sequence of commands", r"syntax error", r"command (?:not recognized|unrecognized|unknown|not implemented)")),
    (
        Reason.FILTERED,
        (
            r"message (?:was |has been )?filtered",
            r"rejected by (?:the |a )?(?:domain )?filter",
            r"recipients? was rejected by a remote",
            r"recipient(?:'s)? (?:settings|preferences|filter)",
        ),
    ),
    (
        Reason.USER_UNKNOWN,
        (
            r"(?:user|recipient|mail ?box|account|address|addressee)(?: name)? (?:is |was )?(?:unknown|undefined|invalid|nonexistent|not recognized)",
            r"(?:unknown|invalid|illegal|undefined|no such|non-?existent|bad|unrouteable) (?:or illegal )?(?:local |email |e-mail |final delivery |virtual )?(?:user(?:id)?\b|recipient|mail ?box|address|account|addressee|destination(?! system)|local.part)",
            r"no (?:such )?mail ?box",
            r"(?:user|recipient|mail ?box|account|address)\S{0,2} (?:\S+ ){0,6}(?:was(?: not|n.t)|could(?: not|n.t) be|is not|isn.t|not|cannot be) (?:be )?(?:found|exist|listed|recognized|known|located)",
            r"(?:user|recipient|mail ?box|account|address)\S{0,2} (?:\S+ ){0,6}(?:does not|doesn.t|do not|no longer) (?:exist|have)",
            r"recip(?:ient)?\.?notfound|recipientnotfound|recipnotfound",
            r"not (?:a )?(?:valid|known) (?:user|recipient|mail ?box|address)",
            r"destinataire invalide|utilisateur inconnu|empf.nger (?:unbekannt|existiert nicht)|usuario (?:desconocido|no existe)|destinatario (?:desconocido|no existe)",
            r"mailbox unavailable",
            r"no such (?:person|customer)",
            r"recipient address rejected: access denied",  # Microsoft, with 5.4.1: nobody there has it
            r"user not (?:exist|found|known)",
        ),
    ),
    # How long it was tried.
    (
        Reason.EXPIRED,
        (
            r"retry (?:timeout|time not reached|period)",
            r"message (?:has )?expired",
            r"(?:connection|operation|session|connect) timed? ?out",
            r"in the queue too long",
            r"(?:remote )?host (?:is )?not (?:reachable|responding)",
            r"(?:did|does) not accept our requests? to connect",
            r"(?:has been|is|was|been) delayed",
            r"delivery (?:time )?(?:has )?expired",
            r"unable to (?:deliver (?:\S+ ){0,4}(?:in|after|for) \d|connect)",
            r"could not be delivered for",
            r"delay in (?:the )?delivery",
            r"not delivered within",
            r"connection refused",
            r"connection (?:was )?lost",
        ),
    ),
    (Reason.REJECTED, (r"\brejected\b", r"access denied", r"\brefused\b")),
)
_COMPILED = tuple((reason, re.compile("|".join(f"(?:{each})" for each in words), re.IGNORECASE)) for reason, words in _WORDS)


def meant(text: str) -> tuple[Reason, int] | None:
    """What a mail server's words say, and where in the text; None where they say nothing that is known here."""
    for reason, words in _COMPILED:
        if match := words.search(text):
            return reason, match.start()
    return None
