"""Who covers for whom, on the pages and in the export."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committees.jointly import commands as jointly
from committees.jointly.models import JointAct
from committees.membership.covers import Cover
from committees.membership.exporting import covers as exported
from committees.membership.models import Membership
from committees.membership.roles import Role
from tests import make
from tests.committees.jointly.covering import DAY, accepted, act_of, now, running, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast: make.Cast) -> Membership:
    """Another organizer of the cast's committee."""
    return make.reloaded(make.member(cast.committee, roles=(Role.ORGANIZER,), handle="Second organizer"))


class TestPages:
    def test_one_asks_another_accepts_a_second_agrees_and_everybody_reads_it(self, cast: make.Cast, second: Membership) -> None:
        slug = cast.committee.slug
        ada, ben, mo = (make.client(each.person) for each in (cast.ada, cast.ben, cast.mo))  # type: ignore[arg-type]
        assert reverse("jointly:away", args=[slug]) in ada.get(reverse("membership:me", args=[slug])).content.decode()
        page = reverse("jointly:cover_new", args=[slug])
        said = {"role": "organizer", "name": cast.ben.handle, "first": today().isoformat(), "last": (today() + 3 * DAY).isoformat()}
        wrong = ada.post(page, {**said, "name": "Nobody", "form_key": ada.get(page).context["form"]["form_key"].value()})
        assert wrong.status_code == 422
        assert "No other full member uses this name here." in wrong.content.decode()
        key = ada.get(page).context["form"]["form_key"].value()
        for _twice in range(2):
            assert ada.post(page, {**said, "form_key": key}).status_code == 302
        cover = Cover.objects.get()
        assert "asks you to cover" in ben.get(reverse("membership:committee", args=[slug])).content.decode()
        assert mo.get(cover.get_absolute_url()).status_code == 404, "what is not settled only the two see"
        assert ben.post(cover.get_absolute_url(), {"act": "accept"}).status_code == 302
        act = act_of(cover)
        assert f"{cast.ben.handle} covers for {cast.ada.handle} as Organizer" in mo.get(act.url_in(slug)).content.decode()
        jointly.agree(act, by=second, at=now())
        JointAct.objects.update(happens_at=now())
        jointly.carry_out(now())
        for place in (reverse("membership:committee", args=[slug]), reverse("jointly:away", args=[slug]), cover.get_absolute_url()):
            assert cast.ada.handle in mo.get(place).content.decode()
        assert "I am back" in ada.get(cover.get_absolute_url()).content.decode()
        assert ada.post(cover.get_absolute_url(), {"act": "end"}).status_code == 302
        assert ada.post(cover.get_absolute_url(), {"act": "end"}).status_code == 422
        assert "Now" not in mo.get(reverse("jointly:away", args=[slug])).context["waiting"]

    def test_the_list_asks_as_often_for_three_as_for_one(self, cast: make.Cast, second: Membership) -> None:
        ben = make.client(cast.ben.person)  # type: ignore[arg-type]
        page = reverse("jointly:away", args=[cast.committee.slug])
        counts = []
        for begins in (0, 20, 40):
            accepted(cast, second, begins=begins, days=5)
            with CaptureQueriesContext(
                connection,
            ) as asked_for:
                assert ben.get(page).status_code == 200
            counts.append(len(asked_for))
        assert counts[1] == counts[2]

    def test_whoever_holds_no_office_is_not_asked_when_they_are_away(self, cast: make.Cast) -> None:
        ben = make.client(cast.ben.person)  # type: ignore[arg-type]
        assert ben.get(reverse("jointly:cover_new", args=[cast.committee.slug])).status_code == 404

    def test_the_export_says_when_and_not_who(self, cast: make.Cast, second: Membership) -> None:
        running(cast, second)
        mine, theirs = exported(cast.ada.person), exported(cast.ben.person)  # type: ignore[arg-type]
        assert (mine[0]["i_was"], theirs[0]["i_was"]) == ("away", "covering")
        assert cast.ben.handle not in str(mine)
