"""An organizer sets how the committee is called, who finds it and how one joins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Visibility
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.applications import Application
from committees.membership.commands import Settings
from committees.membership.models import Membership
from tests import make

pytestmark = pytest.mark.django_db


def now_of(committee: Committee) -> Settings:
    return Settings.of(Committee.objects.select_related("policy").get(pk=committee.pk))


def settle(cast: make.Cast, **changed: Any) -> None:
    membership.settle(cast.committee, replace(now_of(cast.committee), **changed), by=make.reloaded(cast.ada), at=timezone.now())


def browser(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)


def typed(committee: Committee, **changed: Any) -> dict[str, Any]:
    now = now_of(committee)
    said = {"name": now.name, "visibility": now.visibility, "languages": list(now.languages), "zone": now.zone, "checks_needed": now.checks_needed}
    return said | {"probation_days": now.probation_days, "shifts": "\n".join(now.shifts), "questions": "\n".join(now.questions)} | changed


def test_applicants_answer_the_committees_own_questions_and_those_who_began_keep_theirs(cast: make.Cast) -> None:
    settle(cast, questions=("Which gate do you come in by?",))
    committee = Committee.objects.select_related("policy").get(pk=cast.committee.pk)
    begun = membership.begin(committee, by=make.person(), at=timezone.now())
    settle(cast, questions=("Which line?",))
    assert [item["question"] for item in Application.objects.get(pk=begun.pk).asked] == ["Which gate do you come in by?"]


def test_new_members_first_weeks_are_as_long_as_set(cast: make.Cast) -> None:
    settle(cast, probation_days=30, checks_needed=0)
    joined = make.admitted(make.application(Committee.objects.get(pk=cast.committee.pk)))
    assert joined.probation_until is not None
    assert (joined.probation_until - joined.joined_at).days == 30


def test_what_is_not_changed_is_not_written(cast: make.Cast) -> None:
    before = Entry.objects.filter(chain=cast.committee.slug).count()
    settle(cast)
    assert Entry.objects.filter(chain=cast.committee.slug).count() == before
    settle(cast, name="Dock four")
    entry = Entry.objects.filter(chain=cast.committee.slug).latest("position")
    assert (entry.verb, Committee.objects.get(pk=cast.committee.pk).name) == ("committee.settled", "Dock four")


def test_a_committee_that_only_its_link_leads_to_is_found_by_nobody_else(cast: make.Cast) -> None:
    assert cast.committee.workplace is not None
    card = reverse("bodies:card", args=[cast.committee.slug])
    assert Client().get(card).status_code == 200
    settle(cast, visibility=Visibility.LINK)
    assert "Start a committee" in Client().get(cast.committee.workplace.get_absolute_url()).content.decode()


def test_only_one_committee_of_a_workplace_is_listed(cast: make.Cast) -> None:
    settle(cast, visibility=Visibility.LINK)
    make.committee(site=cast.committee.workplace)
    with pytest.raises(Refused, match="listed here already") as no:
        settle(cast, visibility=Visibility.LISTED)
    assert no.value.field == "visibility"


def test_it_is_set_on_a_page_that_leads_from_the_committees_own(cast: make.Cast) -> None:
    ada, address = browser(cast.ada), reverse("membership:settings", args=[cast.committee.slug])
    assert f'href="{address}"' in ada.get(cast.committee.get_absolute_url()).content.decode()
    assert f'href="{address}"' not in browser(cast.ben).get(cast.committee.get_absolute_url()).content.decode()
    said = typed(cast.committee, name="Dock four", questions="Which gate?\n\n  Which line? \nWhich gate?", shifts="Nights")
    assert ada.post(address, said).status_code == 302
    now = now_of(cast.committee)
    assert (now.name, now.questions, now.shifts) == ("Dock four", ("Which gate?", "Which line?"), ("Nights",))
    assert "Which line?" in ada.get(address).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "id_name_error"),
        ({"zone": "Mars/North"}, "id_zone_error"),
        ({"checks_needed": "4"}, "id_checks_needed_error"),
        ({"probation_days": "91"}, "id_probation_days_error"),
        ({"questions": "\n".join(f"Question {n}?" for n in range(6))}, "At most 5 lines."),
        ({"shifts": "x" * 61}, "At most 60 letters in a line."),
        ({"languages": ["xx"]}, "id_languages_error"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(cast: make.Cast, changed: dict[str, Any], said: str) -> None:
    words = typed(cast.committee) | {"questions": "Which gate?"} | changed
    answer = browser(cast.ada).post(reverse("membership:settings", args=[cast.committee.slug]), words)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert words["questions"].split("\n")[0] in page
    assert now_of(cast.committee).questions == ()
