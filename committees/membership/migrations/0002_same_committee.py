"""Offices, removals, checks and messages belong to one committee, and so do those who hold, decide and write them."""

from django.db import migrations

from committees.base.constraints import same_committee

MEMBER = "membership_membership"

# Where the wider committee has taken an application over, what was said and checked before stays with those who said it.
# So this is asked when a row is written, and not of rows that are there: a foreign key could not say it.
WRITTEN_BY_ITS_REVIEWERS = """
CREATE FUNCTION membership_written_by_its_reviewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM membership_application a
        WHERE a.id = NEW.application_id AND NEW.committee_id IN (a.reviewed_in_id, a.committee_id);
    IF NOT FOUND THEN
        RAISE EXCEPTION '% of an application of another committee', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'written_by_its_reviewers';
    END IF;
    RETURN NEW;
END $$;
"""
TABLES = ("membership_applicationmessage", "membership_check", "membership_recusal")
TRIGGERS = "".join(
    f"CREATE TRIGGER written_by_its_reviewers BEFORE INSERT OR UPDATE OF application_id, committee_id ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION membership_written_by_its_reviewers();"
    for table in TABLES
)
NO_TRIGGERS = "".join(f"DROP TRIGGER written_by_its_reviewers ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]

    operations = [
        same_committee("membership_roleterm", "membership_id", MEMBER, name="a_role_is_held_in_ones_own_committee"),
        same_committee("membership_reservedhandle", "membership_id", MEMBER, name="a_handle_is_reserved_in_ones_own_committee"),
        same_committee("membership_removal", "membership_id", MEMBER, name="a_removal_is_of_a_member_here"),
        same_committee("membership_removal", "proposed_by_id", MEMBER, name="a_removal_is_proposed_from_inside"),
        same_committee("membership_removal", "confirmed_by_id", MEMBER, name="a_removal_is_confirmed_from_inside"),
        same_committee("membership_application", "decided_by_id", MEMBER, name="only_its_reviewers_decide", committee_column="reviewed_in_id"),
        same_committee("membership_applicationmessage", "author_id", MEMBER, name="only_its_reviewers_write"),
        same_committee("membership_check", "by_id", MEMBER, name="only_its_reviewers_check"),
        same_committee("membership_recusal", "by_id", MEMBER, name="only_its_reviewers_stay_out"),
        same_committee("membership_vouchcode", "by_id", MEMBER, name="a_code_is_made_from_inside"),
        migrations.RunSQL(WRITTEN_BY_ITS_REVIEWERS, "DROP FUNCTION membership_written_by_its_reviewers()"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
