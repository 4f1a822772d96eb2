from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "organizing.home"
    label = "home"
