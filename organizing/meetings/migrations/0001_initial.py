import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import committees.base.clock
import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0001_initial"),
        ("membership", "0002_same_committee"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                (
                    "state",
                    models.CharField(choices=[("draft", "Draft"), ("scheduled", "Scheduled"), ("cancelled", "Cancelled")], default="draft", max_length=10),
                ),
                ("subject", models.CharField(max_length=140)),
                ("chair", models.CharField(blank=True, max_length=60)),
                ("day", models.DateField(blank=True, null=True)),
                ("clock", models.TimeField(blank=True, null=True)),
                ("zone", models.CharField(max_length=48, validators=[committees.base.clock.validate_zone])),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=60, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(720)]
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "held",
                    models.CharField(
                        choices=[("online", "Online"), ("in_person", "In person"), ("both", "In person and online")], default="online", max_length=10
                    ),
                ),
                ("place", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("link", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("dial_in", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                (
                    "place_shown",
                    models.CharField(
                        choices=[
                            ("at_once", "At once, to every member"),
                            ("on_yes", "When someone says yes"),
                            ("day", "24 hours before, to those who said yes"),
                            ("hour", "1 hour before, to those who said yes"),
                            ("half_hour", "30 minutes before, to those who said yes"),
                        ],
                        default="on_yes",
                        max_length=10,
                    ),
                ),
                (
                    "link_shown",
                    models.CharField(
                        choices=[
                            ("at_once", "At once, to every member"),
                            ("on_yes", "When someone says yes"),
                            ("day", "24 hours before, to those who said yes"),
                            ("hour", "1 hour before, to those who said yes"),
                            ("half_hour", "30 minutes before, to those who said yes"),
                        ],
                        default="half_hour",
                        max_length=10,
                    ),
                ),
                ("probation_sees_place", models.BooleanField(default=False)),
                ("place_erased_at", models.DateTimeField(blank=True, null=True)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list)),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("told_version", models.PositiveIntegerField(default=0, help_text="How often people were told: the version of the latest notice.")),
                ("asking", models.PositiveIntegerField(default=1)),
                ("reminded_for", models.DateTimeField(blank=True, help_text="The start for which the reminder was given.", null=True)),
                ("changed_at", models.DateTimeField()),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="bodies.committee")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["committee", "ends_at"], name="meetings_of_a_committee"),
                    models.Index(condition=models.Q(("state", "scheduled")), fields=["starts_at"], name="scheduled_meetings"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "committee"), name="meeting_with_its_committee"),
                    models.CheckConstraint(condition=models.Q(("state__in", ["draft", "scheduled", "cancelled"])), name="a_meeting_is_in_a_known_state"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("clock__isnull", False), ("day__isnull", False), ("ends_at__isnull", False), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_draft_has_no_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("ends_at", None), ("starts_at", None)), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                        name="a_meeting_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("minutes__gte", 5), ("minutes__lte", 720)), name="a_meeting_lasts_minutes_to_hours"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state", "draft"), _negated=True), models.Q(("sequence", 0), ("told_version", 0)), _connector="OR"),
                        name="nobody_was_told_of_a_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choice", models.CharField(choices=[("yes", "Yes"), ("maybe", "Maybe"), ("no", "No")], max_length=5)),
                ("asking", models.PositiveIntegerField(help_text="Which asking of the meeting this answers.")),
                ("interpretation", models.CharField(blank=True, help_text="Into which language, or empty.", max_length=12)),
                ("child_care", models.BooleanField(default=False)),
                ("ride", models.BooleanField(default=False)),
                ("show_name", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="meetings.meeting")),
            ],
            options={
                "indexes": [models.Index(fields=["meeting", "asking", "choice"], name="answers_of_a_meeting")],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "membership"), name="one_answer_per_member"),
                    models.CheckConstraint(condition=models.Q(("choice__in", ["yes", "maybe", "no"])), name="an_answer_is_yes_maybe_or_no"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("subject", models.CharField(max_length=140)),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(720)])),
                ("presenter", models.CharField(blank=True, max_length=60)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("all", "Everyone invited"), ("members", "Members, not new members"), ("organizers", "Organizers only")],
                        default="all",
                        max_length=10,
                    ),
                ),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="agenda", to="meetings.meeting")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "position"), name="one_item_per_position"),
                    models.CheckConstraint(
                        condition=models.Q(("minutes", None), ("minutes__lte", 720), _connector="OR"), name="an_item_is_no_longer_than_a_meeting"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(choices=[("called", "Called"), ("moved", "Moved"), ("edited", "Changed"), ("cancelled", "Cancelled")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                ("why", committees.base.fields.SealedTextField(blank=True, editable=True, null=True)),
                ("started_at", models.DateTimeField(help_text="The start before a move.", null=True)),
                ("starts_at", models.DateTimeField(null=True)),
                ("place_changed", models.BooleanField(default=False)),
                ("asked_again", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Null where a clock change moved it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="membership.membership",
                    ),
                ),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="meetings.meeting")),
            ],
            options={
                "ordering": ["sequence"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "sequence"), name="one_change_per_sequence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "moved"), _negated=True), models.Q(("started_at__isnull", False), ("starts_at__isnull", False)), _connector="OR"
                        ),
                        name="a_move_has_both_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "moved"), ("by__isnull", False), _connector="OR"), name="only_clocks_move_a_meeting_by_themselves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                (
                    "titles",
                    models.CharField(
                        choices=[("neutral", "Only “Appointment”"), ("kind", "“Meeting”"), ("full", "The subject of the meeting")],
                        default="neutral",
                        max_length=8,
                    ),
                ),
                ("made_on", models.DateField(blank=True, null=True)),
                ("person", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="calendar_feed", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", None), ("made_on", None)), models.Q(("digest__isnull", False), ("made_on__isnull", False)), _connector="OR"
                        ),
                        name="an_address_has_its_day",
                    )
                ],
            },
        ),
    ]
