from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "organizing.live"
    label = "live"

    def ready(self) -> None:
        from organizing.live import wiring

        wiring.connect()
