from django.urls import path

from organizing.papers import views

app_name = "papers"

_papers = "committees/<slug:committee_slug>/meetings/<slug:slug>/papers/"

urlpatterns = [
    path(_papers, views.keep, name="keep"),
    path(f"{_papers}<slug:paper>/", views.read, name="read"),
    path(f"{_papers}<slug:paper>/change/", views.change, name="change"),
    path(f"{_papers}<slug:paper>/remove/", views.remove, name="remove"),
]
