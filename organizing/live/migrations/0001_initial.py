import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import committees.base.fields
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0008_quorum"),
        ("meetings", "0007_series_of_committees"),
        ("membership", "0014_ready_questions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gathering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", committees.base.fields.SealedTextField(editable=True, help_text="From which the code of each minute is worked out.", null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("takes_speakers", models.BooleanField(default=True, help_text="Whether one can ask to speak.")),
                (
                    "limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="For how many minutes one speaks.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                    ),
                ),
                ("people", models.PositiveIntegerField(blank=True, help_text="How many were here when it ended.", null=True)),
                ("entitled_here", models.PositiveIntegerField(blank=True, help_text="Of those, how many counted.", null=True)),
                ("entitled", models.PositiveIntegerField(blank=True, help_text="How many counted in all, and", null=True)),
                ("needed", models.PositiveIntegerField(blank=True, help_text="how many of those it needed.", null=True)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nobody where the clock ended it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="membership.membership",
                    ),
                ),
                ("meeting", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting")),
                (
                    "begun_by",
                    models.ForeignKey(
                        help_text="Nobody where it came from another server.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="membership.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("chair", "Chairs the meeting: who speaks and for how long"), ("steward", "Keeps the door: who is here and who is let in")],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
                ("gathering", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="live.gathering")),
            ],
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("asked_in", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("let_in", models.BooleanField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership"),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        help_text="Of whoever waits: the host or a guest.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
                ("gathering", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="knocks", to="live.gathering")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
            ],
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                (
                    "way",
                    models.CharField(choices=[("code", "By the code"), ("ticked", "Ticked by an organizer"), ("door", "Let in at the door")], max_length=8),
                ),
                ("came_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership")),
                (
                    "committee",
                    models.ForeignKey(
                        help_text="Of whoever came: the host or a guest.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
                ("gathering", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="presences", to="live.gathering")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("is_point", models.BooleanField(default=False, help_text="About the order of the meeting itself.")),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("gathering", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="live.gathering")),
                ("presence", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="live.presence")),
            ],
        ),
        migrations.AddIndex(
            model_name="gathering",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["began_at"], name="open_gatherings"),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.UniqueConstraint(fields=("id", "committee"), name="gathering_with_its_committee"),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("secret__isnull", True), _connector="XOR"), name="only_what_goes_on_has_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("entitled", None), ("entitled_here", None), ("needed", None), ("people", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("entitled__isnull", False),
                        ("entitled_here__isnull", False),
                        ("needed__isnull", False),
                        ("people__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_has_ended_was_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit", None), models.Q(("limit__gte", 1), ("limit__lte", 60)), _connector="OR"), name="a_turn_lasts_minutes"
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("began_at")), _connector="OR"), name="a_gathering_ends_after_it_was_opened"
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_by", None), ("ended_at__isnull", False), _connector="OR"), name="only_what_has_ended_was_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("gathering", "membership", "kind"), name="one_has_a_duty_once"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["chair", "steward"])), name="a_duty_is_to_chair_or_to_keep_the_door"),
        ),
        migrations.AddIndex(
            model_name="knock",
            index=models.Index(condition=models.Q(("let_in", None)), fields=["gathering", "asked_at"], name="who_waits_at_a_door"),
        ),
        migrations.AddConstraint(
            model_name="knock",
            constraint=models.UniqueConstraint(fields=("gathering", "membership"), name="one_stands_once_at_a_door"),
        ),
        migrations.AddConstraint(
            model_name="knock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("let_in", None)), models.Q(("answered_at__isnull", False), ("let_in__isnull", False)), _connector="OR"
                ),
                name="an_answer_at_the_door_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("gathering", "membership"), name="one_comes_once_to_a_meeting"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("id", "gathering"), name="presence_with_its_gathering"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(condition=models.Q(("way__in", ["code", "ticked", "door"])), name="one_comes_by_a_known_way"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_at", None), ("left_at__gte", models.F("came_at")), _connector="OR"), name="one_leaves_after_one_came"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("presence", "is_point"), name="one_asks_once_to_speak"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("began_at__isnull", False), ("ended_at", None)), fields=("gathering",), name="one_speaks_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("began_at", None), ("began_at__gte", models.F("asked_at")), _connector="OR"), name="one_speaks_after_one_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("asked_at")), _connector="OR"), name="a_turn_ends_after_it_was_asked_for"
            ),
        ),
    ]
