"""Whom somebody can ask, what waits for those who answer, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from committees.asking.models import Message, Question, QuestionQuerySet, Whom
from committees.asking.rules import DAY, Answerer
from committees.bodies.models import Committee, Life
from committees.membership.models import Application, Membership, MembershipQuerySet
from committees.membership.roles import THAT_SEE, Power, Standing
from committees.people.models import Person

KEEPERS = "keepers"


# -- Whom one can ask ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Some who can be asked, in the words of the form: who reads it, and what they see of whoever asks."""

    key: str
    whom: Whom
    label: str
    sees: str
    answered_in: Committee | None = None
    member: Membership | None = None


def able(committee_ids: Iterable[int], person: Person | None = None) -> MembershipQuerySet:
    """The organizers of these committees who are there, without this person."""
    there = Membership.objects.filter(committee_id__in=list(committee_ids), person__is_active=True).with_power(Power.ANSWER_QUESTIONS)
    return there.exclude(person=person) if person is not None else there


def keepers(person: Person | None = None) -> QuerySet[Person]:
    """Those who keep the service, without this person."""
    there = Person.objects.filter(is_platform_admin=True, is_active=True)
    return there.exclude(pk=person.pk) if person is not None else there


def _named(words: str, name: str) -> SafeString:
    """Words with a name in them that may be in another script."""
    return mark_safe(escape(words) % {"name": format_html("<bdi>{}</bdi>", name)})  # noqa: S308 (both are escaped)


class Asking:
    """Whom one person can ask. Only where somebody else is there to answer; a fixed number of queries.

    Whoever is suspended does not ask those who suspended them, but the wider committee: they are shut out of their own, and may
    have something to say about just that. Whoever is out of a committee asks as somebody who has none.
    """

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def _memberships(self) -> list[Membership]:
        mine = Membership.objects.filter(person=self.person, standing__in=[*THAT_SEE, Standing.SUSPENDED]).exclude(committee__life=Life.DISSOLVED)
        return list(mine.select_related("committee__verified_by", "committee__workplace__employer").order_by("committee__name", "pk"))

    @cached_property
    def choices(self) -> list[Choice]:
        alliance = Committee.objects.alliance()
        wider = {member.committee.verified_by_id for member in self._memberships} | {alliance.pk if alliance else None}
        asked = {member.committee_id for member in self._memberships} | {each for each in wider if each is not None}
        there = set(able(asked, self.person).values_list("committee_id", flat=True))
        found = [self._own(member) for member in self._memberships if member.standing in THAT_SEE]
        found += [self._wider(member) for member in self._memberships if member.committee.verified_by and member.committee.verified_by != alliance]
        if alliance is not None:
            found.append(_intake(alliance))
        once = {each.key: each for each in found if each.answered_in is not None and each.answered_in.pk in there}
        return [*once.values(), *([_service()] if keepers(self.person).exists() else [])]

    def _own(self, member: Membership) -> Choice:
        label = _named(_("The organizers of %(name)s"), member.committee.name)
        sees = _named(_("They see your name there: %(name)s."), member.handle)
        return Choice(f"own-{member.committee.slug}", Whom.COMMITTEE, label, sees, member.committee, member)

    def _wider(self, member: Membership) -> Choice:
        wider = member.committee.verified_by
        assert wider is not None
        label = _named(_("The organizers of the wider committee above %(name)s"), member.committee.name)
        return Choice(f"wider-{wider.slug}", Whom.WIDER, label, _only_a_number(), wider)

    def find(self, key: str) -> Choice | None:
        return next((each for each in self.choices if each.key == key), None)

    @cached_property
    def sites(self) -> list[str]:
        """Where this person works, as far as committees know it: those they belong to, and those they have applied to."""
        applied = Application.objects.of(self.person).open().select_related("committee__workplace__employer")
        committees = [*(member.committee for member in self._memberships), *(each.committee for each in applied)]
        return sorted({committee.workplace.title for committee in committees if committee.workplace})


def _only_a_number() -> str:
    return _("They see no name and no committee: only a number, your language and your words. Ask them when it is about the organizers of your committee.")


