from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial"), ("membership", "0012_covers")]

    operations = [
        same_committee("support_grant", "asked_by_id", "membership_membership", name="help_is_asked_for_from_inside"),
        same_committee("support_look", "grant_id", "support_grant", name="a_look_is_into_what_was_granted_there"),
        same_committee("support_look", "visitor_id", "support_visitor", name="a_look_is_by_a_visitor_there"),
    ]
