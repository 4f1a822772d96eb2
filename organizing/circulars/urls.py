from django.urls import path

from organizing.circulars import views

app_name = "circulars"

_all = "committees/<slug:committee_slug>/messages/"
_one = f"{_all}<slug:slug>/"

urlpatterns = [
    path("messages/<slug:slug>/", views.anywhere, name="anywhere"),
    path(_all, views.of_committee, name="of_committee"),
    path(f"{_all}new/", views.new, name="new"),
    path(_one, views.circular, name="circular"),
    path(f"{_one}edit/", views.edit, name="edit"),
    path(f"{_one}check/", views.check, name="check"),
    path(f"{_one}test/", views.send_test, name="test"),
    path(f"{_one}discard/", views.discard, name="discard"),
]