def _intake(alliance: Committee) -> Choice:
    sees = _("They see no name and no committee: only a number, your language and your words. Ask them when you have no committee, or about yours.")
    return Choice(f"wider-{alliance.slug}", Whom.WIDER, _("The organizers who look after new committees"), sees, alliance)


def _service() -> Choice:
    sees = _("When something does not work here. They see no name and no committee: only a number, your language and your words.")
    return Choice(KEEPERS, Whom.KEEPERS, _("Those who keep this service running"), sees)


def passes_to(question: Question, person: Person) -> Committee | None:
    """Who above those who were asked could answer it instead: the wider committee's organizers, else the alliance's. Only where somebody is
    there who was not asked already: whoever organizes both has read it, with a name."""
    if question.answered_in_id is None:
        return None
    asked = Committee.objects.select_related("verified_by").get(pk=question.answered_in_id)
    above = [each for each in (asked.verified_by, Committee.objects.alliance()) if each is not None and each.pk != asked.pk]
    others = able([each.pk for each in above], person).exclude(person__in=able([asked.pk]).values("person"))
    there = set(others.values_list("committee_id", flat=True))
    return next((each for each in above if each.pk in there), None)


# -- One's own -------------------------------------------------------------------------------------------------------------


def of_person(person: Person) -> QuestionQuerySet:
    return Question.objects.visible_to_person(person).select_related("member", "answered_in", "passed_to")


def open_of(person: Person) -> int:
    return Question.objects.visible_to_person(person).open().count()


def lately(person: Person, at: datetime) -> tuple[int, int]:
    """How many questions this person put within a day, and how many words they wrote."""
    mine = Message.objects.filter(by_asker=True, question__person=person, at__gt=at - DAY)
    return Question.objects.visible_to_person(person).filter(asked_at__gt=at - DAY).count(), mine.count()


def said_to(question: Question) -> list[Message]:
    """The conversation as whoever asked reads it, oldest first. Whoever no longer belongs reads only their own words."""
    return said_in([question])[question.pk]


def said_in(questions: Sequence[Question]) -> dict[int, list[Message]]:
    """The conversations of several, by the ids of the questions, each as whoever asked reads it."""
    said: dict[int, list[Message]] = {each.pk: [] for each in questions}
    inside = {each.pk for each in questions if each.is_inside}
    for message in Message.objects.filter(question__in=said).select_related("author"):
        if message.by_asker or message.question_id in inside:
            said[message.question_id].append(message)
    return said


# -- For those who answer --------------------------------------------------------------------------------------------------


def said_before(question: Question) -> list[Message]:
    """The conversation as those who answer read it."""
    return list(question.messages.select_related("author"))


def _with_names(rows: QuestionQuerySet) -> QuestionQuerySet:
    return rows.select_related("member", "answered_in", "taken_by")


def for_organizer(member: Membership) -> QuestionQuerySet:
    return _with_names(Question.objects.visible_to(member))


def for_keeper(keeper: Person) -> QuestionQuerySet:
    return _with_names(Question.objects.kept_by(keeper))


def answerers(question: Question) -> QuerySet[Any, int | None]:
    """Person ids of those who can answer this question now."""
    asker = Person(pk=question.person_id)
    if question.answered_in_id is None:
        return keepers(asker).values_list("pk", flat=True)
    return able([question.answered_in_id], asker).values_list("person_id", flat=True)


def waiting_for(person: Person, at: datetime) -> QuestionQuerySet:
    """What waits for this person as an organizer, in whichever committee."""
    where = Membership.objects.filter(person=person).with_power(Power.ANSWER_QUESTIONS, at=at).values("committee_id")
    return Question.objects.waiting().filter(answered_in__in=where, withheld=False).exclude(person=person)


def waiting_for_keepers() -> int:
    """How many questions wait for those who keep the service."""
    return Question.objects.waiting().to_keepers().count()


def mark_own(messages: Sequence[Message], by: Answerer) -> None:
    """Says of each message whether it is this one's own: those who keep the service have no names for each other."""
    for each in messages:
        mine = each.author_id == by.pk if isinstance(by, Membership) else each.keeper_id == by.pk
        each.is_mine = mine and not each.by_asker  # type: ignore[attr-defined]
