from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "committees.membership"
    label = "membership"

    def ready(self) -> None:
        from committees.membership import wiring

        wiring.connect()
