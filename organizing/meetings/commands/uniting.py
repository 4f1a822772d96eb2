"""Two committees become one: the meetings of the one are the other's from then on."""

from __future__ import annotations

from datetime import datetime

from committees.bodies.models import Committee
from organizing.meetings.models import AgendaItem, Answer, Guest, GuestState, Meeting, MeetingChange, Series


def go_over(loser: Committee, winner: Committee, at: datetime) -> None:
    """This room's rows (bodies.register.on_uniting). Meetings first: an answer belongs to a committee that comes."""
    Guest.objects.filter(invited=winner, meeting__committee=loser).delete()  # nobody is a guest at their own meeting
    Guest.objects.filter(invited=loser, meeting__committee=winner).delete()
    _asked_twice(loser, winner)
    Meeting.objects.filter(committee=loser).update(committee=winner)
    for model in (AgendaItem, MeetingChange, Guest, Series):
        model.objects.filter(committee=loser).update(committee=winner)
    Guest.objects.filter(invited=loser).update(invited=winner)
    Answer.objects.filter(committee=loser).update(committee=winner)


def _asked_twice(loser: Committee, winner: Committee) -> None:
    """Both were invited to the same meeting: one invitation stays, and where either comes, the one committee does."""
    theirs = Guest.objects.filter(invited=winner, meeting__in=Guest.objects.filter(invited=loser).values("meeting"))
    comes = Guest.objects.filter(invited=loser, state=GuestState.ACCEPTED).values("meeting")
    theirs.exclude(state=GuestState.ACCEPTED).filter(meeting__in=comes).delete()
    Guest.objects.filter(invited=loser, meeting__in=Guest.objects.filter(invited=winner).values("meeting")).delete()
