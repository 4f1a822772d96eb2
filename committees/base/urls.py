from django.urls import path

from committees.base import views

app_name = "base"

urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("colours/", views.set_theme, name="set_theme"),
    path("leave/", views.quick_exit, name="quick_exit"),
    path("left/", views.left, name="left"),
    path("more/", views.more, name="more"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
    path("dev/components/", views.components, name="components"),
]
