"""What a member must be able to do before a page of a committee opens: written down here, and not read off the code."""

from __future__ import annotations

from functools import cached_property

import pytest

from committees.membership.models import Membership
from committees.membership.roles import Power
from tests.safety.asking import ask
from tests.safety.routes import Route, routes
from tests.safety.world import World

pytestmark = pytest.mark.django_db

#: Route → the power without which there is no such page, even for somebody who holds every other one.
NEEDED = """
membership:committee          see_committee
membership:founded            conclude_founding
membership:wake               wake
membership:stay               see_committee
membership:me                 leave
membership:attest             step_aside
membership:rename             change_handle
membership:vouch              vouch
membership:leave              leave
membership:step_aside         step_aside
membership:rights             see_committee
membership:log                see_log
membership:settings           keep_settings
membership:vouched            see_committee
membership:in_question        see_roster
membership:roster             see_roster
membership:member             see_roster
membership:invitations        invite
membership:invite             invite
membership:invitation         invite
membership:sheet              invite
jointly:acts                  see_log
jointly:act                   see_log
jointly:agree                 agree
jointly:role                  give_role
jointly:end                   give_role
jointly:remove                remove_member
jointly:close                 close_committee
jointly:leave                 close_committee
jointly:volunteer             volunteer
resettling:leaving            see_committee
resettling:take               close_committee
resettling:coming             affiliate
resettling:answer             affiliate
jointly:groups                affiliate
jointly:unite                 close_committee
jointly:export                export_members
jointly:fetch                 export_members
jointly:charter_new           change_charter
jointly:charter               see_committee
jointly:resign                leave
jointly:away                  see_log
jointly:cover_new             arrange_cover
jointly:cover                 see_log
jointly:support               grant_support
support:of_committee          see_log
asking:of_committee           answer_questions
asking:case                   answer_questions
mandates:of_committee         see_log
mandates:new                  give_role
mandates:mandate              see_log
mandates:end                  give_role
alliance:ties                 see_committee
alliance:ask                  affiliate
alliance:start                affiliate
alliance:tie                  affiliate
moderation:log                see_log
meetings:of_committee         see_committee
meetings:past_of_committee    see_committee
meetings:new                  call_meeting
meetings:meeting              see_committee
meetings:ics                  see_committee
meetings:answer               answer_meetings
meetings:answers              see_answers
meetings:guests               call_meeting
meetings:invitation           call_meeting
meetings:edit                 call_meeting
meetings:check                call_meeting
meetings:test                 call_meeting
meetings:move                 call_meeting
meetings:cancel               call_meeting
meetings:repeat               call_meeting
meetings:series               see_committee
meetings:copy                 call_meeting
meetings:discard              call_meeting
live:page                     see_committee
live:now                      see_committee
live:screen                   see_committee
live:screen_now               see_committee
live:open                     call_meeting
live:end                      call_meeting
live:come                     answer_meetings
live:leave                    answer_meetings
live:ask                      answer_meetings
live:withdraw                 answer_meetings
live:lead                     answer_meetings
live:limit                    answer_meetings
live:present                  answer_meetings
live:tick                     call_meeting
live:duties                   call_meeting
live:door                     answer_meetings
live:door_now                 answer_meetings
live:through                  answer_meetings
live:desk                     answer_meetings
live:desk_now                 answer_meetings
visitors:keep                 call_meeting
visitors:close                call_meeting
visitors:turn_away            call_meeting
visitors:voted                answer_meetings
visitors:answer               answer_meetings
papers:read                   see_committee
papers:keep                   call_meeting
papers:change                 call_meeting
papers:remove                 call_meeting
growth:growth                 see_growth
finding:of_committee          see_place
finding:poll                  see_place
finding:answer                see_place
finding:answers               see_answers
finding:new                   call_meeting
finding:add                   call_meeting
finding:take                  call_meeting
finding:end                   call_meeting
minutes:of_meeting            see_committee
minutes:version               see_committee
minutes:unapproved            keep_minutes
minutes:begin                 see_committee
minutes:write                 see_committee
minutes:decide                keep_minutes
minutes:taker                 keep_minutes
minutes:object                object
minutes:correct               keep_minutes
minutes:items                 see_committee
minutes:settle                see_committee
minutes:give                  keep_minutes
circulars:of_committee        see_committee
circulars:circular            see_committee
circulars:new                 send_message
circulars:edit                send_message
circulars:check               send_message
circulars:test                send_message
circulars:discard             send_message
forum:of_committee            see_committee
forum:new_board               keep_boards
"""
POWERS = {name: Power(power) for name, power in (line.split() for line in NEEDED.strip().splitlines())}
DOORS = [route for route in routes() if route.door == "member"]


def test_every_door_of_members_says_what_it_asks_for() -> None:
    assert {route.name for route in DOORS} == POWERS.keys()


@pytest.mark.parametrize("route", DOORS, ids=str)
def test_without_that_power_there_is_no_such_page(route: Route, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """For everybody inside, so that no other rule than the door's can be what refuses."""
    url = world.url(route)
    for lacking, expected in ((POWERS[route.name], {"404"}), (None, {"200", "302", "405", "422", "again"})):
        powers = cached_property(lambda self, lacking=lacking: frozenset(Power) - {lacking})
        powers.__set_name__(Membership, "powers")
        monkeypatch.setattr(Membership, "powers", powers)
        found = {ask(world.browser("organizer"), method, url).cell for method in ("GET", "POST")}
        assert found <= expected | ({"404", "403"} if lacking is None else {"405"}), f"{route} without {lacking}: {found}"
        assert found & expected, f"{route} without {lacking}: {found}"
