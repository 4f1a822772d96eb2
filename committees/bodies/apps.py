from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "committees.bodies"
    label = "bodies"

    def ready(self) -> None:
        from committees.bodies import wiring

        wiring.connect()
