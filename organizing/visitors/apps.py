from django.apps import AppConfig


class VisitorsConfig(AppConfig):
    name = "organizing.visitors"
    label = "visitors"

    def ready(self) -> None:
        from organizing.visitors import wiring

        wiring.connect()
