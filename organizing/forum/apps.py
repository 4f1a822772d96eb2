from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "organizing.forum"
    label = "forum"

    def ready(self) -> None:
        from organizing.forum import wiring

        wiring.connect()
