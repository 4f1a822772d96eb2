from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "organizing.papers"
    label = "papers"

    def ready(self) -> None:
        from organizing.papers import wiring

        wiring.connect()
