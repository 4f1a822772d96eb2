from django.apps import AppConfig


class Services(AppConfig):
    """No room: an app only so that `up`, `doctor`, `mailsink` and `reset` are found as commands."""

    name = "config.services"
    label = "services"
