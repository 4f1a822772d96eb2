from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "organizing.meetings"
    label = "meetings"

    def ready(self) -> None:
        from organizing.meetings import wiring

        wiring.connect()
