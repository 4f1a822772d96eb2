from django.urls import path

from organizing.minutes import views

app_name = "minutes"

_one = "committees/<slug:committee_slug>/meetings/<slug:slug>/minutes/"
_items = "committees/<slug:committee_slug>/to-do/"

urlpatterns = [
    path(_one, views.of_meeting, name="of_meeting"),
    path(f"{_one}versions/<slug:version>/", views.version, name="version"),
    path(f"{_one}begin/", views.begin, name="begin"),
    path(f"{_one}write/", views.write, name="write"),
    path(f"{_one}decide/", views.decide, name="decide"),
    path(f"{_one}taker/", views.taker, name="taker"),
    path(f"{_one}object/", views.object_to, name="object"),
    path(f"{_one}correct/", views.correct, name="correct"),
    path("committees/<slug:committee_slug>/minutes/unapproved/", views.unapproved, name="unapproved"),
    path(_items, views.items, name="items"),
    path(f"{_items}<slug:slug>/", views.settle, name="settle"),
    path(f"{_items}<slug:slug>/give/", views.give, name="give"),
]
