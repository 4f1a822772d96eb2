from django.apps import AppConfig


class GrowthConfig(AppConfig):
    name = "organizing.growth"
    label = "growth"

    def ready(self) -> None:
        from organizing.growth import wiring

        wiring.connect()
