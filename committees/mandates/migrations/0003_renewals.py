import django.db.models.deletion
from django.db import migrations, models

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0008_quorum"),
        ("mandates", "0002_same_committee"),
        ("membership", "0014_ready_questions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="mandate",
            name="a_mandate_is_in_a_known_state",
        ),
        migrations.AddField(
            model_name="mandate",
            name="renews",
            field=models.ForeignKey(
                blank=True,
                help_text="That of the same delegate which this one is to replace.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="mandates.mandate",
            ),
        ),
        migrations.AlterField(
            model_name="mandate",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("term", "Its term was over"),
                    ("back", "It was handed back, and there was no alternate"),
                    ("gone", "The delegate was not there any more, and there was no alternate"),
                    ("decided", "Two organizers ended it"),
                    ("parted", "The committees parted"),
                    ("united", "Two committees became one, and one delegate is enough"),
                    ("renewed", "It was renewed"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ending__in", ["", "term", "back", "gone", "decided", "parted", "united", "renewed"]),
                    ("state__in", ["proposed", "running", "ended", "off"]),
                ),
                name="a_mandate_is_in_a_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("renews", None), models.Q(("renews", models.F("id")), _negated=True), _connector="OR"), name="a_mandate_renews_another"
            ),
        ),
        same_committee("mandates_mandate", "renews_id", "mandates_mandate", name="a_committee_renews_its_own_mandates"),
    ]
