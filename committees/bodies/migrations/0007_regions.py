from typing import Any

from django.db import migrations, models

from committees.directory import places


def say_the_keys(apps: Any, schema_editor: Any) -> None:
    """What regions there are get the key by which they are compared."""
    Committee = apps.get_model("bodies", "Committee")
    for committee in Committee.objects.exclude(region=""):
        key = places.region_key(committee.region, committee.country)
        Committee.objects.filter(pk=committee.pk).update(region_key=key, region=committee.region if key else "")


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0006_merged_into"),
        ("directory", "0004_former_employers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="committee",
            name="one_listed_committee_per_region",
        ),
        migrations.AddField(
            model_name="committee",
            name="region_key",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AlterField(
            model_name="committee",
            name="region",
            field=models.CharField(blank=True, help_text="A region within the country; empty where it is for the whole country.", max_length=80),
        ),
        migrations.RunPython(say_the_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope", "region"), ("region", ""), _connector="OR"), name="only_a_regions_committee_has_a_region"
            ),
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("region", ""), ("region_key", "")),
                    models.Q(models.Q(("region", ""), _negated=True), models.Q(("region_key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_region_is_told_apart_by_its_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="committee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("scope", "region"), ("visibility", "listed"), models.Q(("life", "dissolved"), _negated=True)),
                fields=("country", "region_key"),
                name="one_listed_committee_per_region",
            ),
        ),
    ]
