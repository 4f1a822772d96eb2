"""Writing to all members: once, to those who are inside, no more than the committee's share, and gone after a year."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from committees.base.errors import Refused
from committees.bodies.models import Committee, Life
from committees.bodies.register import last_activity
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.roles import Role
from committees.notices import commands as notices
from committees.notices import preview
from committees.notices import registry as kinds
from committees.notices.models import Channel, Delivery, Level, Notice
from committees.people import commands as people
from committees.people import registry
from organizing.circulars import commands as circulars
from organizing.circulars import queries, rules
from organizing.circulars.models import Circular, Reach
from tests import make
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent, written

pytestmark = pytest.mark.django_db


def test_a_message_reaches_members_and_new_members_and_nobody_else(cast: make.Cast, message: Circular) -> None:
    gone = make.member(cast.committee)
    membership.leave(gone, by=gone, at=timezone.now())
    notice = Notice.objects.get(kind=queries.SENT)
    notices.expand(notice.pk, at=timezone.now())
    told = set(Delivery.objects.filter(notice=notice, channel=Channel.INAPP).values_list("person_id", flat=True))
    assert told == {each.person_id for each in (cast.ada, cast.ben, cast.cleo, cast.mo)}
    assert Entry.objects.filter(verb="message.sent", chain=cast.committee.slug).count() == 1


def test_who_left_after_it_was_sent_is_told_no_more(cast: make.Cast, message: Circular) -> None:
    notice = Notice.objects.get(kind=queries.SENT)
    both = {cast.ada.person_id or 0, cast.ben.person_id or 0}
    matters = kinds.kind(queries.SENT).matters
    assert matters(notice, both) == both
    membership.leave(cast.ben, by=cast.ben, at=timezone.now())
    assert matters(notice, both) == {cast.ada.person_id}
    assert matters(notice, {cast.boss.person_id or 0}) == set()


def test_the_same_form_makes_one_draft_and_the_button_sends_once(cast: make.Cast) -> None:
    key = uuid.uuid4()
    first = written(cast.ada, form_key=key)
    again = written(cast.ada, form_key=key, text="Better words.")
    assert (again.pk, again.text) == (first.pk, "Better words.")
    circulars.send(again, seen=again.changed_at, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="sent or thrown away"):
        circulars.send(again, seen=again.changed_at, by=cast.ada, at=timezone.now())
    assert Notice.objects.filter(kind=queries.SENT).count() == 1
    assert written(cast.ada, form_key=key, text="Better words.").sent_at
    with pytest.raises(circulars.Overtaken, match="sent meanwhile"):
        written(cast.ada, form_key=key, text="Later.")


def test_another_committees_form_key_opens_nothing(cast: make.Cast) -> None:
    key = uuid.uuid4()
    written(cast.ada, form_key=key)
    with pytest.raises(Refused, match="used before"):
        written(cast.boss, form_key=key)


def test_what_somebody_changed_meanwhile_is_read_again_first(cast: make.Cast, draft: Circular) -> None:
    seen = draft.changed_at
    circulars.save(draft, "Another subject", "Another text", language="en", seen=seen, by=cast.ada, at=seen + timedelta(seconds=1))
    with pytest.raises(Refused, match="changed the message"):
        circulars.send(draft, seen=seen, by=cast.ada, at=timezone.now())
    assert not Notice.objects.filter(kind=queries.SENT).exists()


def test_of_two_who_change_a_draft_the_second_reads_it_again_first(cast: make.Cast, draft: Circular) -> None:
    bea, now = make.member(cast.committee, roles=(Role.ORGANIZER,)), timezone.now()
    theirs = circulars.save(draft, SUBJECT, "Theirs", language="en", seen=draft.changed_at, by=bea, at=now)
    again = circulars.save(draft, SUBJECT, "Theirs", language="en", seen=draft.changed_at, by=bea, at=now)  # the button, pressed twice
    assert again.text == "Theirs"
    with pytest.raises(circulars.Overtaken, match="changed meanwhile") as no:
        circulars.save(draft, SUBJECT, "Mine", language="en", seen=draft.changed_at, by=cast.ada, at=now)
    assert no.value.circular.text == "Theirs"
    assert circulars.save(draft, SUBJECT, "Mine", language="en", seen=theirs.changed_at, by=cast.ada, at=now).text == "Mine"


def test_the_form_of_a_draft_that_somebody_else_wrote_in_does_not_take_their_words_away(cast: make.Cast) -> None:
    bea, key = make.member(cast.committee, roles=(Role.ORGANIZER,)), uuid.uuid4()
    draft = written(cast.ada, form_key=key)
    circulars.save(draft, SUBJECT, "Theirs", language="en", seen=draft.changed_at, by=bea, at=timezone.now())
    with pytest.raises(circulars.Overtaken, match="changed meanwhile"):
        written(cast.ada, form_key=key, text="Mine")


def test_whoever_came_after_it_was_sent_is_not_told(cast: make.Cast, message: Circular) -> None:
    late = make.member(cast.committee)
    assert message.sent_at
    type(late).objects.filter(pk=late.pk).update(joined_at=message.sent_at + timedelta(seconds=1))
    notice = Notice.objects.get(kind=queries.SENT)
    notices.expand(notice.pk, at=timezone.now())
    told = set(Delivery.objects.filter(notice=notice).values_list("person_id", flat=True))
    assert cast.ben.person_id in told
    assert late.person_id not in told
    both = {late.person_id or 0, cast.ben.person_id or 0}
    assert kinds.kind(queries.SENT).matters(notice, both) == {cast.ben.person_id}


def test_nobody_rewrites_or_discards_what_was_sent(cast: make.Cast, message: Circular) -> None:
    with pytest.raises(Refused):
        circulars.save(message, "New", "New", language="en", seen=message.changed_at, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused):
        circulars.discard(message, by=cast.ada)
    message.refresh_from_db()
    assert message.text == TEXT


def test_a_committee_sends_three_in_a_day_and_the_fourth_when_the_first_is_a_day_old(cast: make.Cast) -> None:
    begin = timezone.now()
    for hour in range(rules.MOST):
        sent(cast.ada, at=begin + timedelta(hours=hour))
    with pytest.raises(Refused, match="which is the most"):
        sent(cast.ada, at=begin + timedelta(hours=23, minutes=59))
    assert queries.left(cast.committee.pk, Reach.OWN, begin + timedelta(hours=23)) == 0
    sent(cast.boss, at=begin + timedelta(hours=3))  # another committee's share is its own
    assert sent(cast.ada, at=begin + timedelta(hours=24, minutes=1)).sent_at


def test_a_message_shows_that_a_committee_is_alive_and_wakes_it_and_a_draft_does_not(cast: make.Cast) -> None:
    at = timezone.now()
    Committee.objects.filter(pk=cast.committee.pk).update(life=Life.DORMANT, rests_since=at)
    draft = written(cast.ada)
    assert cast.committee.pk not in queries.last_in([cast.committee.pk])
    circulars.send(draft, seen=draft.changed_at, by=make.reloaded(cast.ada), at=at)
    cast.committee.refresh_from_db()
    assert cast.committee.life == Life.ACTIVE
    assert last_activity([cast.committee.pk, cast.boss.committee_id]).get(cast.committee.pk) == at


def test_a_test_goes_to_its_organizer_alone_and_once_a_minute(cast: make.Cast, draft: Circular) -> None:
    at = timezone.now().replace(second=10)
    for seconds in (0, 5):
        circulars.send_test(draft, by=cast.ada, at=at + timedelta(seconds=seconds))
    told = Delivery.objects.filter(notice__kind="circulars/test", channel=Channel.EMAIL)
    assert [each.person_id for each in told] == [cast.ada.person_id]
    circulars.send(draft, seen=draft.changed_at, by=cast.ada, at=at)
    with pytest.raises(Refused):
        circulars.send_test(draft, by=cast.ada, at=at)


def test_only_who_wants_everything_there_reads_it_in_a_mail_and_no_subject_says_it(cast: make.Cast, draft: Circular) -> None:
    neutral, kind, full = (preview.preview(queries.SENT, draft, language="es", level=level, committee=cast.committee) for level in Level)
    for letter in (neutral, kind):
        assert SUBJECT not in letter.text + letter.html
        assert "tonight" not in letter.text + letter.html
        assert cast.committee.name not in letter.text
    assert "Escribir" not in full.subject
    assert "coordinación" in full.text
    assert TEXT in full.text
    assert "<script>" not in full.html
    assert 'lang="en" dir="auto"' in full.html  # in its own language, in a Spanish frame
    again = preview.preview("circulars/test", draft, language="en", level=Level.FULL, committee=cast.committee)
    assert "Only you get it." in again.html
    assert SUBJECT not in full.subject


def test_the_text_is_sealed_at_rest(cast: make.Cast, message: Circular) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, text FROM circulars_circular WHERE id = %s", [message.pk])
        subject, text = (bytes(value) for value in cursor.fetchone())
    assert SUBJECT.encode() not in subject
    assert b"tonight" not in text


def test_messages_go_after_a_year_and_drafts_after_ninety_days(cast: make.Cast) -> None:
    now = timezone.now()
    _old, new = sent(cast.ada, at=now - timedelta(days=366)), sent(cast.ada, at=now - timedelta(days=364))
    _begun, fresh = written(cast.ada, at=now - timedelta(days=91)), written(cast.ada, at=now - timedelta(days=89))
    assert circulars.erase_old(now) == 2
    assert set(Circular.objects.values_list("pk", flat=True)) == {new.pk, fresh.pk}


def test_erasing_an_account_takes_its_drafts_and_leaves_what_the_committee_was_told(cast: make.Cast, message: Circular) -> None:
    second = make.member(cast.committee, roles=(Role.ORGANIZER,))
    begun, told = written(second), sent(second)
    person = second.person
    assert person is not None
    assert len(list(registry.erasures()["messages"].says(person))) == 2
    people.erase(person, by=person, at=timezone.now())
    assert not Circular.objects.filter(pk=begun.pk).exists()
    assert Circular.objects.get(pk=told.pk).by.person_id is None


def test_a_draft_that_a_colleague_began_is_theirs_again_when_an_account_is_erased(cast: make.Cast, draft: Circular) -> None:
    bea = make.member(cast.committee, roles=(Role.ORGANIZER,))
    circulars.save(draft, SUBJECT, "By both", language="en", seen=draft.changed_at, by=bea, at=timezone.now())
    assert bea.person is not None
    assert not list(registry.erasures()["messages"].says(bea.person))
    mine = written(bea)
    assert len(list(registry.erasures()["messages"].says(bea.person))) == 1
    people.erase(bea.person, by=bea.person, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.text, draft.by_id) == ("By both", cast.ada.pk)
    assert not Circular.objects.filter(pk=mine.pk).exists()


def test_what_one_wrote_is_in_ones_export(cast: make.Cast, message: Circular, draft: Circular) -> None:
    assert cast.ada.person is not None
    assert cast.ben.person is not None
    given = registry.exports(cast.ada.person)["messages"]
    assert [(each["text"], bool(each["sent"])) for each in given] == [(TEXT, True), (TEXT, False)]
    assert registry.exports(cast.ben.person)["messages"] == []
