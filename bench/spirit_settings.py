"""Settings of django-spirit, read by the Python that it is installed for: those it ships for production, on our PostgreSQL.

What differs from them serves speed alone: connections are kept, as ours are.
"""

import os
from pathlib import Path

from spirit.extra.project_template.project_name.settings.prod import *  # noqa: F403

_folder = Path(os.environ["SPIRIT_FOLDER"])

ROOT_URLCONF = "spirit.extra.project_template.project_name.urls"
WSGI_APPLICATION = "spirit.extra.project_template.project_name.wsgi.application"
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
ST_SITE_URL = "http://localhost/"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["SPIRIT_DATABASE"],
        "HOST": os.environ["SPIRIT_HOST"],
        "USER": os.environ["SPIRIT_USER"],
        "CONN_MAX_AGE": None,
    }
}
STATIC_ROOT = str(_folder / "static")
MEDIA_ROOT = str(_folder / "media")
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(_folder / "search")}}
LOGGING: dict[str, object] = {"version": 1, "disable_existing_loggers": True}
