"""The pages of delegates: what each reader finds on them, what they press, what is said beside a field, and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.alliance.models import Affiliation
from committees.bodies.models import Committee
from committees.jointly.models import JointAct
from committees.mandates import commands as mandates
from committees.mandates import rules
from committees.mandates.models import Mandate
from committees.membership.models import Membership
from tests import make
from tests.committees.mandates.sending import DAY, TEXT, again, is_delegate, mandate_of, now, proposed, sent, sent_by_another

pytestmark = pytest.mark.django_db


def browser(who: Membership) -> Client:
    assert who.person is not None
    return make.client(who.person)


def text(who: Membership, name: str, *args: str) -> str:
    answer = browser(who).get(reverse(f"mandates:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def mandate(cast: make.Cast, tie: Affiliation, second: Membership) -> Mandate:
    return sent(cast, tie, second, ago=40 * DAY)


class TestOfTheCommittee:
    def test_full_members_read_all_of_it_and_others_nothing(self, cast: make.Cast, mandate: Mandate) -> None:
        slug = cast.committee.slug
        for who in (cast.ada, cast.ben, cast.mo):
            page = text(who, "mandate", slug, mandate.slug)
            assert TEXT in page
            assert cast.mo.handle in page
            assert "Report overdue since" in page
            assert cast.ben.handle in text(who, "of_committee", slug)
        for who in (cast.cleo, cast.boss):
            for name, *args in (("mandate", slug, mandate.slug), ("of_committee", slug)):
                assert browser(who).get(reverse(f"mandates:{name}", args=args)).status_code == 404

    def test_the_committees_page_says_who_speaks_for_it_and_whether_a_report_is_late(self, cast: make.Cast, mandate: Mandate) -> None:
        page = browser(cast.mo).get(reverse("membership:committee", args=[cast.committee.slug])).content.decode()
        assert reverse("mandates:mandate", args=[cast.committee.slug, mandate.slug]) in page
        assert "Report overdue since" in page

    def test_an_organizer_proposes_with_what_is_missing_said_beside_the_field(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        ada, address = browser(cast.ada), reverse("mandates:new", args=[cast.committee.slug])
        form = ada.get(f"{address}?who={cast.ben.slug}")
        assert cast.ben.handle in form.content.decode()
        key = str(form.context["form"]["form_key"].value())
        said = {
            "wider": tie.wider.slug,
            "delegate": cast.ben.handle,
            "alternate": "Nobody at all",
            "text": TEXT,
            "months": "12",
            "every": "30",
            "form_key": key,
        }
        refused = ada.post(address, said)
        assert refused.status_code == 422
        assert "id_alternate_error" in refused.content.decode()
        assert TEXT in refused.content.decode()
        for wrong in ({"delegate": cast.cleo.handle}, {"delegate": cast.ada.handle}, {"wider": cast.boss.committee.slug}, {"months": "7"}, {"text": "Go"}):
            assert ada.post(address, said | {"alternate": ""} | wrong).status_code == 422
        answer = ada.post(address, said | {"alternate": cast.mo.handle})
        assert answer.status_code == 302
        mandate = mandate_of(JointAct.objects.get())
        assert (mandate.delegate, mandate.alternate, mandate.wider) == (cast.ben, cast.mo, tie.wider)
        assert TEXT in ada.get(answer["Location"]).content.decode()

    def test_a_committee_that_belongs_nowhere_is_told_so(self, cast: make.Cast) -> None:
        assert "belongs to no wider one" in text(cast.ada, "new", cast.committee.slug)

    def test_the_delegate_and_the_alternate_hand_it_back_and_nobody_else_can(self, cast: make.Cast, mandate: Mandate) -> None:
        address = reverse("mandates:mandate", args=[cast.committee.slug, mandate.slug])
        assert browser(cast.ada).post(address, {"act": "back"}).status_code == 200
        assert again(mandate).alternate == cast.mo
        assert browser(cast.mo).post(address, {"act": "back"}).status_code == 302
        assert again(mandate).alternate is None
        assert browser(cast.ben).post(address, {"act": "back"}).status_code == 302
        assert not is_delegate(cast.ben)
        assert "handed back" in text(cast.ada, "mandate", cast.committee.slug, mandate.slug)

    def test_an_organizer_proposes_that_it_ends(self, cast: make.Cast, mandate: Mandate) -> None:
        address = reverse("mandates:end", args=[cast.committee.slug, mandate.slug])
        assert address in text(cast.ada, "mandate", cast.committee.slug, mandate.slug)
        assert address not in text(cast.mo, "mandate", cast.committee.slug, mandate.slug)
        form = browser(cast.ada).get(address)
        key = str(form.context["form"]["form_key"].value())
        assert browser(cast.ada).post(address, {"reason": "no", "form_key": key}).status_code == 422
        answer = browser(cast.ada).post(address, {"reason": "Nothing was heard for half a year.", "form_key": key})
        assert "no longer a delegate" in browser(cast.mo).get(answer["Location"]).content.decode()

    def test_the_role_page_no_longer_offers_it(self, cast: make.Cast, mandate: Mandate) -> None:
        for name in ("role", "end"):
            assert 'value="delegate"' not in browser(cast.ada).get(reverse(f"jointly:{name}", args=[cast.committee.slug, cast.ben.slug])).content.decode()

    def test_ones_own_place_leads_to_the_mandate(self, cast: make.Cast, mandate: Mandate) -> None:
        page = browser(cast.ben).get(reverse("membership:me", args=[cast.committee.slug])).content.decode()
        assert reverse("mandates:of_committee", args=[cast.committee.slug]) in page


class TestOfTheWiderCommittee:
    def test_its_organizers_read_the_mandate_and_neither_the_alternate_nor_reports(self, cast: make.Cast, mandate: Mandate) -> None:
        intake = make.reloaded(make.organizer_of(mandate.wider))
        page = text(intake, "mandate", mandate.wider.slug, mandate.slug)
        assert TEXT in page
        assert cast.ben.handle in page
        assert cast.mo.handle not in page
        assert "Report overdue" not in page
        assert "Nothing has been reported" not in page

    def test_its_full_members_read_who_is_sent_by_whom_and_no_more(self, cast: make.Cast, mandate: Mandate) -> None:
        member = make.member(mandate.wider)
        page = text(member, "of_committee", mandate.wider.slug)
        assert cast.ben.handle in page
        assert cast.committee.name in page
        assert cast.mo.handle not in page
        assert browser(member).get(reverse("mandates:mandate", args=[mandate.wider.slug, mandate.slug])).status_code == 404

    def test_of_a_committee_that_only_its_link_leads_to_they_read_nothing(self, cast: make.Cast, mandate: Mandate) -> None:
        Committee.objects.filter(pk=cast.committee.pk).update(visibility="link")
        assert cast.ben.handle not in text(make.member(mandate.wider), "of_committee", mandate.wider.slug)
        assert cast.ben.handle in text(make.organizer_of(mandate.wider), "of_committee", mandate.wider.slug)

    def test_new_members_and_siblings_see_nothing(self, cast: make.Cast, mandate: Mandate) -> None:
        make.affiliated(cast.boss.committee)
        new = make.member(mandate.wider, standing="probation")
        assert browser(new).get(reverse("mandates:of_committee", args=[mandate.wider.slug])).status_code == 404
        assert browser(cast.boss).get(reverse("mandates:mandate", args=[cast.boss.committee.slug, mandate.slug])).status_code == 404

    def test_what_is_only_proposed_or_came_to_nothing_is_not_there(self, cast: make.Cast, tie: Affiliation, second: Membership) -> None:
        act = proposed(cast, tie)
        intake = make.reloaded(make.organizer_of(tie.wider))
        address = reverse("mandates:mandate", args=[tie.wider.slug, mandate_of(act).slug])
        assert browser(intake).get(address).status_code == 404
        mandates.hand_back(mandate_of(act), by=make.reloaded(cast.ben), at=now())
        assert browser(intake).get(address).status_code == 404
        assert browser(cast.ada).get(reverse("mandates:mandate", args=[cast.committee.slug, mandate_of(act).slug])).status_code == 404


class TestTheSeat:
    def test_the_delegate_takes_it_on_the_page(self, cast: make.Cast, mandate: Mandate) -> None:
        address = reverse("mandates:mandate", args=[cast.committee.slug, mandate.slug])
        assert "Take the seat" in text(cast.ben, "mandate", cast.committee.slug, mandate.slug)
        assert "Take the seat" not in text(cast.ada, "mandate", cast.committee.slug, mandate.slug)
        taken = make.organizer_of(mandate.wider).handle
        refused = browser(cast.ben).post(address, {"act": "seat", "handle": taken})
        assert refused.status_code == 422
        assert "id_handle_error" in refused.content.decode()
        assert browser(cast.ada).post(address, {"act": "seat", "handle": "Somebody"}).status_code == 200
        answer = browser(cast.ben).post(address, {"act": "seat", "handle": "Coventry speaks"})
        assert answer["Location"] == reverse("membership:committee", args=[mandate.wider.slug])
        assert browser(cast.ben).get(answer["Location"]).status_code == 200
        assert "You sit there as long as your mandate runs." in text(cast.ben, "mandate", cast.committee.slug, mandate.slug)
        assert "Coventry speaks" not in text(cast.mo, "mandate", cast.committee.slug, mandate.slug), "a name there is theirs there"
        assert "Coventry speaks" in text(make.organizer_of(mandate.wider), "mandate", mandate.wider.slug, mandate.slug)

    def test_whoever_sits_there_by_another_committees_mandate_is_not_told_that_they_stay(self, cast: make.Cast, mandate: Mandate) -> None:
        other = sent_by_another(cast)
        mandates.take_seat(mandate, handle="Coventry speaks", by=make.reloaded(cast.ben), at=now())
        page = text(other.delegate, "mandate", other.committee.slug, other.slug)
        assert "That stays when your mandate ends." not in page
        assert "as long as one of the two runs" in page


def test_lists_cost_the_same_however_long_they_are(cast: make.Cast, tie: Affiliation, second: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST", 20)
    sent(cast, tie, second, ago=40 * DAY)
    counts: dict[str, list[int]] = {}
    for _ in range(2):
        for name, who, committee in (("home", cast.ada, cast.committee), ("wider", make.organizer_of(tie.wider), tie.wider)):
            client = browser(who)
            for page in ("mandates:of_committee", "membership:committee"):
                address = reverse(page, args=[committee.slug])
                client.get(address)
                with CaptureQueriesContext(connection) as counted:
                    client.get(address)
                counts.setdefault(f"{name} {page}", []).append(len(counted))
        for _more in range(2):
            sent(cast, tie, second, ago=40 * DAY, delegate=make.member(cast.committee), alternate=None)
    assert all(first == then for first, then in counts.values()), counts
