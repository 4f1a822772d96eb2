from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DirectoryConfig(AppConfig):
    name = "committees.directory"
    label = "directory"

    def ready(self) -> None:
        from committees.directory import industries, wiring

        wiring.connect()
        # Django's own signal, not one of ours: it also runs after a test empties the tables.
        post_migrate.connect(industries.after_migrate, sender=self, dispatch_uid="directory.industries")
