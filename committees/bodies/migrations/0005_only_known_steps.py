from django.db import migrations

from committees.base.constraints import only_known_steps


class Migration(migrations.Migration):
    dependencies = [("bodies", "0004_resting")]

    operations = [
        only_known_steps(
            "bodies_committee",
            "life",
            ("forming", "active"),
            ("forming", "dissolved"),
            ("active", "dormant"),
            ("dormant", "active"),
            ("active", "dissolved"),
            ("dormant", "dissolved"),
            name="only_known_steps",
        ),
    ]
