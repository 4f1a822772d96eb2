from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "committees.notices"
    label = "notices"

    def ready(self) -> None:
        from committees.notices import wiring

        wiring.connect()
