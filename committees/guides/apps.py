from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "committees.guides"
    label = "guides"
