from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "committees.base"
    label = "base"

    def ready(self) -> None:
        from committees.base import lookups  # noqa: F401  (registers them)
