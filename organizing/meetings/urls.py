from django.urls import path

from organizing.meetings import planning_views as planning
from organizing.meetings import views

app_name = "meetings"

_one = "committees/<slug:committee_slug>/meetings/<slug:slug>/"

urlpatterns = [
    path("meetings/", views.mine, name="list"),
    path("meetings/past/", views.past, name="past"),
    path("meetings/calendar/", views.calendar, name="calendar"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("committees/<slug:committee_slug>/meetings/", views.of_committee, name="of_committee"),
    path("committees/<slug:committee_slug>/meetings/past/", views.past_of_committee, name="past_of_committee"),
    path("committees/<slug:committee_slug>/meetings/new/", planning.new, name="new"),
    path(_one, views.meeting, name="meeting"),
    path(f"{_one}appointment.ics", views.ics, name="ics"),
    path(f"{_one}answer/", views.answer, name="answer"),
    path(f"{_one}answers/", views.answers, name="answers"),
    path(f"{_one}delivery/", planning.delivery, name="delivery"),
    path(f"{_one}edit/", planning.edit, name="edit"),
    path(f"{_one}check/", planning.check, name="check"),
    path(f"{_one}test/", planning.send_test, name="test"),
    path(f"{_one}move/", planning.move, name="move"),
    path(f"{_one}cancel/", planning.cancel, name="cancel"),
    path(f"{_one}copy/", planning.copy, name="copy"),
    path(f"{_one}discard/", planning.discard, name="discard"),
]
