import django.db.models.deletion
from django.db import migrations, models

import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                ("slug", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("workplace", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="former_addresses", to="directory.workplace")),
            ],
            options={
                "verbose_name_plural": "former addresses",
            },
        ),
        migrations.CreateModel(
            name="WorkplaceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("name", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("content", committees.base.fields.SealedBytesField(editable=True, null=True)),
                (
                    "outline",
                    committees.base.fields.SealedJSONField(
                        default=dict, editable=True, help_text="Headings, the first rows, and what the columns are likely to be."
                    ),
                ),
                ("columns", models.JSONField(default=dict, help_text="Field → number of the column, or null.")),
                ("country", models.CharField(blank=True, help_text="Of rows that name none.", max_length=2)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("new", "Columns to be chosen"),
                            ("checking", "Being read"),
                            ("checked", "Waits for your word"),
                            ("taking", "Being taken in"),
                            ("done", "Taken in"),
                            ("failed", "Could not be read"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(blank=True, help_text="Rows in all, once it was read to its end.", null=True)),
                ("counts", models.JSONField(default=dict)),
                ("examples", committees.base.fields.SealedJSONField(default=dict, editable=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, help_text="Since it last got further.")),
                ("holder", models.UUIDField(blank=True, editable=False, null=True)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("handed_in_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-handed_in_at", "slug"], name="lists_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage", "done"), ("stage", "failed"), ("content__isnull", False), _connector="OR"),
                        name="a_list_keeps_its_file_while_it_is_needed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_key", models.CharField(blank=True, max_length=24)),
                ("name_key", models.CharField(blank=True, max_length=200)),
                ("place_key", models.CharField(max_length=200)),
                ("employer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.employer")),
                ("workplace", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="former_identities", to="directory.workplace")),
            ],
            options={
                "verbose_name_plural": "former identities",
                "constraints": [models.UniqueConstraint(fields=("employer", "code_key", "name_key", "place_key"), name="one_site_per_former_identity")],
            },
        ),
        migrations.CreateModel(
            name="ListPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_row", models.PositiveIntegerField()),
                ("met", models.BinaryField(help_text="Digests of the sites met in this batch.")),
                (
                    "employers",
                    committees.base.fields.SealedJSONField(
                        default=dict, editable=True, help_text="Other names and domains of employers, given when the list ends."
                    ),
                ),
                ("unusable", committees.base.fields.SealedJSONField(default=list, editable=True, help_text="Row, why, cells.")),
                ("workplace_list", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="directory.workplacelist")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("workplace_list", "last_row"), name="one_part_per_batch")],
            },
        ),
    ]
