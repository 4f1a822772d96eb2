from django.urls import path

from committees.membership.views import answering as answering_views
from committees.membership.views import belonging, clocks, inviting, joining, moving, reviewing, revouching, settling

app_name = "membership"

_one = "committees/<slug:committee_slug>/"

#: The committee's outer pages carry the name of the room they show.
bodies = (
    [
        path("committees/", belonging.mine, name="list"),
        path(_one, joining.card, name="card"),
    ],
    "bodies",
)

urlpatterns = [
    path(f"{_one}join/", joining.begin, name="begin"),
    path(f"{_one}inside/", belonging.committee, name="committee"),
    path(f"{_one}founded/", belonging.founded, name="founded"),
    path(f"{_one}wake/", clocks.wake, name="wake"),
    path(f"{_one}stay/", clocks.stay, name="stay"),
    path(f"{_one}me/", belonging.me, name="me"),
    path(f"{_one}me/attest/", clocks.attest, name="attest"),
    path(f"{_one}me/name/", belonging.rename, name="rename"),
    path(f"{_one}vouch/", belonging.vouch, name="vouch"),
    path(f"{_one}me/leave/", belonging.leave, name="leave"),
    path(f"{_one}me/step-aside/", belonging.step_aside, name="step_aside"),
    path(f"{_one}settings/", settling.settings, name="settings"),
    path(f"{_one}rights/", belonging.rights, name="rights"),
    path(f"{_one}log/", belonging.log, name="log"),
    path(f"{_one}me/vouched/", revouching.vouched, name="vouched"),
    path(f"{_one}members/vouched/", revouching.in_question, name="in_question"),
    path(f"{_one}members/", belonging.roster, name="roster"),
    path(f"{_one}members/<slug:slug>/", belonging.member, name="member"),
    path(f"{_one}invite/", inviting.invitations, name="invitations"),
    path(f"{_one}invite/new/", inviting.invite, name="invite"),
    path(f"{_one}invite/<slug:slug>/", inviting.invitation, name="invitation"),
    path(f"{_one}invite/<slug:slug>/sheet/", inviting.sheet, name="sheet"),
    path("i/<str:token>/", inviting.invited, name="invited"),
    path("i/<str:token>/join/", inviting.come, name="come"),
    path("start/<slug:workplace_slug>/", joining.start, name="start"),
    path("applications/", joining.mine, name="mine"),
    path("applications/<slug:slug>/", joining.application, name="application"),
    path("applications/<slug:slug>/check/", joining.check, name="check"),
    path("applications/<slug:slug>/withdraw/", joining.withdraw, name="withdraw"),
    path("applications/<slug:slug>/move/", moving.move, name="move"),
    path("applications/<slug:slug>/<slug:step>/", joining.step, name="step"),
    path("review/applications/", reviewing.queue, name="queue"),
    path("review/<slug:slug>/", reviewing.case, name="case"),
]

#: What platform admins may know of it, below the one entrance of all their pages (organizing.home).
answering = ([path("", answering_views.overview, name="overview")], "answering")
