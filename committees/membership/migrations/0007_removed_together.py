from typing import Any

from django.db import migrations, models


def keep_who_acted_for_the_employer(apps: Any, _editor: Any) -> None:
    """Whoever was removed for that keeps it on their place. A removal that was only proposed has to be proposed anew."""
    removal = apps.get_model("membership", "Removal").objects.filter(for_employer=True, confirmed_by__isnull=False)
    apps.get_model("membership", "Membership").objects.filter(pk__in=removal.values("membership")).update(removed_for_employer=True)


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0006_revouching"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="removed_for_employer",
            field=models.BooleanField(default=False, help_text="They were removed because they act for the employer."),
        ),
        migrations.AlterField(
            model_name="application",
            name="decline_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_confirmed", "We could not confirm that you work there."),
                    ("other_committee", "Another committee is the right one for your workplace."),
                    ("management", "The committee is only for people who do not manage others."),
                    ("no_answer", "We asked a question and had no answer."),
                    ("closed", "The committee is closed."),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(keep_who_acted_for_the_employer, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="Removal",
        ),
    ]
