from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "committees.asking"
    label = "asking"

    def ready(self) -> None:
        from committees.asking import wiring

        wiring.connect()
