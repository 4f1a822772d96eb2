from django.urls import path

from committees.directory.views import employers, keeping, lists, merging, public

app_name = "directory"
urlpatterns = [
    path("", public.search, name="search"),
    path("near/", public.near, name="near"),
    path("add/", public.propose, name="propose"),
    path("waiting/", keeping.proposals, name="proposals"),
    path("<slug:workplace_slug>/", public.workplace, name="workplace"),
    path("<slug:workplace_slug>/accept/", keeping.answer, {"verb": "accept"}, name="accept"),
    path("<slug:workplace_slug>/decline/", keeping.answer, {"verb": "decline"}, name="decline"),
    path("<slug:workplace_slug>/close/", keeping.answer, {"verb": "close"}, name="close"),
    path("<slug:workplace_slug>/open-again/", keeping.answer, {"verb": "reopen"}, name="reopen"),
]

#: What platform admins do, below the one entrance of all their pages (organizing.home).
keep = (
    [
        path("workplaces/", keeping.workplaces, name="workplaces"),
        path("workplaces/<slug:workplace_slug>/", keeping.workplace, name="workplace"),
        path("workplaces/<slug:workplace_slug>/merge/", merging.workplaces, name="merge"),
        path("employers/", employers.employers, name="employers"),
        path("employers/<slug:slug>/", employers.employer, name="employer"),
        path("employers/<slug:slug>/merge/", merging.employers, name="merge_employers"),
        path("lists/", lists.lists, name="lists"),
        path("lists/<slug:slug>/", lists.one, name="list"),
        path("lists/<slug:slug>/columns/", lists.columns, name="columns"),
        path("lists/<slug:slug>/confirm/", lists.confirm, name="confirm"),
        path("lists/<slug:slug>/drop/", lists.drop, name="drop"),
        path("lists/<slug:slug>/unusable/", lists.unusable, name="unusable"),
    ],
    "keeping",
)
