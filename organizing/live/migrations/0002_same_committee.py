"""Whoever opens a meeting, leads it or keeps its door belongs to the host; whoever comes, to a committee that comes."""

from django.db import migrations

from committees.base.constraints import same_committee

MEMBER, HERE = "membership_membership", "live_gathering"

# As with answers to a meeting: whether a committee comes is asked when somebody does, and not of rows that are there.
COMES = """
CREATE FUNCTION live_came_from_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM live_gathering l JOIN meetings_meeting m ON m.id = l.meeting_id WHERE l.id = NEW.gathering_id AND (
        m.committee_id = NEW.committee_id
        OR EXISTS (SELECT 1 FROM meetings_guest g WHERE g.meeting_id = m.id AND g.invited_id = NEW.committee_id AND g.state = 'accepted')
    );
    IF NOT FOUND THEN
        RAISE EXCEPTION 'somebody comes to a meeting that is not open to them'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'whoever_comes_is_of_a_committee_that_comes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER whoever_comes_is_of_a_committee_that_comes BEFORE INSERT OR UPDATE OF gathering_id, committee_id ON live_presence
    FOR EACH ROW EXECUTE FUNCTION live_came_from_inside();
CREATE TRIGGER whoever_waits_is_of_a_committee_that_comes BEFORE INSERT OR UPDATE OF gathering_id, committee_id ON live_knock
    FOR EACH ROW EXECUTE FUNCTION live_came_from_inside();
"""
GO = """
DROP TRIGGER whoever_comes_is_of_a_committee_that_comes ON live_presence;
DROP TRIGGER whoever_waits_is_of_a_committee_that_comes ON live_knock;
DROP FUNCTION live_came_from_inside();
"""


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial"), ("meetings", "0004_guests_of_committees"), ("membership", "0002_same_committee")]

    operations = [
        same_committee(HERE, "meeting_id", "meetings_meeting", name="a_gathering_is_of_its_meetings_committee"),
        same_committee(HERE, "begun_by_id", MEMBER, name="only_the_host_opens"),
        same_committee(HERE, "ended_by_id", MEMBER, name="only_the_host_ends"),
        same_committee("live_presence", "membership_id", MEMBER, name="one_is_here_for_ones_committee"),
        same_committee("live_knock", "membership_id", MEMBER, name="one_waits_for_ones_committee"),
        same_committee("live_duty", "gathering_id", HERE, name="a_duty_is_of_its_meetings_committee"),
        same_committee("live_duty", "membership_id", MEMBER, name="only_the_host_has_duties"),
        same_committee("live_duty", "by_id", MEMBER, name="only_the_host_gives_duties"),
        same_committee(
            "live_turn", "presence_id", "live_presence", name="one_speaks_where_one_is", committee_column="gathering_id", to_committee_column="gathering_id"
        ),
        migrations.RunSQL(COMES, GO),
    ]
