from django.urls import path

from committees.mandates import views

app_name = "mandates"
_one = "committees/<slug:committee_slug>/delegates/"

urlpatterns = [
    path(_one, views.of_committee, name="of_committee"),
    path(f"{_one}new/", views.new, name="new"),
    path(f"{_one}<slug:slug>/", views.mandate, name="mandate"),
    path(f"{_one}<slug:slug>/end/", views.end, name="end"),
]
