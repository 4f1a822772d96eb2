from django.apps import AppConfig


class JointlyConfig(AppConfig):
    name = "committees.jointly"
    label = "jointly"

    def ready(self) -> None:
        from committees.jointly import wiring

        wiring.connect()
