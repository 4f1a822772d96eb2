from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "organizing.minutes"
    label = "minutes"

    def ready(self) -> None:
        from organizing.minutes import wiring

        wiring.connect()
