"""Kinds of notices for tests, about rows that mean nothing, and everything that is needed to post one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from committees.ledger.models import Checkpoint
from committees.notices import commands, registry
from committees.notices.models import Channel, Level, Notice
from committees.notices.registry import Kind, Reach, Reader
from committees.people import commands as people
from committees.people.models import Contact, Person
from tests.mail_sink import MailSink

TEMPLATES = Path(__file__).parent / "templates"
AT = datetime(2026, 11, 22, 5, 40, tzinfo=UTC)
GROUP = "letters"

#: Whom the audience names, and who of them still matters; None means everyone. Tests change both.
audience: list[int] = []
still: set[int] | None = None


def _audience(notice: Notice) -> Any:
    return Person.objects.present().filter(pk__in=audience).values_list("pk")


def _matters(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids if still is None else person_ids & still


def _context(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {"name": f"thing {notice.about.position} in {language}"}


def _personal(notice: Notice, readers: Mapping[int, Reader]) -> Mapping[int, Mapping[str, str]]:
    return {pk: {"time": f"<{reader.zone}>"} for pk, reader in readers.items()}


def _url(notice: Notice) -> str:
    return f"/thing/{notice.about.position}/"


def _may_watch(person: Person, notice: Notice) -> bool:
    return person.language == "es"


def _headlines(notices: Iterable[Notice], reader: Reader) -> Mapping[int, str]:
    return {notice.pk: f"About {notice.about.position} for {reader.language}" for notice in notices}


def kinds() -> list[Kind]:
    common: dict[str, Any] = {"group": GROUP, "url": _url, "audience": _audience, "matters": _matters, "context": _context, "may_watch": _may_watch}
    told = {"reach": Reach.TOLD, "urgent": True, "ignores_quiet_hours": True}
    return [
        Kind(
            name="letterbox/letter",
            label="A letter",
            personal=_personal,
            reach=Reach.UNTOLD,
            thread=lambda n: f"thing-{n.about_id}",
            headlines=_headlines,
            **common,
        ),
        Kind(name="letterbox/cancelled", label="It is off", thread=lambda n: f"thing-{n.about_id}", **told, **common),
        Kind(name="letterbox/poison", label="Poison", **common),
        Kind(name="letterbox/warning", label="A warning", security=True, **common),
    ]


def thing(number: int = 1) -> Checkpoint:
    """Something to be told about."""
    return Checkpoint.objects.create(chain="letterbox", position=number, digest="", through=AT, signature="")


def person(address: str = "", *, language: str = "en", zone: str = "Europe/London") -> Person:
    made, _paper = people.create(at=AT, email=address, language=language, time_zone=zone)
    return made


def crowd(n: int, *, name: str = "p", language: str = "en") -> list[int]:
    """`n` people with an address each, quickly."""
    made = Person.objects.bulk_create(
        [
            Person(sign_in_name=f"{name}-{i}-{language}-{datetime.now(UTC).timestamp()}", password="!", language=language, time_zone="Europe/London")
            for i in range(n)
        ]
    )
    Contact.objects.bulk_create(
        [
            Contact(person=row, channel="email", address=f"{name}{i}@mail.example", lookup=f"{name}{i}", verified_at=AT, primary=True)
            for i, row in enumerate(made)
        ]
    )
    return [row.pk for row in made]


def post(kind: str = "letter", to: list[Person] | None = None, **more: Any) -> Notice:
    """Post a notice to these people and make its deliveries."""
    if to is not None:
        audience[:] = [row.pk for row in to]
    at = more.pop("at", timezone.now())
    notice = commands.post(f"letterbox/{kind}", about=more.pop("about", None) or thing(), at=at, **more)
    commands.expand(notice.pk, at=timezone.now())
    return notice


def states(notice: Notice, channel: str = Channel.EMAIL) -> list[str]:
    return sorted(notice.deliveries.filter(channel=channel).values_list("state", flat=True))


def mailed(sink: MailSink) -> list[str]:
    return sorted(message.recipients[0] for message in sink.messages)


def register() -> None:
    registry.group(GROUP, label="Letters", hint="About things")
    for kind in kinds():
        registry.register(kind)


def forget() -> None:
    for kind in kinds():
        registry._kinds.pop(kind.name, None)
    registry._groups.pop(GROUP, None)
