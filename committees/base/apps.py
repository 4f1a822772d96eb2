from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "committees.base"
    label = "base"
