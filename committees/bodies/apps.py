from django.apps import AppConfig


class BodiesConfig(AppConfig):
    name = "committees.bodies"
    label = "bodies"
