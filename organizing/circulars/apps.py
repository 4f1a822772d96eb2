from django.apps import AppConfig


class CircularsConfig(AppConfig):
    name = "organizing.circulars"
    label = "circulars"

    def ready(self) -> None:
        from organizing.circulars import wiring

        wiring.connect()
