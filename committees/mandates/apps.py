from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "committees.mandates"
    label = "mandates"

    def ready(self) -> None:
        from committees.mandates import wiring

        wiring.connect()
