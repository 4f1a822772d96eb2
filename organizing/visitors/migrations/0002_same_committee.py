"""Only the host opens its meeting to visitors."""

from django.db import migrations

from committees.base.constraints import same_committee

OPENING = "visitors_opening"


class Migration(migrations.Migration):
    dependencies = [("visitors", "0001_initial"), ("meetings", "0008_link_at_the_door"), ("membership", "0002_same_committee")]

    operations = [
        same_committee(OPENING, "meeting_id", "meetings_meeting", name="an_opening_is_of_its_meetings_committee"),
        same_committee(OPENING, "begun_by_id", "membership_membership", name="only_the_host_opens_to_visitors"),
    ]
