from django.apps import AppConfig


class AllianceConfig(AppConfig):
    name = "committees.alliance"
    label = "alliance"

    def ready(self) -> None:
        from committees.alliance import wiring

        wiring.connect()
