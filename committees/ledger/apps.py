from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "committees.ledger"
    label = "ledger"
