from django.urls import path

from organizing.meetings.views import calendar, guests, planning, reading, series

app_name = "meetings"

_one = "committees/<slug:committee_slug>/meetings/<slug:slug>/"

urlpatterns = [
    path("meetings/", reading.mine, name="list"),
    path("meetings/past/", reading.past, name="past"),
    path("meetings/calendar/", calendar.address, name="calendar"),
    path("dates/<slug:slug>/", reading.go, name="go"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
    path("committees/<slug:committee_slug>/meetings/", reading.of_committee, name="of_committee"),
    path("committees/<slug:committee_slug>/meetings/past/", reading.past_of_committee, name="past_of_committee"),
    path("committees/<slug:committee_slug>/meetings/new/", planning.new, name="new"),
    path("committees/<slug:committee_slug>/series/<slug:slug>/", series.series, name="series"),
    path("committees/<slug:committee_slug>/invitations/<slug:slug>/", guests.invitation, name="invitation"),
    path(_one, reading.meeting, name="meeting"),
    path(f"{_one}appointment.ics", calendar.ics, name="ics"),
    path(f"{_one}answer/", reading.answer, name="answer"),
    path(f"{_one}answers/", reading.answers, name="answers"),
    path(f"{_one}guests/", guests.guests, name="guests"),
    path(f"{_one}edit/", planning.edit, name="edit"),
    path(f"{_one}check/", planning.check, name="check"),
    path(f"{_one}test/", planning.send_test, name="test"),
    path(f"{_one}move/", planning.move, name="move"),
    path(f"{_one}cancel/", planning.cancel, name="cancel"),
    path(f"{_one}repeat/", series.repeat, name="repeat"),
    path(f"{_one}copy/", planning.copy, name="copy"),
    path(f"{_one}discard/", planning.discard, name="discard"),
]
