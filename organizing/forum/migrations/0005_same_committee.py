from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("forum", "0004_reports"), ("mandates", "0002_same_committee")]

    operations = [same_committee("forum_topic", "mandate_id", "mandates_mandate", name="a_report_is_of_a_mandate_of_that_committee")]
