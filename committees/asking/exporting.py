"""What this room gives a person who takes everything that is theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from committees.asking import queries
from committees.asking.models import Message
from committees.people.models import Person


def asked(person: Person) -> list[dict[str, Any]]:
    """What they asked, with the answers as far as they may read them."""
    questions = list(queries.of_person(person).order_by("asked_at", "pk"))
    said = queries.said_in(questions)
    return [
        {
            "number": each.number,
            "asked": each.get_whom_display(),
            "at": each.asked_at.isoformat(),
            "state": each.state,
            "where_i_work": each.site,
            "said": [{"by_me": one.by_asker, "language": one.language, "text": one.text, "at": one.at.isoformat()} for one in said[each.pk]],
        }
        for each in questions
    ]


def answered(person: Person) -> list[dict[str, Any]]:
    """What they answered others. What those had asked is theirs."""
    mine = Message.objects.filter(Q(author__person=person) | Q(keeper=person)).select_related("question").order_by("at", "pk")
    return [{"number": each.question.number, "language": each.language, "text": each.text, "at": each.at.isoformat()} for each in mine]
