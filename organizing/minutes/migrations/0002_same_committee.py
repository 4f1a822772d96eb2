"""What belongs to minutes belongs to the committee that met, and so does whoever writes, approves, objects and does something."""

from django.db import migrations

from committees.base.constraints import same_committee

MEMBER, MEETING, MINUTES = "membership_membership", "meetings_meeting", "minutes_minutes"


class Migration(migrations.Migration):
    dependencies = [("minutes", "0001_initial"), ("meetings", "0007_series_of_committees"), ("membership", "0001_initial")]

    operations = [
        same_committee("minutes_minutes", "meeting_id", MEETING, name="minutes_are_of_their_meetings_committee"),
        same_committee("minutes_minutes", "approved_in_id", MEETING, name="minutes_are_approved_at_its_own_meetings"),
        same_committee("minutes_minutes", "by_id", MEMBER, name="minutes_are_written_by_its_own_members"),
        same_committee("minutes_minutes", "approved_by_id", MEMBER, name="minutes_are_approved_by_its_own_members"),
        same_committee("minutes_taker", "meeting_id", MEETING, name="a_taker_is_of_their_meetings_committee"),
        same_committee("minutes_taker", "member_id", MEMBER, name="a_taker_is_one_of_its_own_members"),
        same_committee("minutes_taker", "named_by_id", MEMBER, name="a_taker_is_named_by_its_own_members"),
        same_committee("minutes_remark", "minutes_id", MINUTES, name="a_remark_is_of_its_minutes_committee"),
        same_committee("minutes_remark", "member_id", MEMBER, name="a_remark_is_made_by_its_own_members"),
        same_committee("minutes_item", "meeting_id", MEETING, name="an_item_to_do_is_of_its_meetings_committee"),
        same_committee("minutes_item", "minutes_id", MINUTES, name="an_item_to_do_is_of_its_minutes_committee"),
        same_committee("minutes_item", "owner_id", MEMBER, name="an_item_to_do_is_done_by_its_own_members"),
    ]
