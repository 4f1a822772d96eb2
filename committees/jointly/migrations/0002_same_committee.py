from django.db import migrations

from committees.base.constraints import same_committee

MEMBER = "membership_membership"

# The second organizer is one of the committee, or, where the act asks it, of the wider one that looks after it.
AGREED_BY_WHO_WAS_ASKED = """
CREATE FUNCTION jointly_agreed_by_who_was_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM membership_membership m JOIN bodies_committee c ON c.id = NEW.committee_id
        WHERE m.id = NEW.agreed_by_id AND m.committee_id = CASE WHEN NEW.asks_wider THEN c.verified_by_id ELSE c.id END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'agreed by a member of another committee'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'agreed_by_who_was_asked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed_by_who_was_asked BEFORE INSERT OR UPDATE OF agreed_by_id, committee_id, asks_wider ON jointly_jointact
    FOR EACH ROW WHEN (NEW.agreed_by_id IS NOT NULL) EXECUTE FUNCTION jointly_agreed_by_who_was_asked();
"""

OBJECTED_FROM_INSIDE = """
CREATE FUNCTION jointly_objected_from_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM jointly_jointact a JOIN membership_membership m ON m.committee_id = a.committee_id
        WHERE a.id = NEW.act_id AND m.id = NEW.by_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an objection from another committee'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'objected_from_inside';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objected_from_inside BEFORE INSERT OR UPDATE OF act_id, by_id ON jointly_objection
    FOR EACH ROW EXECUTE FUNCTION jointly_objected_from_inside();
"""


def without(table: str, trigger: str, function: str) -> str:
    return f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION {function}();"


class Migration(migrations.Migration):
    dependencies = [("jointly", "0001_initial"), ("membership", "0003_offices")]

    operations = [
        same_committee("jointly_jointact", "member_id", MEMBER, name="a_joint_act_is_about_a_member_here"),
        same_committee("jointly_jointact", "proposed_by_id", MEMBER, name="a_joint_act_is_proposed_from_inside"),
        migrations.RunSQL(AGREED_BY_WHO_WAS_ASKED, without("jointly_jointact", "agreed_by_who_was_asked", "jointly_agreed_by_who_was_asked")),
        migrations.RunSQL(OBJECTED_FROM_INSIDE, without("jointly_objection", "objected_from_inside", "jointly_objected_from_inside")),
    ]
