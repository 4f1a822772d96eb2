from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DirectoryConfig(AppConfig):
    name = "committees.directory"
    label = "directory"

    def ready(self) -> None:
        from committees.base import retention
        from committees.directory import industries

        # Django's own signal, not one of ours: it also runs after a test empties the tables.
        post_migrate.connect(industries.after_migrate, sender=self, dispatch_uid="directory.industries")
        retention.keep(
            "directory.Workplace",
            "proposed_by",
            days=None,
            after="proposed",
            why="Until an admin answers the proposal; the same act forgets who made it. Erasing the account forgets it too.",
        )
