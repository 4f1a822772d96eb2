import django.db.models.deletion
from django.db import migrations, models

import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0001_initial"),
        ("membership", "0002_same_committee"),
    ]

    operations = [
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("requested", "Asked"), ("accepted", "Together"), ("declined", "Declined"), ("withdrawn", "Taken back"), ("ended", "Ended")],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("why", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("reason", committees.base.fields.SealedTextField(blank=True, default="", editable=True, help_text="Why it was declined or ended.")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, help_text="When what was written about it was erased.", null=True)),
                (
                    "answered_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="affiliations", to="bodies.committee")),
                (
                    "ended_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
                (
                    "ended_in",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which side ended it.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="bodies.committee",
                    ),
                ),
                ("wider", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="affiliated", to="bodies.committee")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["wider", "state"], name="ties_of_a_wider_committee"),
                    models.Index(fields=["committee", "state"], name="ties_of_a_committee"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("committee", models.F("wider")), _negated=True), name="no_committee_belongs_to_itself"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["requested", "accepted", "declined", "withdrawn", "ended"])), name="a_tie_is_in_a_known_state"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["accepted", "requested"])),
                        fields=("committee", "wider"),
                        name="one_open_tie",
                        violation_error_message="You have asked them already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_answer_has_its_giver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["accepted", "requested"]), ("ended_at__isnull", False), _connector="OR"),
                        name="an_ended_tie_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("answered_by__isnull", False), ("ended_by__isnull", False), ("ended_in__isnull", False)),
                            _connector="OR",
                        ),
                        name="somebody_ended_the_tie",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_in", None), ("ended_in", models.F("committee")), ("ended_in", models.F("wider")), _connector="OR"),
                        name="one_of_both_sides_ends_it",
                    ),
                ],
            },
        ),
    ]
