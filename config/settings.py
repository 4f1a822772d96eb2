"""One settings module, driven by the environment. docs/running.md lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import bounces, secrets
from config.env import PRODUCTION, ROOT, VAR, env
from config.services import paths

# -- What this server is ------------------------------------------------------------------
SITE_NAME: str = env("SITE_NAME", default="Rank & File")
SITE_URL: str = env("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}").rstrip("/")
DEMO: bool = env.bool("DEMO", default=not PRODUCTION)
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = secrets.secret_key()
FIELD_KEYS = secrets.field_keys()
VAPID_PRIVATE_KEY: str = secrets.vapid_key()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
#: Where the source of this server can be had (AGPL-3.0 §13): a link at the end of each page where it is set.
SOURCE_URL: str = env("SOURCE_URL", default="")
NEUTRAL_EXIT_URL: str = env("NEUTRAL_EXIT_URL", default="https://www.wikipedia.org/")

secrets.refuse_in_production(debug=DEBUG, demo=DEMO, site_url=SITE_URL)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Rooms, lowest first (docs/architecture.md) ----------------------------------------------
COMMITTEES = [
    "base",
    "people",
    "ledger",
    "guides",
    "notices",
    "directory",
    "bodies",
    "membership",
    "asking",
    "support",
    "jointly",
    "resettling",
    "alliance",
    "mandates",
    "moderation",
]
ORGANIZING = ["meetings", "finding", "minutes", "papers", "live", "visitors", "circulars", "forum", "growth", "home"]
INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # the widget templates that committees.base.forms.Renderer builds on
    *(f"committees.{room}" for room in COMMITTEES),
    *(f"organizing.{room}" for room in ORGANIZING),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "config.services",  # no room: it brings the commands up, doctor, mailsink and reset
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "committees.base.middleware.Headers",
    "committees.people.middleware.Sessions",
    "committees.people.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "committees.people.middleware.PersonalSettings",
    "committees.base.doors.ClosedByDefault",
    "committees.base.again.OnceMore",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

FORM_RENDERER = "committees.base.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "committees.base.context.site",
                "organizing.home.context.navigation",
            ],
            "builtins": ["committees.base.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# -- Services: the embedded ones under VAR unless addresses are given --------------------------
EMBEDDED = paths.embedded()
DATABASES = {
    "default": env.db_url_config(env("DATABASE_URL")) if env("DATABASE_URL", default="") else paths.database(),
}
DATABASES["default"].update(CONN_MAX_AGE=0, ATOMIC_REQUESTS=False)
# What the address itself asks for (?sslmode=require) stays.
_options = DATABASES["default"].setdefault("OPTIONS", {})
if env.bool("DATABASE_POOLED", default=True):
    _options["pool"] = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 10}
# Statements that PostgreSQL keeps planned (committees.base.prepared). A pooler between that hands each transaction another
# connection may not know them: PgBouncer does from 1.21 on, where max_prepared_statements is set.
DATABASE_PREPARED: bool = env.bool("DATABASE_PREPARED", default=True)
if DATABASE_PREPARED:
    _options["prepare_threshold"] = 1
REDIS_URL: str = env("REDIS_URL", default="") or paths.redis_url(db=1)
CACHES = {
    "default": {
        "BACKEND": "committees.base.softcache.SoftRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        "TIMEOUT": 300,
    }
}

CELERY_BROKER_URL: str = env("CELERY_BROKER_URL", default="") or paths.broker_url()

# -- Mail: one alias for notices, one for account mail (they share a server by default) ---------
MAIL_URL: str = env("MAIL_URL", default="") or paths.mail_url()
MAIL_FROM: str = env("MAIL_FROM", default=f"{SITE_NAME} <notices@{urlsplit(SITE_URL).hostname or 'localhost'}>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
_mail = urlsplit(MAIL_URL)
_mailer = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": _mail.hostname or "localhost",
        "port": _mail.port or 25,
        "username": unquote(_mail.username or ""),
        "password": unquote(_mail.password or ""),
        "use_tls": _mail.scheme == "smtp+tls",
        "use_ssl": _mail.scheme == "smtps",
        # Without one a mail server that never answers holds a worker for good.
        "timeout": env.int("MAIL_TIMEOUT", default=10),
    },
}
MAILERS = {"default": _mailer, "notices": _mailer}
#: Where mails come back to: an address with a * for what names each mail (docs/returned-mail.md); and the mailbox that it leads to.
BOUNCE_ADDRESS: str = bounces.address(env("BOUNCE_ADDRESS", default=""))
BOUNCE_MAILBOX: str = bounces.mailbox(env("BOUNCE_MAILBOX", default=""))
#: A provider that tells by a web hook what became of our mails, and by what it is let in (docs/returned-mail.md).
MAIL_PROVIDER, ANYMAIL = bounces.provider(
    env("MAIL_PROVIDER", default=""), secret=env("MAIL_PROVIDER_SECRET", default=""), key=env("MAIL_PROVIDER_KEY", default="")
)
#: Connections to the mail server at once, over all processes; mails a minute, and mails a minute to any one domain (0: no limit of ours).
MAIL_CONNECTIONS: int = env.int("MAIL_CONNECTIONS", default=4)
MAIL_PER_MINUTE: int = env.int("MAIL_PER_MINUTE", default=0)
MAIL_PER_DOMAIN: int = env.int("MAIL_PER_DOMAIN", default=0)
#: Web push: to which services messages may go (`*.` names all below it, `*` every public host), how long one may take, how many at once.
PUSH_HOSTS: list[str] = env.list("PUSH_HOSTS", default=["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"])
PUSH_TIMEOUT: float = env.float("PUSH_TIMEOUT", default=5)
PUSH_CONNECTIONS: int = env.int("PUSH_CONNECTIONS", default=2)
#: Where a test plays the push service; no setting of a server.
PUSH_TEST_ORIGIN: str = ""
#: The outbox (docs/decisions/0003-outbox.md): mails in a batch, how long a worker may hold one, the first wait before a
#: mail is tried again, and how long a mail server that refuses us is left alone.
NOTICES_BATCH: int = env.int("NOTICES_BATCH", default=100)
NOTICES_LEASE_SECONDS: float = env.float("NOTICES_LEASE_SECONDS", default=60)
NOTICES_RETRY_SECONDS: float = env.float("NOTICES_RETRY_SECONDS", default=60)
NOTICES_REST_SECONDS: float = env.float("NOTICES_REST_SECONDS", default=10)

# -- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
from committees.people.conf import *  # noqa: E402,F403  allauth's settings live in the room that touches allauth

# -- Language and time ------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, Any]] = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [ROOT / "locale"]
#: Where `translations compile --invented` puts the two languages of the tests (committees/base/catalogs.py).
INVENTED_LOCALES = VAR / "locale"
if env.bool("INVENTED_LANGUAGES", default=False):
    LANGUAGES += [("en-xa", "Ƥšéûðö"), ("ar", "العربية")]
    LOCALE_PATHS.append(INVENTED_LOCALES)

# -- Static ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "media"}},
    "staticfiles": {"BACKEND": "committees.base.sheets.JoiningStorage" if not DEBUG else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# -- Safety: HTTP ---------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
_https = SITE_URL.startswith("https://")
# no-referrer makes Chromium send "Origin: null" and Django refuse every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = _https and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 63072000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "committees.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if _https else "language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 3
FILE_UPLOAD_HANDLERS = ["committees.base.uploads.InMemoryUpToALimit"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "committees.base.views.csrf_failure"

# -- Logs: to standard error, no address, agent or body in them --------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "committees.base.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING"), "propagate": False},
        # Paths in Django's request log carry slugs: a log is not a place for who was where.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
LOCAL_TEMP: Path = VAR / "tmp"

# -- Backups: where they lie, and the public keys that they are sealed to (docs/deploying.md) --------------
BACKUP_FOLDER: str = env("BACKUP_FOLDER", default="")
BACKUP_RECIPIENTS: str = env("BACKUP_RECIPIENTS", default="")

# -- Figures of the domain that a server may change ------------------------------------------------------
FOUNDING_NUMBER: int = env.int("FOUNDING_NUMBER", default=3)
#: Standings whose holders may know that a committee exists (membership.roles.THAT_SEE; bodies stands below membership).
STANDINGS_THAT_SEE = ("probation", "member", "inactive")

# The Celery app reads these settings when it is first used; a task declared in a room belongs to it from then on.
from config.celery import app as celery_app  # noqa: E402,F401
