from django.urls import path

from organizing.home import views

app_name = "home"

urlpatterns = [
    path("", views.front, name="front"),
    path("today/", views.today, name="today"),
    path("keeping/", views.keeping, name="keeping"),
    path("help/", views.how, name="how"),
    path("help/safety/", views.safety, name="safety"),
    path("help/privacy/", views.privacy, name="privacy"),
    path("help/accessibility/", views.accessibility, name="accessibility"),
    path("health/", views.health, name="health"),
]
