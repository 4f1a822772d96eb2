from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "committees.support"
    label = "support"

    def ready(self) -> None:
        from committees.support import wiring

        wiring.connect()
