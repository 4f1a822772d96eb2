"""The pages of a message to other committees: who writes, who reads it where, and what each of them must not show."""

from __future__ import annotations

import html
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices.models import Notice
from organizing.circulars import queries
from organizing.circulars.models import Circular, Reach
from tests import make, standing
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent, written
from tests.organizing.circulars.wide import Tree, agreed, drafted, proposed, told, tree

pytestmark = pytest.mark.django_db
wide = standing.scene(tree)
WORDS = "The doors stay"


def ask(who: Membership, url: str, data: dict[str, Any] | None = None) -> Any:
    assert who.person is not None
    browser = make.client(who.person)
    return browser.get(url) if data is None else browser.post(url, data)


def page(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def at(name: str, who: Membership, *slugs: str) -> str:
    return reverse(f"circulars:{name}", args=[who.committee.slug, *slugs])


def typed(**changes: Any) -> dict[str, Any]:
    return {"form_key": str(uuid.uuid4()), "subject": SUBJECT, "text": TEXT, "language": "en", "reach": "further", **changes}


# -- Writing and proposing --------------------------------------------------------------------------------------------------


def test_from_the_form_to_a_reader_of_a_site_below(wide: Tree) -> None:
    written_down = ask(wide.uma, at("new", wide.uma), typed())
    draft = Circular.objects.get()
    check = page(ask(wide.uma, written_down.url))
    for said in ("Propose to send it", "fewer than 10 people", "3 committees belong here.", "1 of them is reached by its link only.", wide.site.name):
        assert said in check
    assert wide.hidden.name not in check
    seen = {"seen": draft.changed_at.isoformat()}
    asked = ask(wide.uma, at("check", wide.uma, draft.slug), seen)
    act = JointAct.objects.get()
    assert asked.url == act.url_in(wide.top.slug)
    assert ask(wide.uma, at("check", wide.uma, draft.slug), seen).url == act.url_in(wide.top.slug)  # pressed twice
    second = page(ask(wide.vik, act.url_in(wide.top.slug)))
    assert WORDS in second
    assert "2 listed committees belong there now." in second
    agree = reverse("jointly:agree", args=[wide.top.slug, act.slug])
    assert WORDS in page(ask(wide.vik, agree))
    assert ask(wide.vik, agree, {}).status_code == 302
    assert told() == wide.readers
    assert wide.sam.person
    notice = Notice.objects.get(kind=queries.FURTHER)
    sams = make.client(wide.sam.person)
    assert f"A message from a wider committee: {SUBJECT}" in page(sams.get(reverse("notices:inbox")))
    leads = sams.get(reverse("notices:go", args=[notice.slug]), follow=True)  # type: ignore[arg-type]
    assert leads.redirect_chain[-1][0] == at("circular", wide.sam, draft.slug)  # type: ignore[attr-defined]
    read = page(leads)
    assert "To which your committee belongs" in read
    assert WORDS in read


def test_only_a_committee_to_which_others_may_belong_is_asked_whom_it_writes_to(wide: Tree) -> None:
    assert "Who gets it?" in page(ask(wide.uma, at("new", wide.uma)))
    assert "Who gets it?" not in page(ask(wide.ines, at("new", wide.ines)))
    ask(wide.ines, at("new", wide.ines), typed())
    assert Circular.objects.get().reach == Reach.OWN  # what is not asked is not heard


def test_alone_it_is_refused_in_words_and_the_draft_stays() -> None:
    alone = make.reloaded(make.organizer_of(make.alliance()))
    make.affiliated(make.committee())
    draft = drafted(alone)
    answer = page(ask(alone, at("check", alone, draft.slug), {"seen": draft.changed_at.isoformat()}), 422)
    assert "There is nobody who could agree" in answer
    assert WORDS in answer


def test_what_is_proposed_says_so_wherever_one_would_change_it(wide: Tree) -> None:
    act = proposed(wide.uma)
    draft = Circular.objects.get()
    assert ask(wide.vik, at("edit", wide.vik, draft.slug)).status_code == 302
    check = page(ask(wide.vik, at("check", wide.vik, draft.slug)))
    assert "This message waits for a second organizer" in check
    assert act.url_in(wide.top.slug) in check
    assert "Propose to send it" not in check
    assert "Needs a second organizer" in page(ask(wide.vik, at("of_committee", wide.vik)))
    mine = typed(text="Mine, long work", seen=draft.changed_at.isoformat())
    refused = page(ask(wide.vik, at("edit", wide.vik, draft.slug), mine), 422)
    assert "waits for a second organizer" in refused
    assert "Mine, long work" in refused
    ask(wide.vik, at("discard", wide.vik, draft.slug), {})
    assert Circular.objects.get().text == TEXT


def test_members_read_that_it_is_proposed_and_not_what_it_says(wide: Tree) -> None:
    member = make.member(wide.top)
    act = proposed(wide.uma)
    url = act.url_in(wide.top.slug)
    before = page(ask(member, url))
    assert "A message goes to the members of all committees that belong here" in before
    for word in (WORDS, SUBJECT, wide.hidden.name):
        assert word not in before
    assert ask(wide.sam, url).status_code == 404
    jointly.agree(act, by=wide.vik, at=timezone.now())
    assert WORDS in page(ask(member, url))


def test_a_wider_committees_organizer_who_is_asked_reads_it_and_no_name(wide: Tree) -> None:
    by = make.reloaded(make.organizer_of(wide.mid))
    act = proposed(by)
    intake = make.reloaded(make.organizer_of(make.alliance()))
    read = page(ask(intake, act.url_in(intake.committee.slug)))
    assert WORDS in read
    assert by.handle not in read


# -- Reading ---------------------------------------------------------------------------------------------------------------


def test_readers_below_see_the_committee_and_never_who_wrote(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    for who in (wide.ines, wide.sam, wide.nia, wide.hal):
        listed, read = page(ask(who, at("of_committee", who))), page(ask(who, at("circular", who, message.slug)))
        assert f"From {wide.top.name}, to which your committee belongs" in listed.replace("<bdi>", "").replace("</bdi>", "")
        assert SUBJECT in page(ask(who, who.committee.get_absolute_url()))
        for said in (listed, read):
            assert wide.top.name in said
            for handle in (wide.uma.handle, wide.vik.handle):
                assert handle not in said
            assert "people" not in said.split("<main")[1].split("</main")[0].replace("all people", "")  # no number of anybody
        assert ask(who, reverse("circulars:anywhere", args=[message.slug])).url == at("circular", who, message.slug)
    ours = page(ask(wide.vik, at("circular", wide.vik, message.slug)))
    assert wide.uma.handle in ours
    assert "fewer than 10 people" in ours


def test_whoever_does_not_belong_finds_nothing(wide: Tree) -> None:
    message, own = agreed(wide.uma, wide.vik), sent(wide.uma)
    anywhere = reverse("circulars:anywhere", args=[message.slug])
    assert make.client(make.person()).get(anywhere).status_code == 404
    for who in (wide.otto,):
        assert ask(who, anywhere).status_code == 404
        assert ask(who, at("circular", who, message.slug)).status_code == 404
        assert message.slug not in page(ask(who, at("of_committee", who)))
    for slug in (own.slug, written(wide.uma).slug):
        assert ask(wide.sam, at("circular", wide.sam, slug)).status_code == 404
        assert ask(wide.ines, at("check", wide.ines, slug)).status_code == 404
        assert ask(wide.ines, reverse("circulars:anywhere", args=[slug])).status_code == 404
    for name, typed_in in (("edit", typed(seen="")), ("check", {"seen": message.changed_at.isoformat()}), ("test", {}), ("discard", {})):
        assert ask(wide.ines, at(name, wide.ines, message.slug), typed_in).status_code == 404


def test_parted_or_gone_they_find_nothing_from_the_next_request_on(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    url, anywhere = at("circular", wide.sam, message.slug), reverse("circulars:anywhere", args=[message.slug])
    assert ask(wide.sam, url).status_code == 200
    ties.end(Affiliation.objects.standing().get(committee=wide.mid, wider=wide.top), "We part.", by=wide.uma, at=timezone.now())
    assert (ask(wide.sam, url).status_code, ask(wide.sam, anywhere).status_code) == (404, 404)
    assert ask(wide.hal, anywhere).status_code == 302
    membership.leave(wide.hal, by=wide.hal, at=timezone.now())
    assert ask(wide.hal, anywhere).status_code == 404


def test_whoever_is_in_both_is_led_to_the_committee_that_wrote_it(wide: Tree) -> None:
    make.member(wide.top, by=wide.sam.person)
    message = agreed(wide.uma, wide.vik)
    assert ask(wide.sam, reverse("circulars:anywhere", args=[message.slug])).url == message.get_absolute_url()


def test_a_reader_below_flags_it_and_comes_back_to_its_page(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    flag = reverse("moderation:flag", args=["circulars.circular", message.slug])
    assert flag in page(ask(wide.sam, at("circular", wide.sam, message.slug)))
    assert wide.sam.person
    sam = make.client(wide.sam.person)
    key = sam.get(flag).context["form"]["form_key"].value()
    back = sam.post(flag, {"reason": "threat", "form_key": key}, follow=True)
    assert back.redirect_chain[-1][0] == at("circular", wide.sam, message.slug)  # type: ignore[attr-defined]
    assert ask(wide.otto, flag).status_code == 404


def test_hidden_by_a_moderator_readers_below_read_the_rule_alone(wide: Tree) -> None:
    message, mo = agreed(wide.uma, wide.vik), make.member(wide.top, roles=(Role.MODERATOR,))
    review = moderation.flag(message, reason=FlagReason.THREAT, by=wide.sam, at=timezone.now()).review
    moderation.hide(review, by=mo, at=timezone.now(), rule="place", text="It belongs where others look for it.")
    for url in (
        at("circular", wide.sam, message.slug),
        at("of_committee", wide.sam),
        wide.site.get_absolute_url(),
        JointAct.objects.get().url_in(wide.top.slug),
    ):
        who = wide.vik if "/proposed/" in url else wide.sam
        shown = page(ask(who, url))
        assert SUBJECT not in shown
        assert WORDS not in shown
    assert "Hidden by a moderator" in page(ask(wide.sam, at("circular", wide.sam, message.slug)))


def test_mails_of_wider_committees_are_one_line_of_ones_wishes(wide: Tree) -> None:
    assert wide.sam.person
    answer = make.client(wide.sam.person).get(reverse("notices:preferences"))
    assert "Messages from wider committees" in page(answer)
    fields = [name for name in answer.context["form"].fields if "circulars_further" in name]
    assert sorted(fields) == ["list_circulars_further", "push_circulars_further"], "none for a single committee"


def test_lists_cost_the_same_with_few_and_many(wide: Tree) -> None:
    assert wide.uma.person
    assert wide.sam.person
    counts: list[tuple[int, ...]] = []
    begin = timezone.now()
    for number in range(3):
        agreed(wide.uma, wide.vik, at=begin + timedelta(days=number * 3))
        sent(wide.uma, at=begin + timedelta(days=number * 3))
        drafted(wide.uma)
        found = []
        for who in (wide.uma, wide.sam):
            ask(who, at("of_committee", who))
            with CaptureQueriesContext(connection) as captured:
                ask(who, at("of_committee", who))
            found.append(len(captured))
        counts.append(tuple(found))
    assert counts[1] == counts[2]
