"""Words are found without their accents, in each language's stem. What belongs to a topic belongs to its committee and its
audience. Committees that were there before the forum get their first boards."""

from django.db import migrations
from django.utils import timezone

from committees.base.constraints import same_committee

_LANGUAGES = (
    "arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian indonesian irish "
    "italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil turkish yiddish simple"
)
# Not every server has every stemmer: what is missing is taken word by word.
_CONFIGURATIONS = """
DO $$
DECLARE
    language text;
    known text;
    stem text;
BEGIN
    FOREACH language IN ARRAY string_to_array('LANGUAGES', ' ') LOOP
        SELECT cfgname INTO known FROM pg_ts_config WHERE cfgname = language AND cfgnamespace = 'pg_catalog'::regnamespace;
        stem := CASE WHEN known IS NULL OR language = 'simple' THEN 'simple' ELSE language || '_stem' END;
        EXECUTE format('CREATE TEXT SEARCH CONFIGURATION %I (COPY = pg_catalog.%I)', 'words_' || language, coalesce(known, 'simple'));
        EXECUTE format('ALTER TEXT SEARCH CONFIGURATION %I ALTER MAPPING FOR word, hword, hword_part WITH unaccent, %I', 'words_' || language, stem);
    END LOOP;
END
$$
"""
_NO_CONFIGURATIONS = """
DO $$
DECLARE
    language text;
BEGIN
    FOREACH language IN ARRAY string_to_array('LANGUAGES', ' ') LOOP
        EXECUTE format('DROP TEXT SEARCH CONFIGURATION IF EXISTS %I', 'words_' || language);
    END LOOP;
END
$$
"""


def first_boards(apps, schema_editor):
    board, committee = apps.get_model("forum", "Board"), apps.get_model("bodies", "Committee")
    rows = []
    for each in committee.objects.exclude(life="dissolved").filter(boards=None).iterator():
        given = [("committee", "open"), ("strategy", "open")]
        given += [("shared", "open")] if each.scope != "workplace" else []
        given += [("shared", "announcements")] if each.scope == "alliance" else []
        rows += [board(committee=each, audience=whom, policy=how, languages=each.languages, begun_at=timezone.now()) for whom, how in given]
    board.objects.bulk_create(rows)


def _same_audience(table, column, to_table, name):
    return same_committee(table, column, to_table, name=name, committee_column="audience", to_committee_column="audience")


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial"), ("membership", "0001_initial"), ("bodies", "0001_initial")]

    operations = [
        migrations.RunSQL(_CONFIGURATIONS.replace("LANGUAGES", _LANGUAGES), _NO_CONFIGURATIONS.replace("LANGUAGES", _LANGUAGES)),
        same_committee("forum_topic", "board_id", "forum_board", name="a_topic_is_of_its_boards_committee"),
        _same_audience("forum_topic", "board_id", "forum_board", "a_topic_is_for_its_boards_readers"),
        same_committee(
            "forum_topic", "started_by_id", "membership_membership", name="a_topic_is_begun_in_its_authors_committee", committee_column="started_in_id"
        ),
        same_committee("forum_post", "topic_id", "forum_topic", name="a_post_is_of_its_topics_committee"),
        _same_audience("forum_post", "topic_id", "forum_topic", "a_post_is_for_its_topics_readers"),
        same_committee(
            "forum_post", "membership_id", "membership_membership", name="a_post_is_written_in_its_authors_committee", committee_column="written_in_id"
        ),
        same_committee(
            "forum_post", "reply_to_id", "forum_post", name="an_answer_is_of_one_topic", committee_column="topic_id", to_committee_column="topic_id"
        ),
        migrations.RunPython(first_boards, migrations.RunPython.noop),
    ]
