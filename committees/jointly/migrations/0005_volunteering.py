from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0006_merged_into"),
        ("jointly", "0004_uniting"),
        ("membership", "0010_moves"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="jointact",
            name="nobody_acts_on_themself",
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
                    models.Q(("asks_wider", True), ("deed", "role.give"), ("role", "organizer")),
                    _connector="OR",
                ),
                name="nobody_acts_on_themself",
            ),
        ),
    ]
