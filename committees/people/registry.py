"""Where rooms above say what they hold about a person: what to kill in a panic, to export, to erase, to warn of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from committees.people.models import Person, PersonQuerySet, SessionQuerySet

log = logging.getLogger(__name__)

type Killer = Callable[[Person], None]
type Exporter = Callable[[Person], Any]
type Keeper = Callable[[PersonQuerySet], PersonQuerySet]
type SessionKeeper = Callable[[SessionQuerySet], SessionQuerySet]
type EmployerOf = Callable[[str], str | None]


class Recorder(Protocol):
    """How an act of those who keep the service is written down."""

    def __call__(self, verb: str, *, by: Person | None, about: Person, at: datetime, detail: dict[str, Any]) -> Any: ...


@dataclass(frozen=True)
class Erasure:
    """A room's part in erasing a person: what it says before, line by line, and what it then does."""

    says: Callable[[Person], Iterable[str]]
    erase: Callable[[Person], None]


_killers: list[Killer] = []
_holders: list[Killer] = []
_exporters: dict[str, Exporter] = {}
_erasures: dict[str, Erasure] = {}
_employer_of: list[EmployerOf] = []
_recorders: list[Recorder] = []
_keepers: list[Keeper] = []
_session_keepers: list[SessionKeeper] = []


def in_a_panic(kill: Killer) -> None:
    """`kill(person)` makes every token of that person dead: calendar, push, unsubscribe. Runs in the panic's transaction."""
    if kill not in _killers:
        _killers.append(kill)


def when_less_is_meant(hold_back: Killer) -> None:
    """`hold_back(person)` keeps back what is on its way to somebody: their account is hidden or disabled, or an address is theirs
    no longer. Runs in the transaction that does it, after its rows. (An erasure has each room's own part for this.)"""
    if hold_back not in _holders:
        _holders.append(hold_back)


def hold_back(person: Person) -> None:
    """What is on its way to this person and has not begun is asked about again."""
    for hold in _holders:
        hold(person)


def in_an_export(name: str, give: Exporter) -> None:
    """`give(person)` returns what one room holds about a person, as plain values; it becomes NAME.json."""
    _exporters[name] = give


def in_an_erasure(name: str, *, says: Callable[[Person], Iterable[str]], erase: Callable[[Person], None]) -> None:
    """A room's part when an account is erased. `says(person)` is read out before, `erase(person)` runs in the transaction."""
    _erasures[name] = Erasure(says, erase)


def keeps_accounts(spare: Keeper) -> None:
    """`spare(accounts)` leaves out those that belong somewhere: they are not erased, however long nobody has used them."""
    if spare not in _keepers:
        _keepers.append(spare)


def that_belong_nowhere(accounts: PersonQuerySet) -> PersonQuerySet:
    """Of these accounts, those that no room keeps. Where no room was asked there are none: better one too many than one too few."""
    for spare in _keepers:
        accounts = spare(accounts)
    return accounts if _keepers else accounts.none()


def keeps_sessions(needed: SessionKeeper) -> None:
    """`needed(sessions)` are those whose browser still gets something although its session ended by waiting (push). They open nothing; their
    rows stay, so that whatever ends a session ends that too."""
    if needed not in _session_keepers:
        _session_keepers.append(needed)


def kept(sessions: SessionQuerySet) -> SessionQuerySet:
    """Of these sessions, those that some room needs."""
    found = sessions.none()
    for needed in _session_keepers:
        found = found | needed(sessions)
    return found


def employer_domain_check(employer_of: EmployerOf) -> None:
    """`employer_of("mail.example.com")` gives the name of the employer whose domain that is, or None."""
    if employer_of not in _employer_of:
        _employer_of.append(employer_of)


def write_down(recorder: Recorder) -> None:
    """Registered by the ledger: what those who keep the service do to an account stands in the platform's chain."""
    if recorder not in _recorders:
        _recorders.append(recorder)


def record(verb: str, *, by: Person | None, about: Person, at: datetime, detail: dict[str, Any]) -> None:
    """Called last inside the command's transaction."""
    for recorder in _recorders:
        recorder(verb, by=by, about=about, at=at, detail=detail)


def kill_everything(person: Person) -> None:
    """Each room's part for itself: that one of them fails must not keep an account open that is being hidden."""
    for kill in _killers:
        try:
            with transaction.atomic():
                kill(person)
        except Exception as problem:  # noqa: BLE001  whatever it is, the others are killed all the same
            log.error("panic: %s failed (%s)", f"{kill.__module__}.{kill.__qualname__}", type(problem).__name__)


def exports(person: Person) -> dict[str, Any]:
    return {name: give(person) for name, give in sorted(_exporters.items())}


def erasures() -> dict[str, Erasure]:
    return dict(_erasures)


def employer_behind(domain: str) -> str | None:
    """The employer in the directory whose domain this is, or None."""
    return next((name for ask in _employer_of if domain and (name := ask(domain))), None)
