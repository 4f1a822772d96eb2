"""A delegate reports: a topic on one of their committee's own boards that is tied to the mandate, and counts while it can be read."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from committees.alliance.models import Affiliation
from committees.base.errors import Refused
from committees.mandates import commands as mandates
from committees.mandates.models import Mandate
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.notices.models import Notice
from organizing.forum import commands as forum
from organizing.forum import reporting
from organizing.forum.models import Topic
from tests import make
from tests.committees.mandates.sending import DAY, again, now, sent
from tests.organizing.forum import talking

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def tie(cast: make.Cast) -> Affiliation:
    return make.affiliated(cast.committee)


@pytest.fixture
def mandate(cast: make.Cast, tie: Affiliation) -> Mandate:
    """Ben is the delegate since twenty days."""
    second = make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer")
    return sent(cast, tie, second, ago=20 * DAY)


def report(cast: make.Cast, mandate: Mandate, **more: object) -> Topic:
    return talking.begin(make.reloaded(cast.ben), mandate=mandate, **more)


def test_the_next_is_due_so_many_days_after_the_last(cast: make.Cast, mandate: Mandate) -> None:
    assert mandate.begins_at is not None
    assert mandate.due_at == mandate.begins_at + 30 * DAY
    topic = report(cast, mandate)
    mandate = again(mandate)
    assert mandate.reported_at == topic.posts.get().published_at
    assert mandate.due_at == mandate.reported_at + 30 * DAY
    assert [each.title for each in reporting.reports(mandate, make.reloaded(cast.ada))] == [topic.title]


def test_one_that_waits_for_a_moderator_does_not_count_yet(cast: make.Cast, mandate: Mandate) -> None:
    topic = forum.start(
        talking.board(cast.committee), title="What was said", text="Much.", language="en", mandate=mandate, by=make.reloaded(cast.ben), at=now()
    )
    assert again(mandate).reported_at is None
    assert reporting.reports(mandate, make.reloaded(cast.ada)) == []
    talking.let_through(topic.posts.get())
    assert again(mandate).reported_at is not None


@pytest.mark.parametrize("way", ["hidden", "removed", "taken back", "sent back"])
def test_one_that_can_no_longer_be_read_does_not_count(way: str, cast: make.Cast, mandate: Mandate) -> None:
    first = report(cast, mandate, at=now() - 5 * DAY)
    post = report(cast, mandate).posts.get()
    if way == "taken back":
        forum.withdraw(post, by=make.reloaded(cast.ben), at=now())
    else:
        {"hidden": forum.hide, "removed": forum.remove, "sent back": forum.send_back}[way](post, at=now())
    assert again(mandate).reported_at == first.posts.get().published_at
    assert len(reporting.reports(mandate, make.reloaded(cast.ada))) == 1
    if way in ("hidden", "removed"):
        forum.restore(post, at=now())
        assert again(mandate).reported_at == post.published_at


def test_answers_are_no_reports(cast: make.Cast, mandate: Mandate) -> None:
    topic = report(cast, mandate, at=now() - 5 * DAY)
    answer = talking.say(make.reloaded(cast.ada), topic)
    forum.hide(answer, at=now())
    assert again(mandate).reported_at == topic.posts.get(position=1).published_at


def test_followers_are_told_as_of_any_topic_and_once(cast: make.Cast, mandate: Mandate) -> None:
    topic = report(cast, mandate)
    assert list(Notice.objects.filter(about_id=topic.pk, about_type="forum.Topic").values_list("kind", flat=True)) == ["forum/begun"]


def test_only_the_delegate_reports_and_only_on_boards_of_their_own_committee(cast: make.Cast, tie: Affiliation, mandate: Mandate) -> None:
    for other in (cast.ada, cast.mo):
        with pytest.raises(PermissionDenied):
            talking.begin(make.reloaded(other), mandate=mandate)
    with pytest.raises(PermissionDenied):
        talking.begin(make.reloaded(cast.ben), talking.board(tie.wider, "shared"), mandate=mandate)
    mandates.end_mandate(mandate, at=now())
    with pytest.raises(Refused, match="over"):
        report(cast, again(mandate))


def test_the_database_knows_no_report_of_another_committees_mandate(cast: make.Cast, mandate: Mandate) -> None:
    theirs = talking.begin(make.reloaded(cast.boss))

    def tie_it() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Topic.objects.filter(pk=theirs.pk).update(mandate=mandate)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        tie_it()


def test_the_delegate_is_reminded_before_it_is_due_and_once_when_it_is_late(cast: make.Cast, mandate: Mandate) -> None:
    due = mandate.due_at
    assert due is not None
    assert [mandates.remind_of_reports(due + days * DAY) for days in (-4, -3, -2, 0, 1, 5)] == [0, 1, 0, 1, 0, 0]
    assert again(mandate).overdue_since(due) == due
    report(cast, mandate, at=due + 5 * DAY)
    assert again(mandate).overdue_since(due + 5 * DAY) is None
    assert mandates.remind_of_reports(due + 6 * DAY) == 0
    assert mandates.remind_of_reports(due + 33 * DAY) == 1


def test_none_is_due_any_more_when_the_term_is_over_before(cast: make.Cast, tie: Affiliation, mandate: Mandate) -> None:
    assert mandate.ends_at is not None
    report(cast, mandate, at=mandate.ends_at - 5 * DAY)
    assert again(mandate).due_at is None


def test_the_mandates_page_leads_the_delegate_to_the_composer_and_back_to_what_was_written(cast: make.Cast, mandate: Mandate) -> None:
    talking.known(make.reloaded(cast.ben))
    ben, ada = (make.client(who.person) for who in (cast.ben, cast.ada) if who.person)
    page = reverse("mandates:mandate", args=[cast.committee.slug, mandate.slug])
    write = reporting.write(mandate, make.reloaded(cast.ben))
    assert write in ben.get(page).content.decode()
    assert write not in ada.get(page).content.decode()
    form = ben.get(write)
    assert f'name="mandate" value="{mandate.slug}"' in form.content.decode()
    key = form.context["form"]["form_key"].value()
    sent_form = {"title": "What was said in June", "text": "Much was said.", "language": "en", "form_key": str(key), "mandate": mandate.slug}
    answer = ben.post(write.partition("?")[0], sent_form)
    topic = Topic.objects.get(title="What was said in June")
    assert answer.status_code == 302
    assert topic.mandate == mandate
    assert "What was said in June" in ada.get(page).content.decode()


def test_one_that_was_begun_and_kept_goes_on_as_a_report(cast: make.Cast, mandate: Mandate) -> None:
    ben = make.client(talking.known(make.reloaded(cast.ben)).person)
    start = reporting.write(mandate, make.reloaded(cast.ben)).partition("?")[0]
    ben.post(start, {"do": "draft", "title": "What was said", "text": "Half of it", "language": "en", "mandate": mandate.slug})
    assert start in ben.get(reverse("forum:drafts")).content.decode()
    page = ben.get(start).content.decode()
    assert f'name="mandate" value="{mandate.slug}"' in page
    assert "Half of it" in page
    mandates.end_mandate(mandate, at=now())
    page = ben.get(start).content.decode()
    assert 'name="mandate"' not in page
    assert "Half of it" in page


def test_a_draft_that_is_no_report_stays_none(cast: make.Cast, mandate: Mandate) -> None:
    ben = make.client(talking.known(make.reloaded(cast.ben)).person)
    start = reporting.write(mandate, make.reloaded(cast.ben)).partition("?")[0]
    ben.post(start, {"do": "draft", "title": "Something else", "text": "Words", "language": "en"})
    assert 'name="mandate"' not in ben.get(start).content.decode()


def test_its_page_says_that_it_is_a_report_and_leads_full_members_to_the_mandate(cast: make.Cast, mandate: Mandate) -> None:
    topic, page = report(cast, mandate), reverse("mandates:mandate", args=[cast.committee.slug, mandate.slug])
    for who, is_full in ((cast.ada, True), (cast.ben, True), (cast.cleo, False)):
        said = make.client(who.person).get(topic.get_absolute_url()).content.decode()
        assert "A delegate’s report" in said
        assert (page in said) is is_full
    assert "A delegate’s report" not in make.client(cast.ada.person).get(talking.begin(make.reloaded(cast.ada)).get_absolute_url()).content.decode()


def test_somebody_elses_mandate_in_the_address_makes_an_ordinary_topic(cast: make.Cast, mandate: Mandate) -> None:
    ada = make.client(cast.ada.person)  # type: ignore[arg-type]
    board = talking.board(cast.committee)
    start = reverse("forum:start", args=[board.slug])
    form = ada.get(f"{start}?mandate={mandate.slug}")
    assert 'name="mandate"' not in form.content.decode()
    key = str(form.context["form"]["form_key"].value())
    ada.post(start, {"title": "Not a report", "text": "Words.", "language": "en", "form_key": key, "mandate": mandate.slug})
    assert Topic.objects.get(title="Not a report").mandate is None


def test_reports_of_whoever_was_the_delegate_before_stay_with_the_mandate(cast: make.Cast, mandate: Mandate) -> None:
    report(cast, mandate)
    mandates.hand_back(again(mandate), by=make.reloaded(cast.ben), at=now())
    talking.begin(make.reloaded(cast.mo), mandate=again(mandate))
    assert len(reporting.reports(mandate, make.reloaded(cast.ada))) == 2
    gone: Membership = make.reloaded(cast.ben)
    membership.leave(gone, by=gone, at=now())
    assert len(reporting.reports(mandate, make.reloaded(cast.ada))) == 2
