"""A link can be given at the door of a meeting alone (organizing/live)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0008_quorum"),
        ("meetings", "0007_series_of_committees"),
    ]

    operations = [
        migrations.AlterField(
            model_name="meeting",
            name="link_shown",
            field=models.CharField(
                choices=[
                    ("at_once", "At once, to every member"),
                    ("on_yes", "When someone says yes"),
                    ("day", "24 hours before, to those who said yes"),
                    ("hour", "1 hour before, to those who said yes"),
                    ("half_hour", "30 minutes before, to those who said yes"),
                    ("at_door", "Only at the door: a steward lets each person in"),
                ],
                default="half_hour",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="place_shown",
            field=models.CharField(
                choices=[
                    ("at_once", "At once, to every member"),
                    ("on_yes", "When someone says yes"),
                    ("day", "24 hours before, to those who said yes"),
                    ("hour", "1 hour before, to those who said yes"),
                    ("half_hour", "30 minutes before, to those who said yes"),
                    ("at_door", "Only at the door: a steward lets each person in"),
                ],
                default="on_yes",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(condition=models.Q(("place_shown", "at_door"), _negated=True), name="only_a_link_is_given_at_the_door"),
        ),
    ]
