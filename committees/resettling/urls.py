from django.urls import path

from committees.resettling import views

app_name = "resettling"

urlpatterns = [
    path("committees/<slug:committee_slug>/leaving/", views.leaving, name="leaving"),
    path("committees/<slug:committee_slug>/leaving/file/", views.take, name="take"),
    path("committees/<slug:committee_slug>/coming/", views.coming, name="coming"),
    path("committees/<slug:committee_slug>/coming/<slug:slug>/", views.answer, name="answer"),
    path("bring/place/", views.place, name="place"),
    path("bring/<slug:slug>/", views.arrival, name="arrival"),
    path("bring/to/<slug:workplace_slug>/", views.bring, name="bring"),
]
