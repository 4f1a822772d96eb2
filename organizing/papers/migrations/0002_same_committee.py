"""A document hangs on an agenda of its own committee, and what stands in it is its committee's."""

from django.db import migrations

from committees.base.constraints import same_committee

PAPER = "papers_paper"


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("meetings", "0010_points_that_stay"), ("membership", "0002_same_committee")]

    operations = [
        same_committee(PAPER, "meeting_id", "meetings_meeting", name="a_paper_is_of_its_meetings_committee"),
        same_committee(PAPER, "point_id", "meetings_agendaitem", name="a_paper_hangs_on_a_point_of_its_committee"),
        same_committee(PAPER, "by_id", "membership_membership", name="only_the_host_hangs_papers"),
        same_committee("papers_content", "paper_id", PAPER, name="content_is_of_its_papers_committee"),
    ]
