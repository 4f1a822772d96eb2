"""The database itself refuses to change, remove or skip an entry, whoever asks."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of %', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_head h WHERE h.chain = NEW.chain AND h.position = NEW.position - 1 AND h.digest = NEW.previous;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the ledger is append-only: entry % of % does not follow its chain', NEW.position, NEW.chain
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- An entry may go when it is older than a year and a checkpoint stands in for it.
CREATE FUNCTION ledger_prune() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '365 days'
       OR NOT EXISTS (SELECT 1 FROM ledger_checkpoint c WHERE c.chain = OLD.chain AND c.position >= OLD.position
                      AND c.through <= now() - interval '365 days') THEN
        PERFORM ledger_say_no('delete', 'ledger_entry');
    END IF;
    RETURN OLD;
END $$;

-- A checkpoint may go when a later one, old enough as well, stands in for the same entries.
CREATE FUNCTION ledger_prune_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_checkpoint c WHERE c.chain = OLD.chain AND c.position > OLD.position
                   AND c.through <= now() - interval '365 days') THEN
        PERFORM ledger_say_no('delete', 'ledger_checkpoint');
    END IF;
    RETURN OLD;
END $$;

-- The end of a chain starts at nothing and moves one entry at a time, to an entry that is there.
CREATE FUNCTION ledger_move_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.position <> 0 OR NEW.digest <> '' THEN
            PERFORM ledger_say_no('insert', 'ledger_head');
        END IF;
    ELSIF NEW.chain <> OLD.chain OR NEW.position <> OLD.position + 1 OR NOT EXISTS (
            SELECT 1 FROM ledger_entry e WHERE e.chain = NEW.chain AND e.position = NEW.position AND e.digest = NEW.digest) THEN
        PERFORM ledger_say_no('update', 'ledger_head');
    END IF;
    RETURN NEW;
END $$;
"""

SAY_NO = """
CREATE FUNCTION ledger_say_no(operation text, named text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of %', operation, named USING ERRCODE = 'restrict_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER entries_follow BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_append();
CREATE TRIGGER entries_stay AFTER UPDATE OR TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER entries_go_late BEFORE DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_prune();
CREATE TRIGGER checkpoints_stay AFTER UPDATE OR TRUNCATE ON ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER checkpoints_go_late BEFORE DELETE ON ledger_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_prune_checkpoint();
CREATE TRIGGER heads_move_on BEFORE INSERT OR UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_move_head();
CREATE TRIGGER heads_stay AFTER DELETE OR TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

UNDO = """
DROP TRIGGER heads_stay ON ledger_head;
DROP TRIGGER heads_move_on ON ledger_head;
DROP TRIGGER checkpoints_go_late ON ledger_checkpoint;
DROP TRIGGER checkpoints_stay ON ledger_checkpoint;
DROP TRIGGER entries_go_late ON ledger_entry;
DROP TRIGGER entries_stay ON ledger_entry;
DROP TRIGGER entries_follow ON ledger_entry;
DROP FUNCTION ledger_move_head();
DROP FUNCTION ledger_prune_checkpoint();
DROP FUNCTION ledger_prune();
DROP FUNCTION ledger_append();
DROP FUNCTION ledger_refuse();
DROP FUNCTION ledger_say_no(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(SAY_NO + FUNCTIONS + TRIGGERS, UNDO)]
