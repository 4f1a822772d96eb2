import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0004_resting"),
        ("jointly", "0002_same_committee"),
        ("membership", "0008_removed_addresses"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="jointact",
            name="a_joint_act_is_of_a_known_kind",
        ),
        migrations.RemoveConstraint(
            model_name="jointact",
            name="nobody_gives_themself_a_role",
        ),
        migrations.RemoveConstraint(
            model_name="jointact",
            name="a_joint_act_says_what_is_to_be_done",
        ),
        migrations.RemoveConstraint(
            model_name="jointact",
            name="one_open_act_about_the_charter",
        ),
        migrations.AddField(
            model_name="jointact",
            name="for_employer",
            field=models.BooleanField(default=False, help_text="Who is to go acts for the employer: whom they vouched for is asked about anew."),
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
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="jointact",
            name="member",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose role it is, or who is to go.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="membership.membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deed__in", ["role.give", "role.end", "removal", "charter", "closing", "export"]),
                    ("state__in", ["proposed", "agreed", "done", "stopped", "dropped", "lapsed", "overtaken"]),
                ),
                name="a_joint_act_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("member", None),
                    models.Q(
                        models.Q(("member", models.F("proposed_by")), _negated=True),
                        models.Q(("agreed_by", None), models.Q(("member", models.F("agreed_by")), _negated=True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="nobody_acts_on_themself",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deed", "charter"), ("member", None), ("role", ""), ("words__isnull", False)),
                    models.Q(("deed__in", ("closing", "export")), ("member", None), ("role", "")),
                    models.Q(("deed", "removal"), ("member__isnull", False), ("role", "")),
                    models.Q(("deed__in", ("role.give", "role.end")), ("member__isnull", False), models.Q(("role", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_joint_act_says_what_is_to_be_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.CheckConstraint(
                condition=models.Q(("for_employer", False), ("deed", "removal"), _connector="OR"), name="who_acts_for_the_employer_is_removed"
            ),
        ),
        migrations.AddConstraint(
            model_name="jointact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member", None), ("state__in", ["agreed", "proposed"])),
                fields=("committee", "deed"),
                name="one_open_act_of_a_kind_about_a_committee",
            ),
        ),
    ]
