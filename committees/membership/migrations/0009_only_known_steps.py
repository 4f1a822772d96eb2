from django.db import migrations

from committees.base.constraints import only_known_steps


class Migration(migrations.Migration):
    dependencies = [("membership", "0008_removed_addresses")]

    operations = [
        only_known_steps(
            "membership_application",
            "state",
            ("started", "pending"),
            ("started", "withdrawn"),
            ("started", "expired"),
            ("pending", "info_requested"),
            ("info_requested", "pending"),
            ("pending", "admitted"),
            ("info_requested", "admitted"),
            ("pending", "declined"),
            ("info_requested", "declined"),
            ("pending", "spam"),
            ("info_requested", "spam"),
            ("pending", "withdrawn"),
            ("info_requested", "withdrawn"),
            name="only_known_steps",
        ),
        only_known_steps(
            "membership_membership",
            "standing",
            ("probation", "member"),
            ("probation", "stepped_aside"),
            ("member", "stepped_aside"),
            ("probation", "inactive"),
            ("member", "inactive"),
            ("probation", "suspended"),
            ("member", "suspended"),
            ("inactive", "suspended"),
            ("suspended", "member"),
            ("inactive", "member"),
            ("suspended", "probation"),
            ("inactive", "probation"),
            ("probation", "left"),
            ("member", "left"),
            ("suspended", "left"),
            ("inactive", "left"),
            ("inactive", "lapsed"),
            ("probation", "removed"),
            ("member", "removed"),
            ("suspended", "removed"),
            ("inactive", "removed"),
            ("left", "removed"),
            ("stepped_aside", "removed"),
            ("lapsed", "removed"),
            ("left", "probation"),
            ("stepped_aside", "probation"),
            ("removed", "probation"),
            ("left", "member"),
            ("stepped_aside", "member"),
            ("removed", "member"),
            name="only_known_steps",
        ),
    ]
