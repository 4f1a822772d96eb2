"""Whoever decides, takes a case, flags or is limited does so in the committee that the row says."""

from django.db import migrations

from committees.base.constraints import same_committee

MEMBER, REVIEW, FLAG, SANCTION = "membership_membership", "moderation_review", "moderation_flag", "moderation_sanction"


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [
        same_committee(REVIEW, "claimed_by_id", MEMBER, name="a_case_is_taken_from_inside", committee_column="claimed_in_id"),
        same_committee(REVIEW, "decided_by_id", MEMBER, name="a_case_is_decided_from_inside", committee_column="decided_in_id"),
        same_committee(FLAG, "by_id", MEMBER, name="a_flag_comes_from_its_site", committee_column="site_id"),
        same_committee(FLAG, "review_id", REVIEW, name="a_flag_belongs_to_its_case"),
        same_committee(SANCTION, "membership_id", MEMBER, name="a_sanction_is_of_a_member_here"),
        same_committee(SANCTION, "by_id", MEMBER, name="a_sanction_is_decided_from_inside", committee_column="decided_in_id"),
        same_committee(SANCTION, "review_id", REVIEW, name="a_sanction_belongs_to_its_case"),
    ]
