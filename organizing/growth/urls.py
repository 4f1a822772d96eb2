from django.urls import path

from organizing.growth import views

app_name = "growth"

urlpatterns = [path("committees/<slug:committee_slug>/growth/", views.growth, name="growth")]
