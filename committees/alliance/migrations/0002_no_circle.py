"""Both sides of a tie are who they say they are, and committees never belong to each other in a circle."""

from django.db import migrations

from committees.base.constraints import same_committee

TIE, MEMBER = "alliance_affiliation", "membership_membership"

# Two ties that are each harmless can make a circle together. So whoever accepts one waits for whoever is accepting another
# (the number is the lock's name), and looks only then; a function sees what was committed while it waited.
NO_CIRCLE = """
CREATE FUNCTION alliance_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7266417);
    IF EXISTS (
        WITH RECURSIVE above (id) AS (
            SELECT NEW.wider_id
            UNION
            SELECT tie.wider_id FROM above JOIN alliance_affiliation tie ON tie.committee_id = above.id AND tie.state = 'accepted'
        )
        SELECT 1 FROM above WHERE id = NEW.committee_id
    ) THEN
        RAISE EXCEPTION 'committees would belong to each other in a circle'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'no_circle_of_affiliations';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_circle_of_affiliations BEFORE INSERT OR UPDATE OF state, committee_id, wider_id ON alliance_affiliation
    FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION alliance_no_circle();
"""
CIRCLE = "DROP TRIGGER no_circle_of_affiliations ON alliance_affiliation; DROP FUNCTION alliance_no_circle();"


class Migration(migrations.Migration):
    dependencies = [("alliance", "0001_initial"), ("membership", "0002_same_committee")]

    operations = [
        same_committee(TIE, "asked_by_id", MEMBER, name="a_committee_asks_for_itself"),
        same_committee(TIE, "answered_by_id", MEMBER, name="the_wider_committee_answers", committee_column="wider_id"),
        same_committee(TIE, "ended_by_id", MEMBER, name="a_tie_is_ended_from_inside", committee_column="ended_in_id"),
        migrations.RunSQL(NO_CIRCLE, CIRCLE),
    ]
