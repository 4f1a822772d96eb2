from django.urls import path

from committees.notices.views import delivery, hooks, inbox, push, settings

app_name = "notices"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("seen/", inbox.mark_seen, name="mark_seen"),
    path("go/<slug:slug>/", inbox.go, name="go"),
    path("settings/", settings.preferences, name="preferences"),
    path("settings/test/", settings.test, name="test"),
    path("settings/push/", push.allow, name="push"),
    path("settings/push/here/", push.here, name="push_here"),
    path("settings/push/renew/", push.renew, name="push_renew"),
    path("settings/push/<slug:slug>/stop/", push.stop, name="push_stop"),
    path("stop/<str:token>/", settings.stop, name="stop"),
    path("returned/<slug:provider>/", hooks.told, name="returned"),
    path("not-sent/", delivery.dead_letters, name="dead_letters"),
    path("not-sent/account/again/", delivery.revive_errands, name="revive_errands"),
    path("not-sent/<slug:slug>/again/", delivery.revive, name="revive"),
    path("<slug:slug>/report/", delivery.report, name="report"),
    path("<slug:slug>/again/", delivery.again, name="again"),
]
