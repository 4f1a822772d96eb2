from django.urls import path

from committees.guides import views

app_name = "guides"
urlpatterns = [path("<slug:slug>/", views.guide, name="guide")]

#: What platform admins do, below the one entrance of all their pages (organizing.home).
guiding = (
    [
        path("", views.guides, name="guides"),
        path("new/", views.new, name="new"),
        path("<slug:slug>/", views.kept, name="kept"),
        path("<slug:slug>/publish/", views.publish, name="publish"),
        path("<slug:slug>/take-away/", views.unpublish, name="unpublish"),
        path("<slug:slug>/move/", views.move, name="move"),
        path("<slug:slug>/<str:language>/", views.write, name="write"),
        path("<slug:slug>/<str:language>/withdraw/", views.withdraw, name="withdraw"),
        path("<slug:slug>/<str:language>/versions/<slug:version>/", views.old_version, name="version"),
    ],
    "guiding",
)
