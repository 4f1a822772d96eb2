from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "organizing.finding"
    label = "finding"

    def ready(self) -> None:
        from organizing.finding import wiring

        wiring.connect()
