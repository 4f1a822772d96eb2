"""What belongs to a meeting belongs to its committee, and so does whoever answers or changes it."""

from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("membership", "0001_initial")]

    operations = [
        same_committee("meetings_agendaitem", "meeting_id", "meetings_meeting", name="an_item_is_of_its_meetings_committee"),
        same_committee("meetings_meetingchange", "meeting_id", "meetings_meeting", name="a_change_is_of_its_meetings_committee"),
        same_committee("meetings_meetingchange", "by_id", "membership_membership", name="a_meeting_is_changed_by_its_own_members"),
        same_committee("meetings_answer", "meeting_id", "meetings_meeting", name="an_answer_is_of_its_meetings_committee"),
        same_committee("meetings_answer", "membership_id", "membership_membership", name="a_meeting_is_answered_by_its_own_members"),
    ]
