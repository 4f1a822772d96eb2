from django.db import migrations

from committees.base.constraints import only_known_steps, same_committee

#: A delegate is sent with a mandate. Whoever held the bare role holds it no more.
END_BARE_ROLES = """
UPDATE membership_roleterm SET ends_at = greatest(begins_at, now())
WHERE role = 'delegate' AND (ends_at IS NULL OR ends_at > now())
"""
#: What was under way about it is not carried out.
DROP_BARE_ROLES = """
UPDATE jointly_jointact SET state = 'overtaken', ended_at = now()
WHERE role = 'delegate' AND deed IN ('role.give', 'role.end') AND state IN ('proposed', 'agreed')
"""


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_initial"), ("membership", "0013_inactive_and_suspended"), ("jointly", "0009_about_a_row")]

    operations = [
        same_committee("mandates_mandate", "delegate_id", "membership_membership", name="a_delegate_is_one_of_the_committee"),
        same_committee("mandates_mandate", "alternate_id", "membership_membership", name="an_alternate_is_one_of_the_committee"),
        same_committee("mandates_mandate", "before_id", "membership_membership", name="a_delegate_before_was_one_of_the_committee"),
        same_committee("mandates_mandate", "asked_by_id", "membership_membership", name="a_mandate_is_proposed_from_inside"),
        same_committee("mandates_mandate", "seat_id", "membership_membership", name="a_seat_is_in_the_wider_committee", committee_column="wider_id"),
        only_known_steps("mandates_mandate", "state", ("proposed", "running"), ("proposed", "off"), ("running", "ended"), name="only_known_steps"),
        migrations.RunSQL(END_BARE_ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(DROP_BARE_ROLES, migrations.RunSQL.noop),
    ]
