import django.db.models.deletion
from django.db import migrations, models

import committees.base.slugs
from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0006_merged_into"),
        ("jointly", "0003_removal_closing_export"),
        ("membership", "0009_only_known_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Introduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", committees.base.slugs.SlugField(default=committees.base.slugs.new, editable=False, max_length=16, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="jointact",
            name="a_joint_act_is_of_a_known_kind",
        ),
        migrations.RemoveConstraint(
            model_name="jointact",
            name="a_joint_act_says_what_is_to_be_done",
        ),
        migrations.AlterField(
            model_name="jointact",
            name="deed",
            field=models.CharField(
                choices=[
                    ("role.give", "Give a role"),
                    ("role.end", "End a role"),
                    ("removal", "Remove a member"),
                    ("charter", "Change what the committee is for"),
                    ("closing", "Close the committee"),
                    ("export", "Take the list of members out"),
                    ("uniting", "Become one with another committee"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="introduction",
            name="by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.membership"),
        ),
        migrations.AddField(
            model_name="introduction",
            name="first",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"),
        ),
        migrations.AddField(
            model_name="introduction",
            name="second",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"),
        ),
        migrations.AddField(
            model_name="introduction",
            name="wider",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bodies.committee"),
        ),
        migrations.AddField(
            model_name="jointact",
            name="introduction",
            field=models.ForeignKey(
                blank=True,
                help_text="With whom the committee is to become one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts",
                to="jointly.introduction",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deed__in", ["role.give", "role.end", "removal", "charter", "closing", "export", "uniting"]),
                    ("state__in", ["proposed", "agreed", "done", "stopped", "dropped", "lapsed", "overtaken"]),
                ),
                name="a_joint_act_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deed", "charter"), ("member", None), ("role", ""), ("words__isnull", False)),
                    models.Q(("deed__in", ("closing", "export")), ("introduction", None), ("member", None), ("role", "")),
                    models.Q(("deed", "uniting"), ("introduction__isnull", False), ("member", None), ("role", "")),
                    models.Q(("deed", "removal"), ("member__isnull", False), ("role", "")),
                    models.Q(("deed__in", ("role.give", "role.end")), ("member__isnull", False), models.Q(("role", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_joint_act_says_what_is_to_be_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.CheckConstraint(condition=models.Q(("first__lt", models.F("second"))), name="an_introduction_is_of_two_in_one_order"),
        ),
        migrations.AddConstraint(
            model_name="introduction",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="two_groups_are_introduced_once"),
        ),
        same_committee("jointly_introduction", "by_id", "membership_membership", name="who_brings_together_looks_after_both", committee_column="wider_id"),
    ]
