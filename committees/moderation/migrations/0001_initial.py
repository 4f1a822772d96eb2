import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0002_one_wider_committee"),
        ("membership", "0002_same_committee"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("matter", models.CharField(max_length=60)),
                ("row_id", models.BigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first_posts", "First post"),
                            ("probation", "By a new member"),
                            ("links", "Many links"),
                            ("twice", "The same text twice"),
                            ("board", "Everything is looked at here"),
                            ("changed", "Changed as asked"),
                            ("flags", "Flagged"),
                            ("moderator", "Taken up by a moderator"),
                        ],
                        max_length=12,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=12)),
                ("crosses_sites", models.BooleanField(default=False)),
                ("begun_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits"), ("decided", "Decided"), ("dropped", "Taken back by its author")], default="open", max_length=8
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, help_text="Counts up when a decision is taken back.")),
                ("hidden_at", models.DateTimeField(blank=True, help_text="Since when flags alone keep it hidden.", null=True)),
                ("hidden_until", models.DateTimeField(blank=True, help_text="When it comes back unless somebody decides.", null=True)),
                ("came_back_at", models.DateTimeField(blank=True, help_text="When it came back, because nobody had decided.", null=True)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "act",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "Shown"),
                            ("keep", "Kept"),
                            ("send_back", "Sent back to be changed"),
                            ("hide", "Hidden"),
                            ("remove", "Removed"),
                            ("restore", "Shown again"),
                            ("lock", "Closed for answers"),
                            ("unlock", "Open for answers again"),
                            ("move", "Moved to another part of the forum"),
                            ("silence", "May not write for some days"),
                            ("suspend", "Suspended for some days"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("rule", models.CharField(blank=True, default="", max_length=20)),
                ("text", committees.base.fields.SealedTextField(blank=True, default="", editable=True, help_text="What the author is told.")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, help_text="When what was written about it was erased.", null=True)),
                (
                    "author",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership"),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership"),
                ),
                ("claimed_in", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                (
                    "committee",
                    models.ForeignKey(
                        help_text="Whose moderators answer.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
                ("decided_in", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                (
                    "passed_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose moderators may answer too.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="bodies.committee",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["committee", "begun_at"], name="open_reviews_of_a_committee"),
                    models.Index(condition=models.Q(("state", "open")), fields=["passed_to", "begun_at"], name="open_reviews_passed_on"),
                    models.Index(fields=["matter", "row_id"], name="reviews_of_a_row"),
                    models.Index(fields=["author", "decided_at"], name="reviews_of_an_author"),
                    models.Index(fields=["committee", "decided_at"], name="decisions_of_a_committee"),
                    models.Index(
                        condition=models.Q(("hidden_until__isnull", False), ("state", "open")), fields=["hidden_until"], name="reviews_hidden_for_a_while"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("matter", "row_id"), name="one_open_review"),
                    models.UniqueConstraint(fields=("id", "committee"), name="review_with_its_committee"),
                    models.CheckConstraint(condition=models.Q(("state__in", ["open", "decided", "dropped"])), name="a_review_is_in_a_known_state"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            models.Q(
                                ("act__in", ["approve", "keep", "send_back", "hide", "remove", "restore", "lock", "unlock", "move", "silence", "suspend"]),
                                ("decided_by__isnull", False),
                                ("decided_in__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_review_is_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_at__isnull", False), _connector="OR"), name="a_closed_review_has_its_time"
                    ),
                    models.CheckConstraint(condition=models.Q(("state", "decided"), ("act", ""), _connector="OR"), name="only_a_decision_has_an_act"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act__in", ["hide", "lock", "move", "remove", "send_back", "silence", "suspend"]), _negated=True),
                            models.Q(("rule", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="what_is_against_somebody_names_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), ("author", None), models.Q(("decided_by", models.F("author")), _negated=True), _connector="OR"
                        ),
                        name="nobody_decides_about_their_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_in", None), ("decided_in", models.F("committee")), ("decided_in", models.F("passed_to")), _connector="OR"),
                        name="only_those_who_answer_decide",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed_in", None), ("claimed_in", models.F("committee")), ("claimed_in", models.F("passed_to")), _connector="OR"),
                        name="only_those_who_answer_take_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed_by", None), models.Q(("claimed_in__isnull", False), ("claimed_until__isnull", False)), _connector="OR"),
                        name="a_case_is_taken_for_a_while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hidden_until", None), ("hidden_at__isnull", False), _connector="OR"), name="what_comes_back_was_hidden"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("matter", models.CharField(max_length=60)),
                ("row_id", models.BigIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("doxxing", "It gives away who somebody is"),
                            ("agent", "Somebody acts for the employer"),
                            ("threat", "It threatens somebody"),
                            ("discrimination", "It puts people down for who they are"),
                            ("spam", "It is an advertisement or junk"),
                            ("off_topic", "It belongs somewhere else"),
                            ("other", "Something else"),
                        ],
                        max_length=14,
                    ),
                ),
                ("note", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("weight", models.DecimalField(decimal_places=2, help_text="What it weighed when it was given.", max_digits=4)),
                ("upheld", models.BooleanField(blank=True, help_text="Whether a moderator agreed; null until one has looked.", null=True)),
                ("at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, help_text="When the note was erased.", null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("review", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="moderation.review")),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["by", "-at"], name="flags_of_a_member")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("matter", "row_id", "by"), name="one_flag_by_one_member", violation_error_message="You have flagged this already."
                    ),
                    models.CheckConstraint(condition=models.Q(("weight__gt", 0), ("weight__lte", 3)), name="a_flag_weighs_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("kind", models.CharField(choices=[("silence", "May not write"), ("suspend", "Suspended")], max_length=8)),
                ("rule", models.CharField(max_length=20)),
                ("text", committees.base.fields.SealedTextField(blank=True, default="", editable=True, help_text="What the member is told.")),
                ("begins_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, help_text="When a moderator ended it early.", null=True)),
                ("ended_at", models.DateTimeField(blank=True, help_text="When it was over, for whatever reason.", null=True)),
                ("erased_at", models.DateTimeField(blank=True, help_text="When the text was erased.", null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("decided_in", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="sanctions", to="membership.membership")),
                ("review", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sanctions", to="moderation.review")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("ended_at", None)), fields=["until"], name="sanctions_that_run")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("membership", "kind"), name="one_running_sanction_of_a_kind"),
                    models.CheckConstraint(condition=models.Q(("until__gt", models.F("begins_at"))), name="a_sanction_ends_after_it_begins"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "silence"), _negated=True),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(models.F("begins_at"), "+", models.Value(datetime.timedelta(days=7))),
                            ),
                            _connector="OR",
                        ),
                        name="no_silence_longer_than_allowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "suspend"), _negated=True),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(models.F("begins_at"), "+", models.Value(datetime.timedelta(days=14))),
                            ),
                            _connector="OR",
                        ),
                        name="no_suspend_longer_than_allowed",
                    ),
                    models.CheckConstraint(condition=models.Q(("by", models.F("membership")), _negated=True), name="nobody_sanctions_themself"),
                    models.CheckConstraint(
                        condition=models.Q(("lifted_at", None), ("ended_at__isnull", False), _connector="OR"), name="what_is_lifted_is_over"
                    ),
                    models.CheckConstraint(condition=models.Q(("rule", ""), _negated=True), name="a_sanction_names_its_rule"),
                ],
            },
        ),
    ]
