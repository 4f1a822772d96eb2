import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0009_only_known_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shown", models.BooleanField(default=False, help_text="Whether reviewers may see that they were confirmed there.")),
                (
                    "leaving",
                    models.CharField(
                        choices=[("accepted", "When I am accepted there"), ("now", "When I send my application"), ("never", "I keep both")],
                        default="accepted",
                        max_length=8,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                ("application", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="move", to="membership.application")),
                ("came_from", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("leaving__in", ["accepted", "now", "never"])), name="a_move_says_when_one_leaves")],
            },
        ),
    ]
