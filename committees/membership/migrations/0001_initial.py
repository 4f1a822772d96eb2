import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("handle", models.CharField(max_length=40)),
                ("handle_key", models.CharField(help_text="What the handle looks like (text.skeleton).", max_length=80)),
                ("shift", models.CharField(blank=True, max_length=60)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("probation", "New member"),
                            ("member", "Member"),
                            ("suspended", "Suspended"),
                            ("stepped_aside", "Stepped aside"),
                            ("inactive", "Inactive"),
                            ("lapsed", "Lapsed"),
                            ("left", "Left"),
                            ("removed", "Removed"),
                        ],
                        default="probation",
                        max_length=14,
                    ),
                ),
                ("is_founder", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("probation_until", models.DateTimeField(blank=True, null=True)),
                ("attested_version", models.PositiveIntegerField(default=1)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="bodies.committee")),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="memberships", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "standing"], name="memberships_of_a_person"),
                    models.Index(fields=["committee", "standing"], name="members_of_a_committee"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("committee", "handle_key"),
                        name="one_handle_per_committee",
                        violation_error_message="Someone here already uses this name or one that looks like it.",
                    ),
                    models.UniqueConstraint(
                        fields=("committee", "person"), name="one_membership_per_person", violation_error_message="You already belong to this committee."
                    ),
                    models.UniqueConstraint(fields=("id", "committee"), name="membership_with_its_committee"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("standing", "probation"), _negated=True), ("probation_until__isnull", False), _connector="OR"),
                        name="probation_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("founding", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Not sent yet"),
                            ("pending", "With the organizers"),
                            ("info_requested", "Waiting for your answer"),
                            ("admitted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("spam", "Spam"),
                        ],
                        default="started",
                        max_length=14,
                    ),
                ),
                ("shift", models.CharField(blank=True, max_length=60)),
                ("handle", models.CharField(blank=True, max_length=40)),
                ("why", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                (
                    "answers",
                    committees.base.fields.SealedJSONField(default=list, editable=True, help_text="The committee's questions as they were, with the answers."),
                ),
                ("attested_version", models.PositiveIntegerField(blank=True, null=True)),
                ("started_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decline_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_confirmed", "We could not confirm that you work there."),
                            ("other_committee", "Another committee is the right one for your workplace."),
                            ("management", "The committee is only for people who do not manage others."),
                            ("no_answer", "We asked a question and had no answer."),
                        ],
                        max_length=20,
                    ),
                ),
                ("reply_note", committees.base.fields.SealedTextField(blank=True, default="", editable=True)),
                ("nudged_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0, help_text="How often a one-time code was typed that is none.")),
                ("erased_at", models.DateTimeField(blank=True, help_text="When the answers were erased.", null=True)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="applications", to="bodies.committee")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="applications", to=settings.AUTH_USER_MODEL)),
                (
                    "reviewed_in",
                    models.ForeignKey(
                        help_text="Whose reviewers answer.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state__in", ["info_requested", "pending"])), fields=["reviewed_in", "sent_at"], name="the_queue"),
                    models.Index(condition=models.Q(("state", "started")), fields=["started_at"], name="applications_not_sent"),
                    models.Index(condition=models.Q(("erased_at", None)), fields=["ended_at"], name="applications_to_forget"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["info_requested", "pending", "started"])),
                        fields=("committee", "person"),
                        name="one_open_application",
                        violation_error_message="Your application is already with the organizers.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["admitted", "declined", "spam"]), _negated=True), ("decided_by__isnull", False), _connector="OR"
                        ),
                        name="a_decision_has_its_decider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["info_requested", "pending"]), _negated=True),
                            models.Q(("sent_at__isnull", False), ("attested_version__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_is_sent_is_attested",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["info_requested", "pending", "started"]), ("ended_at__isnull", False), _connector="OR"),
                        name="an_end_has_its_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("founding", True), ("state__in", ["info_requested", "pending", "started"])),
                        fields=("person",),
                        name="one_open_founding_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Not sent yet"),
                            ("pending", "With the organizers"),
                            ("info_requested", "Waiting for your answer"),
                            ("admitted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("spam", "Spam"),
                        ],
                        max_length=14,
                    ),
                ),
                ("part", models.CharField(choices=[("applicant", "You"), ("reviewer", "A reviewer"), ("platform", "The platform")], max_length=10)),
                ("at", models.DateTimeField()),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="events", to="membership.application")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("vouch", "Knows them from work"), ("talk", "Talked with them"), ("code", "Gave them a code in person")], max_length=8
                    ),
                ),
                ("at", models.DateTimeField()),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="membership.application")),
                (
                    "committee",
                    models.ForeignKey(
                        help_text="The committee of the one who checked.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
            ],
            options={
                "indexes": [models.Index(fields=["by", "at"], name="checks_of_a_member")],
                "constraints": [models.UniqueConstraint(fields=("application", "by"), name="one_check_by_one_member")],
            },
        ),
        migrations.CreateModel(
            name="ApplicationMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("internal", models.BooleanField(default=False)),
                ("text", committees.base.fields.SealedTextField(editable=True)),
                ("language", models.CharField(default="en", max_length=12)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("at", models.DateTimeField()),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="membership.application")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        help_text="The reviewer; null where the applicant wrote.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="membership.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("internal", False), ("author__isnull", False), _connector="OR"), name="only_reviewers_write_notes"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="recusals", to="membership.application")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("application", "by"), name="one_recusal_by_one_reviewer")],
            },
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("reason", committees.base.fields.SealedTextField(editable=True)),
                ("proposed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, help_text="When the reason was erased.", null=True)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                (
                    "confirmed_by",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
                ),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="removals", to="membership.membership")),
                ("proposed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by__isnull", True), models.Q(("confirmed_by", models.F("proposed_by")), _negated=True), _connector="OR"),
                        name="a_removal_needs_two",
                    ),
                    models.CheckConstraint(condition=models.Q(("membership", models.F("proposed_by")), _negated=True), name="nobody_removes_themself"),
                    models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("membership",), name="one_open_removal"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReservedHandle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reserved_handles", to="membership.membership")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("committee", "key"), name="one_member_per_reserved_handle")],
            },
        ),
        migrations.CreateModel(
            name="RoleTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[("organizer", "Organizer"), ("moderator", "Moderator"), ("delegate", "Delegate")], max_length=12)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("interim", models.BooleanField(default=False, help_text="Given while forming, until an election.")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="membership.membership")),
            ],
            options={
                "indexes": [models.Index(fields=["committee", "role"], name="roles_of_a_committee")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__isnull", True), ("ends_at__gte", models.F("begins_at")), _connector="OR"),
                        name="a_term_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(condition=models.Q(("ends_at__isnull", True)), fields=("membership", "role"), name="one_open_term_per_role"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VouchCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="membership.membership")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
            ],
            options={
                "indexes": [models.Index(fields=["by", "made_at"], name="codes_of_a_member")],
            },
        ),
    ]
