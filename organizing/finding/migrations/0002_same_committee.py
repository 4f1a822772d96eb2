"""What belongs to a poll belongs to its committee, and so does whoever began, ended or answered it, and the meeting that came of it."""

from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_initial"), ("membership", "0001_initial"), ("meetings", "0001_initial")]

    operations = [
        same_committee("finding_poll", "by_id", "membership_membership", name="a_poll_is_begun_by_its_own_members"),
        same_committee("finding_poll", "ended_by_id", "membership_membership", name="a_poll_is_ended_by_its_own_members"),
        same_committee("finding_poll", "taken_id", "finding_slot", name="the_taken_time_is_of_its_polls_committee"),
        same_committee("finding_poll", "meeting_id", "meetings_meeting", name="what_comes_of_a_poll_is_its_committees"),
        same_committee("finding_slot", "poll_id", "finding_poll", name="a_time_is_of_its_polls_committee"),
        same_committee("finding_reply", "slot_id", "finding_slot", name="a_word_is_of_its_times_committee"),
        same_committee("finding_reply", "membership_id", "membership_membership", name="a_poll_is_answered_by_its_own_members"),
    ]
