from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0001_initial"),
        ("directory", "0002_words"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scope", "employer"), ("visibility", "listed"), models.Q(("life", "dissolved"), _negated=True)),
                fields=("employer",),
                name="one_listed_committee_per_employer",
            ),
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scope", "industry"), ("visibility", "listed"), models.Q(("life", "dissolved"), _negated=True)),
                fields=("industry",),
                name="one_listed_committee_per_industry",
            ),
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scope", "region"), ("visibility", "listed"), models.Q(("life", "dissolved"), _negated=True)),
                fields=("country", "region"),
                name="one_listed_committee_per_region",
            ),
        ),
    ]
