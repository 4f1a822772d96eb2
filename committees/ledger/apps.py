from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "committees.ledger"
    label = "ledger"

    def ready(self) -> None:
        from committees.base import retention
        from committees.ledger import commands
        from committees.people import registry

        registry.write_down(commands.record)
        retention.keep(
            "ledger.Entry",
            "actor",
            "about",
            "verb",
            "at",
            "detail",
            days=365,
            after="the act",
            why="Members can see what was done in their name and that nobody rewrote it. The actor is a key that erasing the person destroys; "
            "after a year a signed checkpoint stands in for the entries.",
            purge=commands.prune_all,
        )
