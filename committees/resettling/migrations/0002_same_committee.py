from django.db import migrations

from committees.base.constraints import same_committee

MEMBER = "membership_membership"


class Migration(migrations.Migration):
    dependencies = [("resettling", "0001_initial"), ("membership", "0002_same_committee")]

    operations = [
        same_committee("resettling_seat", "membership_id", MEMBER, name="a_place_is_in_its_committee"),
        same_committee("resettling_arrival", "answered_by_id", MEMBER, name="who_was_asked_answers", committee_column="asked_id"),
    ]
