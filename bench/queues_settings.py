"""Settings of django-post-office and django-mailer, read by the Python that they are installed for.

As they ship, but for what serves speed: connections are kept, and a batch is as large as a thousand.
"""

import os

SECRET_KEY = os.environ["SECRET_KEY"]
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office", "mailer"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["QUEUES_DATABASE"],
        "HOST": os.environ["QUEUES_HOST"],
        "USER": os.environ["QUEUES_USER"],
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_HOST, EMAIL_PORT = os.environ["QUEUES_MAIL_HOST"], int(os.environ["QUEUES_MAIL_PORT"])
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAILER_EMAIL_BACKEND = SMTP
MAILER_USE_FILE_LOCK = False
POST_OFFICE = {"BACKENDS": {"default": SMTP}, "BATCH_SIZE": 1000, "CELERY_ENABLED": False}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
LOGGING: dict[str, object] = {"version": 1, "disable_existing_loggers": True}
