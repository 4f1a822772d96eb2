from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "committees.moderation"
    label = "moderation"

    def ready(self) -> None:
        from committees.moderation import wiring

        wiring.connect()
