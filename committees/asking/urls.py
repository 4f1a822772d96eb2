from django.urls import path

from committees.asking import views

app_name = "asking"

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("ask/mine/", views.mine, name="mine"),
    path("ask/mine/<slug:slug>/", views.question, name="question"),
    path("committees/<slug:committee_slug>/questions/", views.of_committee, name="of_committee"),
    path("committees/<slug:committee_slug>/questions/<slug:slug>/", views.case, name="case"),
    path("keeping/questions/", views.keeping, name="keeping"),
    path("keeping/questions/<slug:slug>/", views.kept, name="kept"),
]
