import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0005_only_known_steps"),
        ("directory", "0004_former_employers"),
    ]

    operations = [
        migrations.AddField(
            model_name="committee",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                help_text="The committee with which it became one, and in which its members are now.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="bodies.committee",
            ),
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("life", "dissolved"), models.Q(("merged_into", models.F("id")), _negated=True)), _connector="OR"
                ),
                name="what_became_part_of_another_is_no_more",
            ),
        ),
    ]
