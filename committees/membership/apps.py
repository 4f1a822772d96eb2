from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "committees.membership"
    label = "membership"
