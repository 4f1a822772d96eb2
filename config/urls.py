"""Where each room's pages begin. A room owns the paths below its own prefix."""

from django.urls import include, path

from committees.directory.urls import keep
from committees.guides.urls import guiding
from committees.membership.urls import answering, bodies
from committees.people.urls import accounts

urlpatterns = [
    path("", include("organizing.home.urls")),
    path("", include("committees.base.urls")),
    path("account/", include("committees.people.urls")),
    path("workplaces/", include("committees.directory.urls")),
    path("", include("committees.alliance.urls")),  # before bodies: "all" is no committee
    path("keeping/", include(keep)),
    path("keeping/help/", include(guiding)),
    path("keeping/accounts/", include(accounts)),
    path("keeping/applications/", include(answering)),
    path("", include(bodies)),
    path("", include("committees.asking.urls")),
    path("", include("committees.support.urls")),
    path("", include("committees.jointly.urls")),
    path("", include("committees.resettling.urls")),
    path("", include("committees.mandates.urls")),
    path("", include("committees.moderation.urls")),
    path("", include("committees.membership.urls")),
    path("", include("organizing.meetings.urls")),
    path("", include("organizing.finding.urls")),
    path("", include("organizing.minutes.urls")),
    path("", include("organizing.live.urls")),
    path("", include("organizing.visitors.urls")),
    path("", include("organizing.papers.urls")),
    path("", include("organizing.circulars.urls")),
    path("", include("organizing.forum.urls")),
    path("", include("organizing.growth.urls")),
    path("notices/", include("committees.notices.urls")),
    path("help/", include("committees.guides.urls")),  # after the rooms that have a page there
]

handler400 = "committees.base.views.bad_request"
handler403 = "committees.base.views.forbidden"
handler404 = "committees.base.views.not_found"
handler500 = "committees.base.views.server_error"
