import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import committees.base.fields
import committees.base.once
import committees.base.slugs


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bodies", "0002_one_wider_committee"),
        ("membership", "0002_same_committee"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("committee", "Members of one committee"),
                            ("strategy", "Members of one committee, past their first weeks"),
                            ("shared", "Members of all committees that belong to a wider one"),
                            ("public", "Anyone"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("open", "Everyone writes"),
                            ("reviewed", "A moderator looks at each post first"),
                            ("announcements", "Organizers write, everyone reads"),
                        ],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="Empty: the site's own name for it, in each reader's language.", max_length=80)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list)),
                ("begun_at", models.DateTimeField()),
                ("topics", models.PositiveIntegerField(default=0)),
                ("posts", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="boards", to="bodies.committee")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["committee", "audience"], name="boards_of_a_committee"),
                    models.Index(
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("audience", "public"), ("last_at__isnull", False)),
                        name="liveliest_public_boards",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "committee"), name="board_with_its_committee"),
                    models.UniqueConstraint(fields=("id", "audience"), name="board_with_its_audience"),
                    models.CheckConstraint(condition=models.Q(("audience__in", ["committee", "strategy", "shared", "public"])), name="a_board_is_for_somebody"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("committee", "Members of one committee"),
                            ("strategy", "Members of one committee, past their first weeks"),
                            ("shared", "Members of all committees that belong to a wider one"),
                            ("public", "Anyone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("title_gone", models.BooleanField(default=False, help_text="Its first post was hidden, removed or taken back, and the title with it.")),
                ("language", models.CharField(max_length=12)),
                ("state", models.CharField(choices=[("open", "Open"), ("locked", "Closed")], default="open", max_length=6)),
                ("pinned", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("last_position", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("board", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="forum.board")),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("started_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership")),
                (
                    "started_in",
                    models.ForeignKey(
                        help_text="The committee of whoever began it.", on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("board"),
                        models.OrderBy(models.F("pinned"), descending=True),
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("last_position__gt", 0)),
                        name="topics_of_a_board",
                    ),
                    models.Index(
                        models.F("board"),
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("last_position__gt", 0)),
                        name="latest_topics_of_a_board",
                    ),
                    models.Index(
                        models.OrderBy(models.F("last_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("audience", "public"), ("last_position__gt", 0)),
                        name="latest_public_topics",
                    ),
                    models.Index(fields=["started_by", "-started_at"], name="topics_of_a_member"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "committee"), name="topic_with_its_committee"),
                    models.UniqueConstraint(fields=("id", "audience"), name="topic_with_its_audience"),
                    models.CheckConstraint(
                        condition=models.Q(("last_position", 0), ("last_at__isnull", False), _connector="XOR"), name="a_topic_with_posts_has_a_last_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience__in", ["committee", "strategy"]), _negated=True), ("started_in", models.F("committee")), _connector="OR"
                        ),
                        name="an_inner_topic_is_begun_by_its_own_members",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("form_key", committees.base.once.OnceKeyField(editable=False, null=True, unique=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("committee", "Members of one committee"),
                            ("strategy", "Members of one committee, past their first weeks"),
                            ("shared", "Members of all committees that belong to a wider one"),
                            ("public", "Anyone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveIntegerField(blank=True, help_text="Its place in the topic, given when it is first visible.", null=True)),
                ("shown_as", models.CharField(choices=[("site", "My workplace"), ("industry", "My industry and country only")], default="site", max_length=8)),
                ("language", models.CharField(max_length=12)),
                ("source", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Sent back to you"),
                            ("queued", "Waiting for a moderator"),
                            ("visible", "Visible"),
                            ("hidden_by_flags", "Hidden because members flagged it"),
                            ("hidden_by_moderator", "Hidden by a moderator"),
                            ("removed", "Removed by a moderator"),
                            ("withdrawn", "Taken back by its author"),
                        ],
                        max_length=20,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("edited_at", models.DateTimeField(blank=True, help_text="When it was changed visibly: later than a day after it was written.", null=True)),
                ("ended_at", models.DateTimeField(blank=True, help_text="When it was removed or taken back.", null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ("committee", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee")),
                ("membership", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership")),
                ("reply_to", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="replies", to="forum.post")),
                (
                    "written_in",
                    models.ForeignKey(
                        help_text="The committee under whose name it was written.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="bodies.committee",
                    ),
                ),
                ("topic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="forum.topic")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["membership", "-written_at"], name="posts_of_a_member"),
                    models.Index(
                        condition=models.Q(("state", "draft"), ("state", "queued"), _connector="OR"), fields=["topic", "membership"], name="posts_that_wait"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="posts_by_word"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "position"), name="one_post_per_position"),
                    models.UniqueConstraint(fields=("id", "topic"), name="post_with_its_topic"),
                    models.CheckConstraint(condition=models.Q(("position", None), ("position__gt", 0), _connector="OR"), name="positions_begin_with_one"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "queued", "withdrawn"]), ("position__isnull", False), _connector="OR"),
                        name="what_was_visible_keeps_its_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position", None), ("published_at__isnull", False), _connector="OR"), name="a_place_is_given_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience__in", ["committee", "strategy"]), _negated=True), ("written_in", models.F("committee")), _connector="OR"
                        ),
                        name="an_inner_post_is_written_by_its_own_members",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True), models.Q(("html", ""), ("source", ""), ("words", None)), _connector="OR"
                        ),
                        name="nothing_is_left_of_what_was_taken_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=12)),
                ("source", models.TextField()),
                ("until", models.DateTimeField()),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="forum.post")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "version"), name="one_row_per_version_of_a_post")],
            },
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("topic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="forum.topic")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "topic"), name="one_mark_per_reader_and_topic")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", committees.base.fields.SealedTextField(blank=True, editable=True)),
                ("text", committees.base.fields.SealedTextField(blank=True, editable=True)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("changed_at", models.DateTimeField()),
                ("board", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="forum.board")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("topic", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="forum.topic")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("topic", None), ("board", None), _connector="XOR"), name="a_draft_is_for_a_topic_or_a_board"),
                    models.UniqueConstraint(fields=("person", "topic"), name="one_draft_per_topic"),
                    models.UniqueConstraint(fields=("person", "board"), name="one_draft_per_board"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12)),
                ("of_version", models.PositiveIntegerField(help_text="Which version of the post it translates; older than the post's own: outdated.")),
                ("source", models.TextField()),
                ("html", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("membership", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="membership.membership")),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="translations", to="forum.post")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "language"), name="one_translation_per_language")],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(choices=[("watch", "Tell me"), ("mute", "Tell me nothing")], max_length=5)),
                ("board", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="forum.board")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("topic", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="forum.topic")),
            ],
            options={
                "verbose_name_plural": "watches",
                "indexes": [
                    models.Index(fields=["topic", "level"], name="who_watches_a_topic"),
                    models.Index(fields=["board", "level"], name="who_watches_a_board"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("topic", None), ("board", None), _connector="XOR"), name="a_watch_is_on_a_topic_or_a_board"),
                    models.UniqueConstraint(fields=("person", "topic"), name="one_watch_per_topic"),
                    models.UniqueConstraint(fields=("person", "board"), name="one_watch_per_board"),
                    models.CheckConstraint(condition=models.Q(("level__in", ["watch", "mute"])), name="one_watches_or_mutes"),
                ],
            },
        ),
    ]
