import django.db.models.deletion
from django.db import migrations, models

import committees.base.slugs


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0002_one_wider_committee"),
        ("meetings", "0002_same_committee"),
        ("membership", "0002_same_committee"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Invited"), ("accepted", "Comes"), ("declined", "Does not come"), ("withdrawn", "Taken back")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(help_text="The host.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("invited", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="guests", to="meetings.meeting")),
            ],
            options={
                "indexes": [models.Index(fields=["invited", "state"], name="invitations_of_a_committee")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "accepted", "declined", "withdrawn"])), name="an_invitation_is_in_a_known_state"
                    ),
                    models.CheckConstraint(condition=models.Q(("committee", models.F("invited")), _negated=True), name="nobody_is_their_own_guest"),
                    models.UniqueConstraint(fields=("meeting", "invited"), name="one_invitation_per_committee"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_invitation_is_answered_by_somebody",
                    ),
                ],
            },
        ),
    ]
