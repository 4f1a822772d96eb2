"""The pages on which committees come together, as organizers and members use them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.alliance.models import Affiliation, State
from committees.bodies.models import Committee, Scope
from committees.membership.applications import Application
from committees.membership.models import Membership
from tests import make

pytestmark = pytest.mark.django_db


def ties_page(member: Membership) -> str:
    assert member.person
    return make.client(member.person).get(reverse("alliance:ties", args=[member.committee.slug])).content.decode()


def test_from_asking_to_parting(cast: make.Cast) -> None:
    wider = make.alliance()
    intake = make.reloaded(make.organizer_of(wider))
    assert cast.ada.person
    assert intake.person
    ada, north = make.client(cast.ada.person), make.client(intake.person)
    ask = reverse("alliance:ask", args=[cast.committee.slug])
    form = ada.get(ask).context["form"]
    answer = ada.post(ask, {"wider": wider.slug, "why": "We sort the same parcels.", "form_key": form["form_key"].value()})
    tie = Affiliation.objects.get(committee=cast.committee)
    assert answer.headers["Location"] == tie.url_in(cast.committee.slug)

    waiting = north.get(reverse("alliance:ties", args=[wider.slug])).content.decode()
    assert cast.committee.name in waiting
    assert "Waiting for your answer" in waiting
    page = north.get(tie.url_in(wider.slug)).content.decode()
    assert "We sort the same parcels." in page
    assert north.post(tie.url_in(wider.slug), {"act": "accept"}).status_code == 302
    assert wider.name in ties_page(cast.ben), "every member sees to whom the committee belongs"

    wrong = ada.post(tie.url_in(cast.committee.slug), {"act": "end", "reason": "no"})
    assert wrong.status_code == 422
    assert ada.post(tie.url_in(cast.committee.slug), {"act": "end", "reason": "We go on alone for a while."}).status_code == 302
    tie.refresh_from_db()
    assert tie.state == State.ENDED
    assert wider.name not in ties_page(cast.ben)


def test_a_declined_request_is_said_in_words_and_can_be_made_again(cast: make.Cast) -> None:
    tie = make.affiliated(cast.committee)
    Affiliation.objects.filter(pk=tie.pk).update(state=State.REQUESTED, answered_by=None, answered_at=None)
    intake = make.reloaded(make.organizer_of(tie.wider))
    assert cast.ada.person
    assert intake.person
    declined = make.client(intake.person).post(tie.url_in(tie.wider.slug), {"act": "decline", "reason": "Tell us first for whom you speak."}, follow=True)
    assert "Declined. Their organizers are told why." in declined.content.decode()
    page = make.client(cast.ada.person).get(tie.url_in(cast.committee.slug)).content.decode()
    assert "Tell us first for whom you speak." in page
    assert f'href="{reverse("alliance:ask", args=[cast.committee.slug])}"' in page


def test_the_widest_committee_is_not_told_to_ask_a_wider_one(cast: make.Cast) -> None:
    wider = make.alliance()
    page = ties_page(make.reloaded(make.organizer_of(wider)))
    assert "No committee belongs to yours yet." in page
    for untrue in ("Your committee stands alone so far", "Ask a wider committee"):
        assert untrue not in page


def test_the_form_posted_twice_asks_once(cast: make.Cast) -> None:
    assert cast.ada.person
    ada, ask = make.client(cast.ada.person), reverse("alliance:ask", args=[cast.committee.slug])
    make.wider(Scope.EMPLOYER, cast.committee)
    typed = {"wider": make.alliance().slug, "form_key": ada.get(ask).context["form"]["form_key"].value()}
    first, second = ada.post(ask, typed), ada.post(ask, typed)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Affiliation.objects.filter(committee=cast.committee).count() == 1


def test_what_was_typed_stays_when_nothing_was_chosen(cast: make.Cast) -> None:
    assert cast.ada.person
    make.wider(Scope.EMPLOYER, cast.committee)
    answer = make.client(cast.ada.person).post(reverse("alliance:ask", args=[cast.committee.slug]), {"why": "We sort the same parcels."})
    assert answer.status_code == 422
    assert "We sort the same parcels." in answer.content.decode()
    assert "Choose an answer" in answer.content.decode()


def test_the_other_side_cannot_press_ones_buttons(cast: make.Cast) -> None:
    tie = make.affiliated(cast.committee)
    Affiliation.objects.filter(pk=tie.pk).update(state=State.REQUESTED, answered_by=None, answered_at=None)
    assert cast.ada.person
    make.client(cast.ada.person).post(tie.url_in(cast.committee.slug), {"act": "accept"})
    tie.refresh_from_db()
    assert tie.is_requested


def test_an_organizer_starts_the_committee_of_their_employer(cast: make.Cast) -> None:
    make.alliance()
    assert cast.ada.person
    ada, start = make.client(cast.ada.person), reverse("alliance:start", args=[cast.committee.slug])
    typed = {"scope": "employer", "name": "All our sites", "form_key": ada.get(start).context["form"]["form_key"].value()}
    answer = ada.post(start, typed)
    made = Committee.objects.get(scope=Scope.EMPLOYER)
    begun = Application.objects.get(committee=made)
    assert (begun.person, begun.founding, begun.reviewed_in) == (cast.ada.person, True, make.alliance())
    assert answer.headers["Location"] == begun.get_absolute_url()
    assert cast.committee.workplace
    assert made.employer == cast.committee.workplace.employer
    assert ada.post(start, typed).headers["Location"] == answer.headers["Location"], "the same form makes one committee"
    assert "employer" not in dict(ada.get(start).context["choices"])


def test_a_page_of_many_ties_asks_as_often_as_one_of_few(cast: make.Cast) -> None:
    intake = make.reloaded(make.organizer_of(make.alliance()))
    assert intake.person
    browser, page = make.client(intake.person), reverse("alliance:ties", args=[make.alliance().slug])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200
        return len(queries)

    make.affiliated(cast.committee)
    cost()
    few = cost()
    for _ in range(4):
        make.affiliated(make.committee())
    assert cost() == few
    assert few <= 9
