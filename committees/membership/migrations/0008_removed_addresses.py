import django.db.models.deletion
from django.db import migrations, models

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0004_resting"),
        ("membership", "0007_removed_together"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="removed_addresses", to="membership.membership")),
            ],
            options={
                "indexes": [models.Index(fields=["committee", "mark"], name="marks_of_a_committee")],
                "constraints": [models.UniqueConstraint(fields=("membership", "mark"), name="one_mark_per_removed_address")],
            },
        ),
        same_committee("membership_removedaddress", "membership_id", "membership_membership", name="a_mark_is_of_a_member_here"),
    ]
