from django.urls import path

from committees.support import views

app_name = "support"

urlpatterns = [
    path("keeping/support/", views.keeping, name="keeping"),
    path("keeping/support/<slug:slug>/<slug:part>/", views.part, name="part"),
    path("keeping/support/<slug:slug>/<slug:part>/<slug:item>/", views.part, name="item"),
    path("committees/<slug:committee_slug>/support/", views.of_committee, name="of_committee"),
]
