"""Settings and addresses of a Django that has nothing but an empty view."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY = secrets.token_hex(32)
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.bare"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


empty.door = "public"  # type: ignore[attr-defined]
urlpatterns = [path("empty/", empty)]
