"""Who invites and who answers belongs to the committee for which they do; whoever answers a meeting, to one that it is open to."""

from django.db import migrations

from committees.base.constraints import same_committee

GUEST, MEMBER = "meetings_guest", "membership_membership"

# An answer is its giver's committee's own. Whether that committee comes to the meeting is asked when the answer is written, and
# not of answers that are there: one that no longer comes leaves them behind, where nobody sees or counts them.
OPEN_TO = """
CREATE FUNCTION meetings_answered_from_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM meetings_meeting m WHERE m.id = NEW.meeting_id AND (
        m.committee_id = NEW.committee_id
        OR EXISTS (SELECT 1 FROM meetings_guest g WHERE g.meeting_id = m.id AND g.invited_id = NEW.committee_id AND g.state = 'accepted')
    );
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an answer to a meeting that is not open to its giver'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'an_answer_is_of_a_committee_that_comes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_answer_is_of_a_committee_that_comes BEFORE INSERT OR UPDATE OF meeting_id, committee_id ON meetings_answer
    FOR EACH ROW EXECUTE FUNCTION meetings_answered_from_inside();
"""
CLOSED = "DROP TRIGGER an_answer_is_of_a_committee_that_comes ON meetings_answer; DROP FUNCTION meetings_answered_from_inside();"
OF_ITS_MEETING = same_committee("meetings_answer", "meeting_id", "meetings_meeting", name="an_answer_is_of_its_meetings_committee")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_guest"), ("membership", "0002_same_committee")]

    operations = [
        same_committee(GUEST, "meeting_id", "meetings_meeting", name="an_invitation_is_of_its_meetings_committee"),
        same_committee(GUEST, "asked_by_id", MEMBER, name="only_the_host_invites"),
        same_committee(GUEST, "answered_by_id", MEMBER, name="only_the_invited_answer", committee_column="invited_id"),
        migrations.RunSQL(OF_ITS_MEETING.reverse_sql, OF_ITS_MEETING.sql),
        migrations.RunSQL(OPEN_TO, CLOSED),
    ]
