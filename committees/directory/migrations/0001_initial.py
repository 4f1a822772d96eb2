import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import committees.base.clock
import committees.base.once
import committees.base.slugs
import committees.directory.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Industry",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("section", models.CharField(max_length=1)),
                ("names", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name_plural": "industries",
                "ordering": ["section", "code"],
            },
        ),
        migrations.CreateModel(
            name="Employer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("domains", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list)),
                (
                    "industry",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="employers", to="directory.industry"),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["domains"], name="employers_by_domain")],
                "constraints": [
                    models.UniqueConstraint(fields=("name_key",), name="one_employer_per_name"),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="an_employer_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("text", models.CharField(db_collation="C", max_length=41, primary_key=True, serialize=False)),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["text"], name="words_by_likeness", opclasses=["gin_trgm_ops"])],
            },
        ),
        migrations.CreateModel(
            name="Workplace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("name", models.CharField(help_text="What people call the site; the town where a list gives no name.", max_length=200)),
                ("code", models.CharField(blank=True, max_length=24)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warehouse", "Warehouse"),
                            ("plant", "Factory or plant"),
                            ("hospital", "Hospital or care"),
                            ("school", "School or university"),
                            ("depot", "Depot or transport"),
                            ("post", "Post and parcels"),
                            ("port", "Port or airport"),
                            ("mine", "Mine or quarry"),
                            ("shop", "Shop, hotel or restaurant"),
                            ("office", "Office"),
                            ("remote", "Remote team"),
                            ("other", "Another kind of place"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300)),
                ("postcode", models.CharField(blank=True, max_length=16)),
                ("city", models.CharField(blank=True, max_length=120)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("country", models.CharField(max_length=2, validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")])),
                ("latitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ("zone", models.CharField(max_length=48, validators=[committees.base.clock.validate_zone])),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list)),
                (
                    "headcount_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("under-50", "Fewer than 50 people"),
                            ("50-249", "50 to 249 people"),
                            ("250-999", "250 to 999 people"),
                            ("1000-4999", "1,000 to 4,999 people"),
                            ("5000", "5,000 people or more"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Waiting to be listed"), ("listed", "Listed"), ("closed", "Closed")], default="listed", max_length=8
                    ),
                ),
                ("code_key", models.CharField(blank=True, editable=False, max_length=24)),
                ("name_key", models.CharField(blank=True, editable=False, max_length=200)),
                ("place_key", models.CharField(editable=False, max_length=200)),
                ("words", committees.directory.fields.WordsField(blank=True, default=list, editable=False)),
                ("employer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="workplaces", to="directory.employer")),
                (
                    "proposed_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="sites_by_word"),
                    models.Index(fields=["country", "place_key", "id"], name="sites_of_a_country"),
                    models.Index(fields=["place_key", "id"], name="sites_by_town"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("code_key", ""), _negated=True), models.Q(("state", "proposed"), _negated=True)),
                        fields=("employer", "code_key"),
                        name="one_site_code_per_employer",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code_key", ""), models.Q(("state", "proposed"), _negated=True)),
                        fields=("employer", "name_key", "place_key"),
                        name="one_site_per_name_and_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("proposed_by", "employer", "code_key", "name_key", "place_key"),
                        name="one_proposal_per_person_and_site",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "proposed"), ("proposed_by__isnull", True), _connector="OR"), name="a_listed_site_forgets_who_proposed_it"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_site_has_a_name"),
                    models.CheckConstraint(condition=models.Q(("zone", ""), _negated=True), name="a_site_has_a_clock"),
                    models.CheckConstraint(condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="a_country_has_two_letters"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__isnull", False), ("latitude__range", (-90, 90)), ("longitude__isnull", False), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="a_position_lies_on_the_globe",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_key", models.CharField(db_index=True, editable=False, max_length=200)),
                (
                    "employer",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="directory.employer"),
                ),
                (
                    "workplace",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="directory.workplace"),
                ),
            ],
            options={
                "verbose_name_plural": "aliases",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("employer__isnull", True), ("workplace__isnull", True), _connector="XOR"), name="an_alias_names_one_thing"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("employer__isnull", False)), fields=("employer", "name"), name="an_employers_alias_stands_once"
                    ),
                    models.UniqueConstraint(condition=models.Q(("workplace__isnull", False)), fields=("workplace", "name"), name="a_sites_alias_stands_once"),
                ],
            },
        ),
    ]
