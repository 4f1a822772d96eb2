"""Only those of allauth's pages that we use, each behind a door; what is not listed here does not exist."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
