from django.urls import path

from committees.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.search, name="search"),
    path("add/", views.propose, name="propose"),
    path("waiting/", views.proposals, name="proposals"),
    path("<slug:workplace_slug>/", views.workplace, name="workplace"),
    path("<slug:workplace_slug>/accept/", views.answer, {"verb": "accept"}, name="accept"),
    path("<slug:workplace_slug>/decline/", views.answer, {"verb": "decline"}, name="decline"),
    path("<slug:workplace_slug>/close/", views.answer, {"verb": "close"}, name="close"),
]
