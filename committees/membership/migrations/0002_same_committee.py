"""Offices, removals, checks and messages belong to one committee, and so do those who hold, decide and write them."""

from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]

    operations = [
        same_committee("membership_roleterm", "membership_id", "membership_membership", name="a_role_is_held_in_ones_own_committee"),
        same_committee("membership_removal", "membership_id", "membership_membership", name="a_removal_is_of_a_member_here"),
        same_committee("membership_removal", "proposed_by_id", "membership_membership", name="a_removal_is_proposed_from_inside"),
        same_committee("membership_removal", "confirmed_by_id", "membership_membership", name="a_removal_is_confirmed_from_inside"),
        same_committee("membership_application", "decided_by_id", "membership_membership", name="only_its_reviewers_decide", committee_column="reviewed_in_id"),
        same_committee(
            "membership_applicationmessage",
            "application_id",
            "membership_application",
            name="a_message_stays_with_its_reviewers",
            to_committee_column="reviewed_in_id",
        ),
        same_committee("membership_applicationmessage", "author_id", "membership_membership", name="only_its_reviewers_write"),
        same_committee(
            "membership_check", "application_id", "membership_application", name="a_check_stays_with_its_reviewers", to_committee_column="reviewed_in_id"
        ),
        same_committee("membership_check", "by_id", "membership_membership", name="only_its_reviewers_check"),
    ]
