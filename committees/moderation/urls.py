from django.urls import path

from committees.moderation.views import deciding, flagging, queue, reading

app_name = "moderation"

urlpatterns = [
    path("review/", queue.queue, name="queue"),
    path("review/together/", queue.together, name="together"),
    path("review/cases/<slug:slug>/", deciding.case, name="case"),
    path("flag/<str:matter>/<slug:slug>/", flagging.flag, name="flag"),
    path("flag/<str:matter>/<slug:slug>/take-up/", flagging.take_up, name="take_up"),
    path("decisions/", reading.mine, name="mine"),
    path("decisions/<slug:slug>/", reading.decision, name="decision"),
    path("committees/<slug:committee_slug>/log/moderation/", reading.log, name="log"),
    path("help/rules/", reading.rules, name="rules"),
]
