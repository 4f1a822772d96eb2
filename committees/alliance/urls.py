from django.urls import path

from committees.alliance.views import finding, ties

app_name = "alliance"

_one = "committees/<slug:committee_slug>/together/"

urlpatterns = [
    path("committees/all/", finding.committees, name="committees"),
    path("employers/<slug:employer_slug>/", finding.employer, name="employer"),
    path(_one, ties.ties, name="ties"),
    path(f"{_one}ask/", ties.ask, name="ask"),
    path(f"{_one}start/", ties.start, name="start"),
    path(f"{_one}<slug:slug>/", ties.tie, name="tie"),
]
