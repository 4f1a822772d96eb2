"""The pages of an invitation: made, printed and revoked by organizers, opened by whoever holds the link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.membership import commands as membership
from committees.membership.applications import Application, State
from committees.membership.invitations import Invitation
from tests import make
from tests.committees.membership.test_inviting import invited, sent
from tests.safety import leaks
from tests.safety.asking import ask, signed_in
from tests.safety.test_hidden import differences

pytestmark = pytest.mark.django_db


def page(name: str, invitation: Invitation) -> str:
    return reverse(f"membership:{name}", args=[invitation.committee.slug, invitation.slug])


def of_committee(name: str, cast: make.Cast) -> str:
    return reverse(f"membership:{name}", args=[cast.committee.slug])


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def ada(cast: make.Cast) -> Client:
    assert cast.ada.person
    return make.client(cast.ada.person)


def test_the_empty_list_says_what_one_is_for_and_the_members_page_leads_there(cast: make.Cast, ada: Client) -> None:
    assert "No invitation yet" in text(ada.get(of_committee("invitations", cast)))
    for way_in in (of_committee("roster", cast), cast.committee.get_absolute_url()):
        assert of_committee("invitations", cast) in ada.get(way_in).content.decode()


def test_an_organizer_makes_one_and_is_shown_its_link(cast: make.Cast, ada: Client) -> None:
    form = ada.get(of_committee("invite", cast)).context["form"]
    assert (form["days"].initial, form["cap"].initial, form["means"].initial, form["languages"].initial) == (14, 20, "apply", ["en"])
    typed = {
        "label": "Canteen, March",
        "days": "7",
        "cap": "3",
        "means": "check",
        "languages": ["en", "es"],
        "form_key": "7b1f7a52-9a0c-4a52-8a5e-0f9a55a7a111",
    }
    for _twice in range(2):
        shown = ada.post(of_committee("invite", cast), typed, follow=True)
    made = Invitation.objects.get()
    assert (made.cap, made.counts_as_check, made.languages, made.made_by) == (3, True, ["en", "es"], cast.ada)
    assert (made.expires_at - made.made_at).days == 7
    assert f"http://testserver/i/{made.token}/" in shown.content.decode()
    assert shown.content.count(b"<svg") > 0
    assert "used 0 of 3 times" in text(ada.get(of_committee("invitations", cast)))


@pytest.mark.parametrize(
    ("field", "typed"), [("days", "0"), ("days", "91"), ("cap", "501"), ("cap", "x"), ("label", ""), ("languages", "xx"), ("means", "admit")]
)
def test_what_cannot_be_is_refused_in_words(cast: make.Cast, ada: Client, field: str, typed: str) -> None:
    answers = {"label": "Gate", "days": "7", "cap": "3", "means": "apply", "languages": "en", "form_key": "7b1f7a52-9a0c-4a52-8a5e-0f9a55a7a111"}
    refused = ada.post(of_committee("invite", cast), answers | {field: typed})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_while_forming_the_form_does_not_offer_a_check() -> None:
    founder = make.forming()
    assert founder.person
    shown = make.client(founder.person).get(reverse("membership:invite", args=[founder.committee.slug]))
    assert "means" not in shown.context["form"].fields


def test_revoked_with_one_button_it_says_so_at_once_and_the_link_is_dead(cast: make.Cast, ada: Client) -> None:
    made = invited(cast.ada)
    assert Client().get(made.path).status_code == 200
    shown = ada.post(page("invitation", made), follow=True)
    assert "Stopped" in text(shown)
    assert made.token not in shown.content.decode()
    assert Client().get(made.path).status_code == 404
    assert ada.get(page("sheet", made)).status_code == 302, "there is nothing to print any more"


def test_the_list_costs_the_same_however_long_it_is(cast: make.Cast, ada: Client) -> None:
    costs: list[int] = []
    ada.get(of_committee("invitations", cast))  # the first request of a day notes the day
    for _size in (1, 15):
        for _more in range(_size):
            invited(cast.ada)
        with CaptureQueriesContext(connection) as asked:
            ada.get(of_committee("invitations", cast))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 9


def test_a_long_list_goes_on_on_the_next_page(cast: make.Cast, ada: Client) -> None:
    at = timezone.now()
    for n in range(25):
        invited(cast.ada, at=at - timedelta(minutes=n), label=f"Gate {n:02}")
    first = ada.get(of_committee("invitations", cast))
    rest = ada.get(of_committee("invitations", cast), {"after": first.context["page"].older})
    assert [each.label for each in (*first.context["page"], *rest.context["page"])] == [f"Gate {n:02}" for n in range(25)]


def test_the_members_list_costs_one_question_more_for_all_that_were_brought(cast: make.Cast, ada: Client) -> None:
    made, costs = invited(cast.ada), []
    ada.get(of_committee("roster", cast))  # the first request of a day notes the day
    for more in (1, 3):
        for _each in range(more):
            make.admitted(sent(made), at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            shown = ada.get(of_committee("roster", cast))
        costs.append(len(asked))
    assert text(shown).count("Came by an invitation: Canteen, March") == 4
    assert costs[0] == costs[1]


# -- The sheet ------------------------------------------------------------------------------------------------------------


def test_the_sheet_says_what_one_must_know_in_each_language_and_nothing_of_who_made_it(cast: make.Cast, ada: Client, invented_languages: Any) -> None:
    made = invited(cast.ada, languages=["en", "es", "ar"])
    shown = ada.get(page("sheet", made)).content.decode()
    sheets = re.findall(r'<article class="poster".*?</article>', shown, re.DOTALL)
    assert [re.search(r'lang="(\w+)" dir="(\w+)"', each).groups() for each in sheets] == [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")]  # type: ignore[union-attr]
    for each in sheets:
        assert f"/i/{made.token}" in each
        assert "<svg" in each
        assert 'data-theme="light"' in each
        for secret in (cast.ada.handle, made.label, cast.committee.name, made.slug, cast.committee.slug):
            assert secret not in each
    assert "Do you work here?" in sheets[0]
    assert "Este enlace está abierto hasta" in sheets[1]


def test_the_picture_is_the_link(cast: make.Cast, ada: Client) -> None:
    made = invited(cast.ada)
    drawn = re.search(r'<svg[^>]*class="qr".*?</svg>', ada.get(page("sheet", made)).content.decode(), re.DOTALL)
    expected = segno.make(f"http://testserver/i/{made.token}/", micro=False, error="m")
    assert drawn
    assert re.findall(r' d="([^"]+)"', drawn[0])[-1] == re.findall(r' d="([^"]+)"', expected.svg_inline(scale=6, dark="#000", light="#fff", omitsize=True))[-1]
    assert "style=" not in drawn[0]


# -- The link -------------------------------------------------------------------------------------------------------------


def test_it_shows_a_hidden_committee_to_whoever_holds_it_and_to_nobody_else() -> None:
    hidden = make.committee(listed=False)
    made = invited(make.reloaded(make.organizer_of(hidden)))
    assert hidden.workplace
    opened = Client().get(made.path)
    assert hidden.workplace.title in text(opened)
    assert (opened["X-Robots-Tag"], opened["Cache-Control"]) == ("noindex, nofollow", "no-store")
    assert opened["Referrer-Policy"] == "same-origin"
    for secret in (hidden.name, hidden.slug, made.slug, made.label, made.made_by.handle):
        assert secret not in opened.content.decode()
    assert Client().get(reverse("bodies:card", args=[hidden.slug])).status_code == 404


def test_revoked_expired_used_up_and_unknown_are_the_same_page_to_the_byte(cast: make.Cast) -> None:
    now = timezone.now()
    revoked, expired, used = invited(cast.ada), invited(cast.ada, at=now - timedelta(days=20)), invited(cast.ada, cap=1)
    sent(used)
    membership.revoke_invitation(revoked, by=cast.ada, at=now)
    for browser in (Client(), signed_in(make.person()), signed_in(cast.dina.person)):
        for ending in ("", "join/"):
            unknown = ask(browser, "GET", f"/i/bcdf-bcdf-bcdf/{ending}")
            assert unknown.cell == ("404" if browser.cookies or not ending else "in")
            for token in (revoked.token, expired.token, used.token):
                other = ask(browser, "GET", f"/i/{token}/{ending}")
                if unknown.cell == "404":
                    assert unknown.body.replace(b"bcdf-bcdf-bcdf", b"") == other.body.replace(token.encode(), b"")
                    assert not [each for each in differences(other, unknown) if "bytes" not in each]
                else:
                    assert other.cell == "in"


def test_nothing_of_it_is_logged_even_where_a_page_breaks(cast: make.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = invited(cast.ada)

    def breaks(token: str, *_rest: Any) -> None:
        raise RuntimeError(token)

    with leaks.everything_logged() as log:
        Client().get(made.path)
        Client().get(f"{made.path}join/", follow=True)
        monkeypatch.setattr("committees.membership.queries.invitation_behind", breaks)
        assert Client(raise_request_exception=False).get(made.path).status_code == 500
    assert "/i/<str:token>/" in log.getvalue(), "what broke is logged, by its route"
    assert made.token not in log.getvalue()


def test_it_is_carried_through_signing_up(cast: make.Cast) -> None:
    """By the address to come back to, which is ours and kept sealed; a member in another tab changes nothing of it."""
    made, browser = invited(cast.ada), Client()
    ways = re.findall(r'href="(/account/[^"]+next=[^"]+)"', browser.get(made.path).content.decode())
    assert [unquote(way).split("next=")[1] for way in ways] == [f"{made.path}join/"] * 2
    browser.get(ways[0])
    assert browser.session["people.next"] == f"{made.path}join/"
    assert unquote(browser.get(f"{made.path}join/")["Location"]).endswith(f"?next={made.path}join/")


def test_from_the_link_to_the_application_that_is_sent(cast: make.Cast, ada: Client) -> None:
    made, worker = invited(cast.ada, counts_as_check=True), make.person()
    browser = make.client(worker)
    assert "It counts as one check." in text(browser.get(made.path))
    assert "Begin" in text(browser.get(f"{made.path}join/"))
    browser.post(f"{made.path}join/")
    begun = Application.objects.get(person=worker)
    membership.save_answers(begun, by=worker, shift="Nights", handle="Gate nine", why="", answers=[], attested_version=1)
    browser.post(reverse("membership:check", args=[begun.slug]))
    begun.refresh_from_db()
    assert (begun.state, begun.invitation) == (State.PENDING, made)
    assert browser.get(f"{made.path}join/")["Location"] == begun.get_absolute_url(), "whoever has applied is led to their application"
    case = text(ada.get(reverse("membership:case", args=[begun.slug])))
    assert "Came by an invitation: Canteen, March It counts as one check." in case
    assert "1 of 2 checks done" in case
    assert "1 person has applied by it." in text(ada.get(page("invitation", made)))


def test_founders_reviewers_learn_that_there_was_an_invitation_and_not_its_name() -> None:
    founder = make.forming()
    waiting = sent(invited(founder))
    reviewer = make.organizer_of(make.alliance()).person
    assert reviewer
    case = text(make.client(reviewer).get(reverse("membership:case", args=[waiting.slug])))
    assert "Came by an invitation of that committee." in case
    assert "Canteen" not in case


@pytest.mark.parametrize("listed", [True, False])
def test_used_up_while_somebody_was_typing_it_says_what_they_can_do(listed: bool) -> None:
    committee = make.committee(listed=listed)
    made, worker = invited(make.reloaded(make.organizer_of(committee)), cap=1), make.person()
    browser = make.client(worker)
    browser.post(f"{made.path}join/")
    begun = Application.objects.get(person=worker)
    membership.save_answers(begun, by=worker, shift="Nights", handle="Gate nine", why="", answers=[], attested_version=1)
    sent(made)
    check = reverse("membership:check", args=[begun.slug])
    refused = browser.post(check)
    assert refused.status_code == 422
    assert "This invitation is not open any more." in text(refused)
    assert ("Send it without the invitation" in text(refused)) == listed
    browser.post(check, {"without": "1"})
    begun.refresh_from_db()
    assert begun.state == (State.PENDING if listed else State.STARTED)


def test_a_member_is_led_inside_and_whoever_may_not_apply_is_told_what_they_know(cast: make.Cast) -> None:
    made = invited(cast.ada)
    membership.suspend(cast.ben, by=None, at=timezone.now())
    assert cast.cleo.person
    assert cast.ben.person
    assert make.client(cast.cleo.person).get(f"{made.path}join/")["Location"] == cast.committee.get_absolute_url()
    refused = make.client(cast.ben.person).post(f"{made.path}join/")
    assert refused.status_code == 422
    assert f'href="{made.path}"' in refused.content.decode()
