from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "committees.people"
    label = "people"

    def ready(self) -> None:
        from committees.people import wiring

        wiring.connect()
