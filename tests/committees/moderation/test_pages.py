"""The pages of flagging and deciding, as members and moderators use them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation import redaction
from committees.moderation.models import Act, FlagReason, Review
from tests import make
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet, state_of
from tests.committees.moderation.test_deciding import RULE, WHY, WORDS, decide
from tests.committees.moderation.test_flagging import flag
from tests.committees.moderation.test_queue import QUEUE, browser_of, person_of

pytestmark = pytest.mark.django_db


def flag_url(row: object) -> str:
    return reverse("moderation:flag", args=[row._meta.label_lower, row.slug])  # type: ignore[attr-defined]


def hidden_key(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found.group(1)


def text_of(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_member_flags_another_in_the_browser_and_is_not_named(cast: make.Cast) -> None:
    browser, url = browser_of(cast.cleo), flag_url(cast.ben)
    page = text_of(browser, url)
    assert cast.ben.handle in page
    answer = browser.post(url, {"reason": FlagReason.AGENT, "note": "He writes names down.", "form_key": hidden_key(page)})
    assert (answer.status_code, answer.headers["Location"]) == (302, cast.committee.get_absolute_url())
    assert "You have flagged this" in text_of(browser, url)
    case = text_of(browser_of(cast.mo), Review.objects.get().get_absolute_url())
    assert "He writes names down." in case
    assert "Flagged by 1 member" in case
    assert cast.cleo.handle not in case


@pytest.mark.parametrize("who", ["boss", "suspended", "nobody"])
def test_for_outsiders_there_is_nothing_to_flag(cast: make.Cast, who: str) -> None:
    somebody = {
        "boss": lambda: cast.boss.person,
        "suspended": lambda: make.member(cast.committee, standing=Standing.SUSPENDED).person,
        "nobody": make.person,
    }[who]()
    assert somebody is not None
    for url in (flag_url(cast.ben), reverse("moderation:take_up", args=["membership.membership", cast.ben.slug])):
        assert make.client(somebody).post(url).status_code == 404
    assert make.client(somebody).get(reverse("moderation:flag", args=["no.such", cast.ben.slug])).status_code == 404


def test_a_moderator_decides_in_the_browser_and_the_author_reads_why(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    browser, case = browser_of(cast.mo), review.get_absolute_url()
    assert leaflet.text in text_of(browser, QUEUE)
    assert leaflet.text in text_of(browser, case)
    refused = browser.post(case, {"act": "hide", "rule": "", "words": "", "text": "Too short."})
    assert refused.status_code == 422
    assert "at least 20 letters" in refused.content.decode()
    assert state_of(leaflet) == "visible"
    done = browser.post(case, {"act": "hide", "rule": RULE, "words": "", "text": WHY}, follow=True).content.decode()
    assert "Hidden. Its author is told why." in done
    assert "Take it back" in done
    theirs = text_of(browser_of(cast.ben), review.url_for_its_author())
    for shown in (leaflet.text, WHY, "Nobody is named who has not agreed"):
        assert shown in theirs
    assert cast.mo.handle not in theirs
    assert "appeal" not in theirs.casefold()
    assert "Hidden" in text_of(browser_of(cast.ben), reverse("moderation:mine"))


def test_what_is_shown_or_sent_back_says_so_and_leads_to_where_it_stands(cast: make.Cast, leaflet: Leaflet) -> None:
    theirs, inbox = browser_of(cast.ben), reverse("notices:inbox")
    review = flag(leaflet, cast.cleo).review
    decide(review, Act.SEND_BACK, cast.mo)
    assert "A moderator asks you to change what you wrote" in text_of(theirs, inbox)
    page = text_of(theirs, review.url_for_its_author())
    assert "Go and change it" in page
    Review.objects.filter(pk=review.pk).update(act=Act.APPROVE)
    assert "What you wrote is shown now" in text_of(theirs, inbox)
    assert "Where it stands" in text_of(theirs, review.url_for_its_author())
    Review.objects.filter(pk=review.pk).update(act=Act.HIDE)
    assert "A moderator has decided about something of yours" in text_of(theirs, inbox)
    hidden = text_of(theirs, review.url_for_its_author())
    assert "Where it stands" not in hidden
    assert "Go and change it" not in hidden


def test_a_decision_is_its_authors_alone(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    assert browser_of(cast.ben).get(review.url_for_its_author()).status_code == 404, "nothing is decided yet"
    decide(review, Act.HIDE, cast.mo)
    for other in (cast.mo, cast.cleo, cast.ada, cast.boss):
        assert browser_of(other).get(review.url_for_its_author()).status_code == 404


def test_what_flags_hide_is_known_to_its_author_before_anybody_has_looked(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, make.member(cast.committee), FlagReason.DOXXING)
    words = "hidden until a moderator has looked"
    assert words in text_of(browser_of(cast.ben), reverse("moderation:mine"))
    assert words not in text_of(browser_of(cast.mo), reverse("moderation:mine"))


def test_dismissed_flags_are_not_shown_to_whom_they_were_about(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    decide(review, Act.KEEP, cast.mo)
    assert browser_of(cast.ben).get(review.url_for_its_author()).status_code == 404


def test_the_second_moderator_is_shown_the_first_ones_answer(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    decide(review, Act.HIDE, cast.ada)
    late = browser_of(cast.mo).post(review.get_absolute_url(), {"act": "keep"})
    assert late.status_code == 422
    for shown in ("Another moderator has answered already: Hidden.", WHY, cast.ada.handle):
        assert shown in late.content.decode()
    assert state_of(leaflet) == "hidden"


def test_taking_back_is_offered_to_the_one_who_decided(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    decide(review, Act.REMOVE, cast.mo)
    assert 'value="undo"' not in text_of(browser_of(cast.ada), review.get_absolute_url())
    page = browser_of(cast.mo).post(review.get_absolute_url(), {"act": "undo"}, follow=True).content.decode()
    assert "It waits again." in page
    assert state_of(leaflet) == "visible"


def test_a_limit_is_given_and_ended_in_the_browser(cast: make.Cast) -> None:
    review = flag(cast.ben, cast.cleo).review
    browser, case = browser_of(cast.mo), review.get_absolute_url()
    form = {"act": "suspend", "days": "3", "rule": "workers", "words": "workers-0", "text": ""}
    assert "Suspended, and told why." in browser.post(case, form, follow=True).content.decode()
    assert browser_of(cast.ben).get(cast.committee.get_absolute_url()).status_code == 404
    assert "Organizers will talk with you" in text_of(browser_of(cast.ben), review.url_for_its_author())
    assert "Ended. They are told." in browser.post(case, {"act": "lift"}, follow=True).content.decode()
    assert browser_of(cast.ben).get(cast.committee.get_absolute_url()).status_code == 200


def test_ready_made_words_are_in_the_authors_language_and_rules_in_the_readers(cast: make.Cast, wall: None) -> None:
    author = make.member(cast.committee, by=make.person(language="es"))
    review = flag(leaflets.put_up(author, text="Se vende bici."), cast.cleo).review
    page = text_of(browser_of(cast.mo), review.get_absolute_url())
    assert "Es publicidad, o el mismo texto otra vez." in page
    assert "No advertising, no junk" in page
    browser_of(cast.mo).post(review.get_absolute_url(), {"act": "hide", "rule": "junk", "words": "junk-0", "text": ""})
    theirs = text_of(browser_of(author), review.url_for_its_author())
    assert "Sin publicidad ni mensajes basura" in theirs
    assert "Es publicidad, o el mismo texto otra vez." in theirs


def test_the_log_shows_act_rule_and_reason_and_no_names(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, cast.cleo).review
    text = f"{cast.ben.handle.upper()} gave away a number: 0170 1234567, or write to lead@depot.example. Ask {cast.mo.handle}."
    moderation.hide(review, rule=RULE, text=text, by=cast.mo, at=timezone.now())
    page = text_of(browser_of(cast.ben), reverse("moderation:log", args=[cast.committee.slug]))
    assert "Nobody is named who has not agreed" in page
    assert "By a moderator here" in page
    assert "gave away a number" in page
    for never in (cast.ben.handle, cast.ben.handle.upper(), cast.mo.handle, "1234567", "lead@depot.example", cast.cleo.handle):
        assert never not in page
    assert "A moderator hid something" in text_of(browser_of(cast.ben), reverse("membership:log", args=[cast.committee.slug]))
    assert browser_of(cast.boss).get(reverse("moderation:log", args=[cast.committee.slug])).status_code == 404


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Call 0170 / 123 45 67 now", "Call […] now"),
        ("See https://x.example/a?b=c.", "See […]"),
        ("Ask @dock_four about it", "Ask […] about it"),
        ("Dоck  four—nights wrote it", "[…] wrote it"),  # a Cyrillic o
        ("dock four nights and Dock Four, Nights", "[…] and […]"),
        ("Break at 14:30, gate 7, 12 hours", "Break at 14:30, gate 7, 12 hours"),
        ("The dock has four doors, nights too", "The dock has four doors, nights too"),
        ("", ""),
    ],
)
def test_what_points_to_a_person_is_left_out(said: str, left: str) -> None:
    assert redaction.without_persons(said, ["Dock four, nights"]) == left


def test_the_rules_are_public_and_say_what_happens(client: Client) -> None:
    page = text_of(client, reverse("moderation:rules"))
    assert "No threats, and no calls to hurt anybody" in page
    assert "suspend them for 14" in page


def test_a_moderator_who_looks_at_their_own_page_of_flagging_opens_a_case(cast: make.Cast, leaflet: Leaflet) -> None:
    assert "Open a case" in text_of(browser_of(cast.mo), flag_url(leaflet))
    assert "Open a case" not in text_of(browser_of(cast.cleo), flag_url(leaflet))
    url = reverse("moderation:take_up", args=["leaflets.leaflet", leaflet.slug])
    assert browser_of(cast.mo).post(url).headers["Location"] == Review.objects.get().get_absolute_url()
    assert browser_of(cast.cleo).post(url).status_code == 404


def test_a_case_that_was_passed_on_shows_the_wider_committee_why(cast: make.Cast, leaflet: Leaflet) -> None:
    from datetime import timedelta

    review = flag(leaflet, cast.cleo).review
    wide = make.reloaded(make.organizer_of(make.alliance()))
    browser = browser_of(wide)
    assert browser.get(review.get_absolute_url()).status_code == 404
    moderation.pass_on(timezone.now() + timedelta(hours=25))
    assert "so it is yours too" in text_of(browser, review.get_absolute_url())
    assert "Passed on" in text_of(browser, QUEUE)


def test_moderators_and_only_they_are_shown_what_waits_on_their_pages(cast: make.Cast, leaflet: Leaflet) -> None:
    flag(leaflet, cast.cleo)
    for url in (cast.committee.get_absolute_url(), reverse("home:today")):
        assert QUEUE in text_of(browser_of(cast.mo), url)
        assert QUEUE not in text_of(browser_of(cast.ben), url)


def test_a_case_costs_the_same_however_many_flagged_it(cast: make.Cast, wall: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, costs = browser_of(cast.mo), []
    browser.get(QUEUE)
    for number in (1, 3):
        row = leaflets.put_up(cast.ben)
        flags = [flag(row, make.member(cast.committee), note="I saw it.") for _ in range(number)]
        with CaptureQueriesContext(connection) as queries:
            text_of(browser, flags[0].review.get_absolute_url())
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[1] <= 14, costs


def test_a_moderator_of_two_committees_decides_in_each_as_who_they_are_there(cast: make.Cast, leaflet: Leaflet) -> None:
    make.member(cast.boss.committee, by=person_of(cast.mo), roles=(Role.MODERATOR,))
    review = flag(leaflet, cast.cleo).review
    browser_of(cast.mo).post(review.get_absolute_url(), {"act": "hide", **WORDS, "words": ""})
    review.refresh_from_db()
    assert review.decided_by == cast.mo
    there = Membership.objects.get(committee=cast.boss.committee, person=cast.mo.person)
    assert there != cast.mo
