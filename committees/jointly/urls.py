from django.urls import path

from committees.jointly.views import acting as views
from committees.jointly.views import covering

app_name = "jointly"
_one = "committees/<slug:committee_slug>/proposed/"

urlpatterns = [
    path(_one, views.acts, name="acts"),
    path(f"{_one}list/", views.export, name="export"),
    path(f"{_one}<slug:slug>/list.csv", views.fetch, name="fetch"),
    path(f"{_one}volunteer/", views.volunteer, name="volunteer"),
    path(f"{_one}groups/", views.groups, name="groups"),
    path(f"{_one}groups/<slug:slug>/", views.unite, name="unite"),
    path(f"{_one}charter/", views.charter_new, name="charter_new"),
    path(f"{_one}members/<slug:slug>/role/", views.role, name="role"),
    path(f"{_one}members/<slug:slug>/end/", views.end, name="end"),
    path(f"{_one}members/<slug:slug>/remove/", views.remove, name="remove"),
    path(f"{_one}leave/", views.leave, name="leave"),
    path(f"{_one}support/", views.support, name="support"),
    path(f"{_one}close/", views.close, name="close"),
    path(f"{_one}<slug:slug>/", views.act, name="act"),
    path(f"{_one}<slug:slug>/agree/", views.agree, name="agree"),
    path("committees/<slug:committee_slug>/away/", covering.away, name="away"),
    path("committees/<slug:committee_slug>/away/new/", covering.cover_new, name="cover_new"),
    path("committees/<slug:committee_slug>/away/<slug:slug>/", covering.cover, name="cover"),
    path("committees/<slug:committee_slug>/charter/", views.charter, name="charter"),
    path("committees/<slug:committee_slug>/me/resign/<slug:role>/", views.resign, name="resign"),
]
