import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0002_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Committee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("workplace", "One workplace"),
                            ("employer", "One employer"),
                            ("industry", "One industry"),
                            ("region", "One region"),
                            ("alliance", "All committees"),
                        ],
                        max_length=12,
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list)),
                (
                    "life",
                    models.CharField(
                        choices=[("forming", "Forming"), ("active", "Active"), ("dormant", "Resting"), ("dissolved", "Dissolved")],
                        default="forming",
                        max_length=12,
                    ),
                ),
                ("visibility", models.CharField(choices=[("listed", "Listed"), ("link", "Reached by link only")], default="listed", max_length=8)),
                (
                    "founding_number",
                    models.PositiveSmallIntegerField(
                        default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)]
                    ),
                ),
                ("founded_at", models.DateTimeField()),
                (
                    "employer",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="committees", to="directory.employer"),
                ),
                (
                    "industry",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="committees", to="directory.industry"),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The wider committee whose organizers verify founders and take the queue over.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks_after",
                        to="bodies.committee",
                    ),
                ),
                (
                    "workplace",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="committees", to="directory.workplace"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workplace", "life"], name="committees_at_a_workplace")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope", "workplace"), ("workplace__isnull", False)),
                            models.Q(models.Q(("scope", "workplace"), _negated=True), ("workplace__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_workplace_committee_has_its_workplace",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("scope", "employer"), _negated=True), ("employer__isnull", False), _connector="OR"),
                        name="an_employer_committee_has_its_employer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("scope", "industry"), _negated=True), ("industry__isnull", False), _connector="OR"),
                        name="an_industry_committee_has_its_industry",
                    ),
                    models.CheckConstraint(condition=models.Q(("verified_by", models.F("id")), _negated=True), name="no_committee_verifies_itself"),
                    models.CheckConstraint(
                        condition=models.Q(("scope", "alliance"), ("verified_by__isnull", False), _connector="OR"), name="only_the_alliance_stands_alone"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("scope", "workplace"), ("visibility", "listed"), models.Q(("life", "dissolved"), _negated=True)),
                        fields=("workplace",),
                        name="one_listed_committee_per_workplace",
                        violation_error_message="Someone has started a committee here already. You can join it.",
                    ),
                    models.UniqueConstraint(condition=models.Q(("scope", "alliance")), fields=("scope",), name="one_alliance_per_server"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Charter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("language", models.CharField(default="en", max_length=12)),
                ("text", models.TextField(blank=True)),
                ("attestation", models.TextField(blank=True)),
                ("adopted_at", models.DateTimeField()),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="charters", to="bodies.committee")),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [models.UniqueConstraint(fields=("committee", "version"), name="one_charter_per_version")],
            },
        ),
        migrations.CreateModel(
            name="JoiningPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checks_needed", models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(3)])),
                ("probation_days", models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MaxValueValidator(90)])),
                ("reapply_days", models.PositiveSmallIntegerField(default=30)),
                ("shifts", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list)),
                ("questions", models.JSONField(default=list, help_text="The committee's own questions, in order.")),
                ("committee", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="policy", to="bodies.committee")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("checks_needed__lte", 3)), name="at_most_three_checks")],
            },
        ),
    ]
