"""The words of all sites as one table, kept by the database itself: whatever writes a site, its words can be found."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION directory_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_word (text)
    SELECT DISTINCT w COLLATE "C" FROM new_rows, unnest(tsvector_to_array(new_rows.words)) AS w WHERE left(w, 1) <> '~'
    ORDER BY 1  -- two imports at once take the rows in the same order
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER words_of_new_sites AFTER INSERT ON directory_workplace
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_words();
CREATE TRIGGER words_of_changed_sites AFTER UPDATE ON directory_workplace
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_keep_words();
"""

BACK = """
DROP TRIGGER words_of_new_sites ON directory_workplace;
DROP TRIGGER words_of_changed_sites ON directory_workplace;
DROP FUNCTION directory_keep_words();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, BACK)]
