"""Who asks, who has taken it and who answers belong to the committee whose organizers were asked."""

from django.db import migrations

from committees.base.constraints import same_committee

MEMBER = {"to_table": "membership_membership", "committee_column": "answered_in_id"}


class Migration(migrations.Migration):
    dependencies = [("asking", "0001_initial"), ("membership", "0013_inactive_and_suspended")]

    operations = [
        same_committee("asking_question", "member_id", name="one_asks_ones_own_organizers_by_name", **MEMBER),
        same_committee("asking_question", "taken_by_id", name="only_those_who_were_asked_take_a_question", **MEMBER),
        same_committee("asking_message", "author_id", name="only_those_who_were_asked_answer", **MEMBER),
        same_committee(
            "asking_message",
            "question_id",
            "asking_question",
            name="an_answer_stands_where_it_was_asked",
            committee_column="answered_in_id",
            to_committee_column="answered_in_id",
        ),
    ]
