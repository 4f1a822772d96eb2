"""A message to all members can be flagged like a post: what members see then, what its author is told, and who decides."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from committees.base.errors import Refused
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation import rulebook
from committees.moderation.models import FlagReason, Review
from committees.moderation.models import State as Case
from committees.notices import commands as notices
from committees.notices import preview
from committees.notices import registry as kinds
from committees.notices.models import Level, Notice
from organizing.circulars import commands as circulars
from organizing.circulars import queries
from organizing.circulars.models import Circular, State
from tests import make
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"rule": "place", "text": "It belongs where others look for it."}
#: What only whoever may read it finds on a page.
WORDS = "The doors stay"


def flag(message: Circular, by: Membership, reason: FlagReason = FlagReason.THREAT) -> Review:
    return moderation.flag(message, reason=reason, by=by, at=timezone.now()).review


def hidden(message: Circular, by: Membership, flagged_by: Membership) -> Review:
    review = flag(message, flagged_by)
    moderation.hide(review, by=by, at=timezone.now(), **WHY)
    return review


def page(who: Membership, name: str, *args: str) -> str:
    assert who.person is not None
    answer = make.client(who.person).get(reverse(name, args=[who.committee.slug, *args]))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_member_flags_it_from_its_page_and_a_moderator_finds_its_words_in_the_queue(cast: make.Cast, message: Circular) -> None:
    assert cast.ben.person is not None
    assert cast.mo.person is not None
    address = reverse("moderation:flag", args=["circulars.circular", message.slug])
    assert address in page(cast.ben, "circulars:circular", message.slug)
    ben = make.client(cast.ben.person)
    key = ben.get(address).context["form"]["form_key"].value()
    assert ben.post(address, {"reason": "threat", "form_key": key}).url == message.get_absolute_url()  # type: ignore[attr-defined]
    queue = make.client(cast.mo.person).get(reverse("moderation:queue")).content.decode()
    assert SUBJECT in queue
    assert WORDS in queue
    assert WORDS in page(cast.cleo, "circulars:circular", message.slug)


def test_its_author_and_whoever_may_not_read_it_do_not_flag_it(cast: make.Cast, message: Circular, draft: Circular) -> None:
    assert reverse("moderation:flag", args=["circulars.circular", message.slug]) not in page(cast.ada, "circulars:circular", message.slug)
    with pytest.raises(Refused, match="your own"):
        flag(message, cast.ada)
    late = make.member(cast.committee, standing=Standing.PROBATION)
    Membership.objects.filter(pk=late.pk).update(joined_at=timezone.now() + timedelta(minutes=1))
    for what, who in ((message, cast.boss), (message, make.reloaded(late)), (draft, cast.ben)):
        with pytest.raises(PermissionDenied):
            flag(what, who)
        assert who.person is not None
        assert make.client(who.person).get(reverse("moderation:flag", args=["circulars.circular", what.slug])).status_code == 404
    assert not Review.objects.exists()


def test_hidden_by_a_moderator_members_read_the_rule_and_its_author_is_told_why(cast: make.Cast, message: Circular) -> None:
    second = make.member(cast.committee, roles=(Role.ORGANIZER,))
    review = hidden(message, cast.mo, cast.ben)
    rule = rulebook.rule("place", "en")
    assert rule is not None
    for who in (cast.ben, cast.cleo, cast.mo, second):
        read = page(who, "circulars:circular", message.slug)
        assert "Hidden by a moderator" in read
        assert rule.title in read
        assert WORDS not in read
        for place in (read, page(who, "circulars:of_committee"), page(who, "membership:committee")):
            assert SUBJECT not in place
    mine = page(cast.ada, "circulars:circular", message.slug)
    assert WORDS in mine
    assert "Only you read it." in mine
    notice = Notice.objects.get(kind="moderation/decided")
    assert notice.about == review
    assert cast.ada.person is not None
    assert WHY["text"] in make.client(cast.ada.person).get(review.url_for_its_author()).content.decode()


def test_nobody_decides_about_their_own_nor_from_outside(cast: make.Cast, message: Circular) -> None:
    review = flag(message, cast.ben)
    for who in (cast.ada, cast.ben, cast.boss):
        with pytest.raises(PermissionDenied):
            moderation.hide(review, by=who, at=timezone.now(), **WHY)
    message.refresh_from_db()
    assert message.state == State.SHOWN


def test_what_was_hidden_is_shown_again_as_it_was(cast: make.Cast, message: Circular) -> None:
    review = hidden(message, cast.mo, cast.ben)
    with pytest.raises(Refused):
        circulars.hide(message, at=timezone.now())
    moderation.restore(review, by=cast.mo, at=timezone.now())
    assert WORDS in page(cast.ben, "circulars:circular", message.slug)
    with pytest.raises(Refused):
        circulars.restore(message, at=timezone.now())


def test_what_a_moderator_hid_is_told_to_nobody_any_more(cast: make.Cast, message: Circular) -> None:
    notice = Notice.objects.get(kind=queries.SENT)
    people = {cast.ben.person_id or 0}
    hidden(message, cast.mo, cast.ben)
    assert kinds.kind(queries.SENT).matters(notice, people) == set()
    notice.refresh_from_db()
    assert notice.superseded_at is not None


def test_flags_alone_keep_no_message_from_anybody_but_its_words(cast: make.Cast, message: Circular) -> None:
    flag(message, cast.ben, FlagReason.DOXXING)
    message.refresh_from_db()
    assert message.state == State.HIDDEN_BY_FLAGS
    read = page(cast.cleo, "circulars:circular", message.slug)
    assert "Hidden because members flagged it.</b> A moderator looks at it." in read
    assert WORDS not in read
    notice = Notice.objects.get(kind=queries.SENT)
    assert kinds.kind(queries.SENT).matters(notice, {cast.cleo.person_id or 0}) == {cast.cleo.person_id}
    letter = preview.preview(queries.SENT, message, language="en", level=Level.FULL, committee=cast.committee)
    for text in (letter.text, letter.html):
        assert "Sign in to read it." in text
        assert SUBJECT not in text
        assert WORDS not in text
    notices.expand(notice.pk, at=timezone.now())
    assert cast.cleo.person is not None
    assert SUBJECT not in make.client(cast.cleo.person).get(reverse("notices:inbox")).content.decode()
    moderation.keep(Review.objects.get(), by=cast.mo, at=timezone.now())
    assert WORDS in page(cast.cleo, "circulars:circular", message.slug)


def test_a_draft_cannot_be_hidden(cast: make.Cast, draft: Circular) -> None:
    with pytest.raises(Refused):
        circulars.hide(draft, at=timezone.now())
    with pytest.raises(IntegrityError, match="only_a_message_that_was_sent_is_hidden"), transaction.atomic():
        Circular.objects.filter(pk=draft.pk).update(state=State.HIDDEN_BY_FLAGS)


def test_nobody_has_to_look_at_what_is_erased(cast: make.Cast) -> None:
    old = sent(cast.ada, at=timezone.now() - timedelta(days=366))
    review = flag(old, cast.ben)
    circulars.erase_old(timezone.now())
    review.refresh_from_db()
    assert review.state == Case.DROPPED
    assert TEXT not in str(review)
