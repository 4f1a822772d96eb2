from django.urls import path

from committees.alliance import views

app_name = "alliance"

_one = "committees/<slug:committee_slug>/together/"

urlpatterns = [
    path(_one, views.ties, name="ties"),
    path(f"{_one}ask/", views.ask, name="ask"),
    path(f"{_one}start/", views.start, name="start"),
    path(f"{_one}<slug:slug>/", views.tie, name="tie"),
]
