"""Everything about a person in one ZIP file of JSON, with names that can be read."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from committees.people import queries, registry
from committees.people.models import Contact, Person, Session


def account(person: Person) -> dict[str, Any]:
    """This room's own part."""
    ways = queries.ways(person)
    return {
        "sign_in_name": person.sign_in_name,
        "language": person.language,
        "time_zone": person.time_zone,
        "opened_on": person.created_on,
        "last_seen_on": person.seen_on,
        "told_of_its_end_on": person.ends_told_on,
        "addresses": [
            {"kind": c.channel, "address": c.address, "for_notices": c.primary, "stopped": c.stop_reason or None} for c in Contact.objects.of(person)
        ],
        "ways_to_sign_in": {"password": ways.password, "passkeys": ways.passkeys, "app": ways.app, "paper_code": ways.paper},
        "signed_in_devices": [{"name": s.label, "since": s.started_on, "until": s.ends_on} for s in Session.objects.visible_to(person)],
    }


def zip_of(person: Person) -> bytes:
    """The file that a person downloads: one JSON per room."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in registry.exports(person).items():
            archive.writestr(f"{name}.json", json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n")
    return out.getvalue()
