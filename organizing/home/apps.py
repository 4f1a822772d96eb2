from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "organizing.home"
    label = "home"

    def ready(self) -> None:
        from organizing.home import wiring

        wiring.connect()
