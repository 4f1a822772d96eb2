from django.apps import AppConfig


class ResettlingConfig(AppConfig):
    name = "committees.resettling"
    label = "resettling"

    def ready(self) -> None:
        from committees.resettling import wiring

        wiring.connect()
