from django.urls import path

from organizing.finding import views

app_name = "finding"

_all = "committees/<slug:committee_slug>/times/"
_one = f"{_all}<slug:slug>/"

urlpatterns = [
    path(_all, views.of_committee, name="of_committee"),
    path(f"{_all}new/", views.new, name="new"),
    path(_one, views.poll, name="poll"),
    path(f"{_one}answer/", views.answer, name="answer"),
    path(f"{_one}answers/", views.answers, name="answers"),
    path(f"{_one}add/", views.add, name="add"),
    path(f"{_one}take/", views.take, name="take"),
    path(f"{_one}end/", views.end, name="end"),
]
