"""The pages: writing, checking, sending in one browser; reading in others; and what each of them must not show."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.membership.models import Membership
from committees.notices import commands as notices
from committees.notices.models import Notice
from organizing.circulars import commands as circulars
from organizing.circulars import queries
from organizing.circulars.models import Circular
from tests import make
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent, written

pytestmark = pytest.mark.django_db


def browser(member: Membership) -> Client:
    assert member.person is not None
    return make.client(member.person)


def address(name: str, circular: Circular | None = None, *, member: Membership) -> str:
    slugs = [member.committee.slug, *([circular.slug] if circular else [])]
    return reverse(f"circulars:{name}", args=slugs)


def typed(**changes: Any) -> dict[str, Any]:
    return {"form_key": str(uuid.uuid4()), "subject": SUBJECT, "text": TEXT, "language": "en", **changes}


def test_from_the_form_to_everyones_inbox(cast: make.Cast) -> None:
    ada, ben = browser(cast.ada), browser(cast.ben)
    form = typed()
    written_down = ada.post(address("new", member=cast.ada), form)
    draft = Circular.objects.get()
    assert written_down.url == address("check", draft, member=cast.ada)  # type: ignore[attr-defined]
    page = ada.get(written_down.url).content.decode()  # type: ignore[attr-defined]
    assert "Send it to 4 people" in page
    assert "<strong>open</strong>" in page
    assert "<script>alert" not in page
    assert "3 can still leave now." in page
    seen = draft.changed_at.isoformat()
    for _press in range(2):
        answer = ada.post(address("check", draft, member=cast.ada), {"seen": seen})
        assert answer.url == address("circular", draft, member=cast.ada)  # type: ignore[attr-defined]
    notice = Notice.objects.get(kind=queries.SENT)
    notices.expand(notice.pk, at=timezone.now())
    inbox = ben.get(reverse("notices:inbox")).content.decode()
    assert f"A message to all members: {SUBJECT}" in inbox
    assert ben.get(reverse("notices:go", args=[notice.slug])).url == address("circular", draft, member=cast.ben)  # type: ignore[attr-defined]
    read = ben.get(address("circular", draft, member=cast.ben)).content.decode()
    assert "<strong>open</strong>" in read
    assert cast.ada.handle in read
    assert "How the notices arrive" not in read
    assert "4 people" in ada.get(address("circular", draft, member=cast.ada)).content.decode()
    assert "4 people" in ada.get(address("of_committee", member=cast.ada)).content.decode()


def test_sending_asks_to_sign_in_anew(cast: make.Cast, draft: Circular) -> None:
    assert cast.ada.person is not None
    long_ago = Client()
    long_ago.force_login(cast.ada.person)
    answer = long_ago.post(address("check", draft, member=cast.ada), {"seen": draft.changed_at.isoformat()})
    assert reverse("account_reauthenticate") in answer.url  # type: ignore[attr-defined]
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast: make.Cast) -> None:
    ada = browser(cast.ada)
    answer = ada.post(address("new", member=cast.ada), typed(subject=""))
    assert answer.status_code == 422
    assert "Fill in “What is it about?”." in answer.content.decode()
    assert "The doors stay" in answer.content.decode()
    assert not Circular.objects.exists()


def test_the_form_posted_again_after_sending_loses_nothing_and_says_what_happened(cast: make.Cast) -> None:
    ada, form, new = browser(cast.ada), typed(), address("new", member=cast.ada)
    ada.post(new, form)
    first = Circular.objects.get()
    ada.post(address("check", first, member=cast.ada), {"seen": first.changed_at.isoformat()})
    answer = ada.post(new, {**form, "later": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == first.get_absolute_url()
    assert "The draft is saved" not in answer.content.decode()
    for place in (new, address("edit", first, member=cast.ada)):
        answer = ada.post(place, {**form, "seen": first.changed_at.isoformat(), "text": "A second one, long work", "later": "1"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "sent meanwhile" in page
        assert "A second one, long work" in page
        assert f'href="{first.get_absolute_url()}"' in page
        assert f'action="{new}"' in page
    key = answer.context["form"].data["form_key"]
    ada.post(new, {**form, "form_key": key, "text": "A second one, long work"})
    assert [each.text for each in Circular.objects.drafts()] == ["A second one, long work"]


def test_of_two_who_change_a_draft_the_second_keeps_what_was_typed_and_sees_the_other(cast: make.Cast, draft: Circular) -> None:
    ada, edit = browser(cast.ada), address("edit", draft, member=cast.ada)
    seen = ada.get(edit).context["form"]["seen"].value()
    circulars.save(draft, SUBJECT, "Theirs, corrected", language="en", seen=draft.changed_at, by=cast.ada, at=timezone.now())
    answer = ada.post(edit, typed(text="Mine again", seen=seen, later="1"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs, corrected" in page
    assert "Mine again" in page
    draft.refresh_from_db()
    assert draft.text == "Theirs, corrected"
    assert ada.post(edit, typed(text="Mine again", seen=answer.context["form"].data["seen"], later="1")).status_code == 302
    draft.refresh_from_db()
    assert draft.text == "Mine again"


@pytest.mark.parametrize("seen", ["", "yesterday", "9999-12-31T23:59:59+00:00", "\x00"])
def test_a_button_without_the_draft_that_was_read_sends_nothing(cast: make.Cast, draft: Circular, seen: str) -> None:
    answer = browser(cast.ada).post(address("check", draft, member=cast.ada), {"seen": seen})
    assert answer.status_code == 422
    assert "Nothing was sent." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_fourth_message_is_refused_in_words_and_its_button_is_not_there(cast: make.Cast) -> None:
    for _each in range(3):
        sent(cast.ada)
    draft, ada = written(cast.ada), browser(cast.ada)
    page = ada.get(address("check", draft, member=cast.ada)).content.decode()
    assert "None can leave now." in page
    assert "Send it to" not in page
    answer = ada.post(address("check", draft, member=cast.ada), {"seen": draft.changed_at.isoformat()})
    assert answer.status_code == 422
    assert "which is the most" in answer.content.decode()


def test_somebody_new_reads_what_was_sent_since_they_came(cast: make.Cast) -> None:
    before = sent(cast.ada, at=cast.cleo.joined_at - timedelta(days=1))
    since = sent(cast.ada, at=cast.cleo.joined_at + timedelta(days=1))
    cleo, ben = browser(cast.cleo), browser(cast.ben)
    assert cleo.get(address("circular", before, member=cast.cleo)).status_code == 404
    assert cleo.get(address("circular", since, member=cast.cleo)).status_code == 200
    assert ben.get(address("circular", before, member=cast.ben)).status_code == 200
    listed = cleo.get(address("of_committee", member=cast.cleo)).content.decode()
    assert since.slug in listed
    assert before.slug not in listed


def test_drafts_are_organizers_alone(cast: make.Cast, draft: Circular) -> None:
    for other in (cast.ben, cast.cleo, cast.mo):
        for name in ("circular", "edit", "check"):
            assert browser(other).get(address(name, draft, member=other)).status_code == 404
        assert draft.slug not in browser(other).get(address("of_committee", member=other)).content.decode()
    assert browser(cast.boss).get(address("circular", draft, member=cast.boss)).status_code == 404
    assert draft.slug in browser(cast.ada).get(address("of_committee", member=cast.ada)).content.decode()


def test_the_committees_page_leads_there(cast: make.Cast, message: Circular) -> None:
    page = browser(cast.ben).get(cast.committee.get_absolute_url()).content.decode()
    assert message.get_absolute_url() in page
    assert "Write to all members" not in page
    assert "Write to all members" in browser(cast.ada).get(cast.committee.get_absolute_url()).content.decode()


def test_the_list_costs_the_same_at_one_and_at_three(cast: make.Cast) -> None:
    ada, counts = browser(cast.ada), []
    ada.get(address("of_committee", member=cast.ada))
    for number in (1, 2):
        for _each in range(number):
            sent(cast.ada)
        with CaptureQueriesContext(connection) as captured:
            ada.get(address("of_committee", member=cast.ada))
        counts.append(len(captured))
    assert counts[0] == counts[1]
