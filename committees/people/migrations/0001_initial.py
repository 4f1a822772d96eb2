import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import committees.base.clock
import committees.base.fields
import committees.base.once
import committees.base.slugs
import committees.people.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Extensions come before any table of any room: search by likeness, without accents, and no two at once.
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "tallies",
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("sign_in_name", models.CharField(help_text="Generated; nobody chooses one, so none can be guessed at.", max_length=48, unique=True)),
                ("language", models.CharField(default="en", max_length=12)),
                ("time_zone", models.CharField(default="Europe/London", max_length=48, validators=[committees.base.clock.validate_zone])),
                ("is_active", models.BooleanField(default=True, help_text="False while hidden, disabled or erased.")),
                ("is_platform_admin", models.BooleanField(default=False)),
                ("second_step", models.BooleanField(default=False, help_text="Ask for a passkey after a password or a code as well.")),
                ("ledger_key", models.UUIDField(default=uuid.uuid4, editable=False, null=True, unique=True)),
                ("created_on", models.DateField(default=committees.people.models.today)),
                ("seen_on", models.DateField(blank=True, help_text="The day, never the time.", null=True)),
                ("hidden_on", models.DateField(blank=True, null=True)),
                ("disabled_on", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_active", False), models.Q(("disabled_on", None), ("erased_on", None), ("hidden_on", None)), _connector="OR"),
                        name="hidden_disabled_or_erased_is_not_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("erased_on", None), ("ledger_key", None), _connector="OR"), name="erasure_destroys_the_ledger_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("channel", models.CharField(choices=[("email", "Email"), ("phone", "Phone")], max_length=5)),
                ("address", committees.base.fields.SealedTextField(editable=True)),
                ("lookup", models.CharField(db_index=True, max_length=64)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("primary", models.BooleanField(default=False)),
                ("employers", models.BooleanField(default=False, help_text="At a domain of an employer: its notices are always neutral.")),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("stop_reason", models.CharField(blank=True, max_length=20)),
                ("met_at", models.DateTimeField(blank=True, help_text="When somebody last typed it; only for addresses of nobody.", null=True)),
                (
                    "person",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("verified_at__isnull", False)), fields=("channel", "lookup"), name="one_owner_per_address"),
                    models.UniqueConstraint(condition=models.Q(("person", None)), fields=("channel", "lookup"), name="one_passing_contact_per_address"),
                    models.UniqueConstraint(condition=models.Q(("primary", True)), fields=("person", "channel"), name="one_first_choice_per_channel"),
                    models.CheckConstraint(
                        condition=models.Q(("person", None), ("verified_at__isnull", False), _connector="OR"), name="an_owned_address_is_verified"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("person", None), _negated=True), models.Q(("primary", False), ("verified_at", None)), _connector="OR"),
                        name="a_passing_contact_is_nobodys",
                    ),
                    models.CheckConstraint(condition=models.Q(("person", None), ("met_at", None), _connector="OR"), name="nobody_notes_when_an_owner_came"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(default="en", max_length=12)),
                ("context", committees.base.fields.SealedJSONField(default=dict, editable=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("useful_until", models.DateTimeField()),
                ("contact", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="people.contact")),
            ],
            options={
                "indexes": [models.Index(fields=["contact", "created_at"], name="mails_of_a_contact")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_on", models.DateField(default=committees.people.models.today)),
                ("person", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="recovery_code", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("label", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("content", committees.base.fields.SealedJSONField(default=dict, editable=True)),
                ("started_on", models.DateField(default=committees.people.models.today)),
                ("ends_on", models.DateField(db_index=True)),
                (
                    "person",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
