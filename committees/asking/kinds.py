"""What this room tells people: those who can answer that a question waits, and whoever asked what became of it. Never a word of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.asking import queries
from committees.asking.models import Question
from committees.membership import standing_in
from committees.notices.models import Channel, Notice
from committees.notices.registry import Kind, Level, group, register

GROUP = "asking"
EVERYWHERE = frozenset({str(Channel.INAPP), str(Channel.EMAIL)})


def _question(notice: Notice) -> Question:
    found: Question = notice.about
    return found


def _words(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    question = _question(notice)
    return {"question": question, "committee": question.answered_in}


def _who_answers(notice: Notice) -> Any:
    return queries.answerers(_question(notice))


def _who_is_there(notice: Notice) -> Any:
    """Whoever is away and is covered for is not reminded, as long as somebody else is."""
    everybody = set(_who_answers(notice))
    where = _question(notice).answered_in_id
    away = set(standing_in.away(where, timezone.now())) if where else set()
    return everybody - away or everybody


def _while_it_waits(notice: Notice, person_ids: set[int]) -> set[int]:
    """Those who can still answer, as long as nobody has."""
    waits = Question.objects.waiting().filter(pk=notice.about_id, withheld=False).exists()
    return person_ids & set(_who_answers(notice)) if waits else set()


def _whoever_asked(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(Question.objects.filter(pk=notice.about_id).values_list("person_id", flat=True))


def _while_they_may_read(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever asked, unless the answer is for members of a committee that no longer lets them in: it is there when they are back."""
    found = Question.objects.filter(pk=notice.about_id).select_related("member", "answered_in").first()
    return person_ids & {found.person_id} if found is not None and found.is_inside else set()


def _while_it_is_offered(notice: Notice, person_ids: set[int]) -> set[int]:
    waits = Question.objects.waiting().filter(pk=notice.about_id, offered_at__isnull=False).exists()
    return _whoever_asked(notice, person_ids) if waits else set()


def _thread(notice: Notice) -> str:
    return f"question-{notice.about_id}"


def _to_those_who_answer(name: str, label: Any, who: Any) -> None:
    register(
        Kind(
            name=f"asking/{name}",
            label=label,
            group=GROUP,
            audience=who,
            matters=_while_it_waits,
            context=_words,
            url=lambda notice: _question(notice).url_for_answering(),
            thread=_thread,
        )
    )


def _to_whoever_asked(name: str, label: Any, matters: Any, channels: frozenset[str] = EVERYWHERE) -> None:
    register(
        Kind(
            name=f"asking/{name}",
            label=label,
            group=GROUP,
            matters=matters,
            context=_words,
            url=lambda notice: _question(notice).get_absolute_url(),
            unsubscribable=False,
            members_only=False,
            channels=channels,
            thread=_thread,
        )
    )


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_("Questions"), hint=_("When somebody asks you for help as an organizer."))
    _to_those_who_answer("asked", _("A question waits for an answer"), _who_answers)
    _to_those_who_answer("waits", _("A question has waited for two days"), _who_is_there)
    _to_whoever_asked("answered", _("Somebody has answered you"), _while_they_may_read)
    _to_whoever_asked("slow", _("Nobody has answered your question yet"), _while_it_is_offered)
    _to_whoever_asked("closed", _("Your question is closed"), _whoever_asked)
    _to_whoever_asked("out", _("Your question is closed"), _whoever_asked, frozenset({Channel.INAPP}))  # no mail follows somebody out of a committee
