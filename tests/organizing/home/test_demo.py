"""The demonstration: it plays through, shows what it promises, and comes once."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from committees.asking.models import Question
from committees.membership.applications import Application
from committees.membership.models import Membership
from committees.moderation.models import Review
from committees.people.models import Person
from organizing.circulars.models import Circular
from organizing.forum.models import Post
from organizing.home.demo import world
from organizing.meetings.models import Meeting
from organizing.minutes.models import Item, Minutes

pytestmark = pytest.mark.django_db


def played() -> dict[str, object]:
    said = StringIO()
    call_command("load_demo", "--json", stdout=said)
    return dict(json.loads(said.getvalue()))


def test_it_plays_through_once_and_shows_a_queue_meetings_in_several_zones_and_languages() -> None:
    told = played()
    assert Membership.objects.present().count() >= 20
    assert Application.objects.waiting().count() >= 4
    assert len(set(Meeting.objects.values_list("zone", flat=True))) >= 4
    assert {language for m in Meeting.objects.all() for language in m.languages} >= {"en", "es"}
    assert set(Meeting.objects.values_list("state", flat=True)) == {"scheduled", "cancelled"}
    assert set(Review.objects.values_list("state", flat=True)) == {"open", "decided"}
    assert set(Post.objects.values_list("state", flat=True)) == {"visible", "queued"}
    assert Circular.objects.sent().count() == 1
    assert set(Minutes.objects.values_list("state", flat=True)) == {"approved", "draft"}
    assert Item.objects.open().count() == 3
    assert Question.objects.waiting().count() == 1
    assert len(told["accounts"]) == 8  # type: ignore[arg-type]
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_demo")


def test_it_never_comes_to_a_server_in_production() -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="not a demonstration server"):
        call_command("load_demo")


def test_a_rehearsal_leaves_nothing() -> None:
    call_command("load_demo", "--dry-run", stdout=StringIO())
    assert not Person.objects.exists()


def test_every_actor_is_somebody_of_their_own() -> None:
    keys = [a.key for cell in world.CELLS for a in (*cell.founders, *cell.members, *(who for who, _why in cell.applicants))]
    assert len(keys) == len(set(keys))


class TestSettingUpAServer:
    def test_it_makes_the_admin_and_the_alliance_once(self) -> None:
        words = ("--admin", "admin@example.org", "--alliance", "Ours", "--organizer", "one@example.org", "--organizer", "two@example.org")
        said = StringIO()
        call_command("setup", *words, "--json", stdout=said)
        result = json.loads(said.getvalue())
        assert result["alliance"] == "Ours"
        assert len({account["password"] for account in result["accounts"]}) == 3
        assert Membership.objects.count() == 2
        with pytest.raises(CommandError, match="set up already"):
            call_command("setup", *words)

    def test_a_rehearsal_writes_nothing_and_a_missing_word_is_named(self) -> None:
        call_command("setup", "--admin", "a@example.org", "--alliance", "Ours", "--organizer", "b@example.org", "--dry-run", stdout=StringIO())
        assert not Person.objects.exists()
        with pytest.raises(CommandError, match="--alliance"):
            call_command("setup", "--admin", "a@example.org")

    def test_the_secrets_it_makes_are_those_that_production_takes(self) -> None:
        said = StringIO()
        call_command("setup", "--keys", "--json", stdout=said)
        made = json.loads(said.getvalue())
        assert set(made) == {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "VAPID_PRIVATE_KEY"}
        assert len(made["SECRET_KEY"]) >= 50
