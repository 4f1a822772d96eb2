"""Whoever writes to a committee belongs to it."""

from django.db import migrations

from committees.base.constraints import same_committee


class Migration(migrations.Migration):
    dependencies = [("circulars", "0001_initial"), ("membership", "0002_same_committee")]

    operations = [same_committee("circulars_circular", "by_id", "membership_membership", name="a_message_is_sent_by_its_own_members")]
