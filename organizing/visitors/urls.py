from django.urls import path

from organizing.visitors.views import keeping, visiting

app_name = "visitors"

_meeting = "committees/<slug:committee_slug>/meetings/<slug:slug>/"

urlpatterns = [
    path("open/", visiting.announced, name="announced"),
    path("open/<slug:slug>/", visiting.page, name="page"),
    path("open/<slug:slug>/register/", visiting.register, name="register"),
    path("open/<slug:slug>/withdraw/", visiting.withdraw, name="withdraw"),
    path("open/<slug:slug>/knock/", visiting.knock, name="knock"),
    path("open/<slug:slug>/through/", visiting.through, name="through"),
    path(f"{_meeting}visitors/", keeping.keep, name="keep"),
    path(f"{_meeting}visitors/close/", keeping.close, name="close"),
    path(f"{_meeting}visitors/turn-away/", keeping.turn_away, name="turn_away"),
    path(f"{_meeting}live/visitors/voted/", keeping.voted, name="voted"),
    path(f"{_meeting}live/visitors/answer/", keeping.answer, name="answer"),
]
