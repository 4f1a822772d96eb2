"""A meeting is in a series of its own committee, which one of its members began."""

from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_series")]

    operations = [
        same_committee("meetings_meeting", "series_id", "meetings_series", name="a_meeting_is_in_a_series_of_its_committee"),
        same_committee("meetings_series", "by_id", "membership_membership", name="a_series_is_begun_by_its_own_members"),
    ]
