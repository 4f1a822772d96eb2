"""Columns that say nothing about a person, by model. All others are in the retention table.

A new column fails tests/house/test_retention.py until it stands here or there. Here belong what a workplace, a committee
or a text is in itself, and the plumbing of tables; not what somebody did, chose, wrote or is. A row that is about a person
has its pointer to them in the retention table: without it, what stands here of that row is about nobody.
"""

from __future__ import annotations

NOTHING_PERSONAL: dict[str, str] = {
    # -- Libraries
    "contenttypes.ContentType": "app_label model",
    "auth.Permission": "name content_type codename",
    "auth.Group": "name",
    "auth.Group_permissions": "group permission",
    # -- The chains themselves
    "ledger.Entry": "chain position previous digest",
    "ledger.Head": "chain position digest signature",
    "ledger.Checkpoint": "chain position digest through signature",
    # -- The outbox's own clockwork
    "notices.Notice": "slug urgent expanded_at served_at superseded_at settled_at",
    "notices.Delivery": "lease",
    "notices.PushDevice": "slug",
    "notices.Lease": "notice_id until at_id stale",
    "notices.Errand": "lease leased_until",
    "notices.Allowance": "name minute used rest_until",
    "notices.Mailbox": "name looked_at problem",
    # -- Pages of help, which are for everybody; who wrote them stands in the ledger
    "guides.Guide": "slug form_key built_in place is_published",
    "guides.Version": "slug guide language number title text html written_at",
    # -- Public facts about employers and their sites
    "directory.Industry": "code section names",
    "directory.Employer": "slug name name_key domains industry",
    "directory.Workplace": "slug employer name code kind address postcode city region country latitude longitude zone languages headcount_band "
    "state code_key name_key place_key words",
    "directory.Alias": "employer workplace name name_key",
    "directory.Word": "text",
    "directory.FormerAddress": "slug workplace employer",
    "directory.FormerIdentity": "workplace employer code_key name_key place_key",
    # -- What a committee is, and what it asks of everybody
    "bodies.Committee": "slug form_key name scope workplace employer industry region region_key country zone languages life visibility founding_number "
    "verified_by founded_at woken_at quiet_told_at rests_since look_at merged_into",
    "bodies.Charter": "committee version language text who_may_join how_we_decide attestation adopted_at quorum",
    "bodies.JoiningPolicy": "committee checks_needed probation_days reapply_days shifts questions",
    # -- Where a row belongs; whose it is stands in the retention table
    "membership.Application": "slug committee reviewed_in founding",
    "membership.ApplicationMessage": "committee application internal form_key",
    "membership.ApplicationEvent": "application",
    "membership.Check": "committee application",
    "membership.Membership": "slug committee",
    "membership.RoleTerm": "committee",
    "membership.Cover": "slug form_key committee role",
    "membership.RemovedAddress": "committee",
    "membership.Move": "application",
    "membership.Recusal": "committee application",
    "membership.VouchCode": "form_key committee",
    "membership.Invitation": "slug form_key committee",
    "membership.ReservedHandle": "committee",
    # -- A question to people; who asks, what was said and who answers stands in the retention table
    "asking.Question": "slug form_key answered_in",
    "asking.Message": "question answered_in form_key",
    # -- Which committee belongs to which; who asked and answered stands in the retention table
    # -- What a committee let those who keep the service see; who asked and who looked stands in the retention table
    "support.Grant": "slug committee parts hours state",
    "support.Visitor": "committee number",
    "support.Look": "committee grant",
    "jointly.JointAct": "slug form_key committee deed role months words introduction cover grant matter row_id asks_wider state electorate",
    "jointly.Objection": "act",
    "jointly.Introduction": "slug wider first second",
    # -- A committee that comes; who brings it, its file and who answers stand in the retention table
    "resettling.Arrival": "slug form_key asked workplace scope region founded_at state committee",
    "resettling.Seat": "committee",
    "mandates.Mandate": "slug form_key committee wider months every state",
    "alliance.Affiliation": "slug form_key committee wider state ended_in",
    # -- What is moderated, where and in which language; whose it is and who decided stands in the retention table
    "moderation.Review": "slug committee matter row_id language crosses_sites round claimed_in passed_to passed_at decided_in",
    "moderation.Flag": "form_key committee review matter row_id",
    "moderation.Sanction": "slug committee review decided_in",
    # -- A meeting is a committee's: when it is, and what a calendar must know
    "meetings.Meeting": "slug committee state day clock zone minutes starts_at ends_at held place_shown link_shown probation_sees_place "
    "place_erased_at has_visitors has_papers languages capacity uid sequence told_version asking reminded_for changed_at "
    "series series_day series_clock own_time own_words made_ahead",
    "meetings.Series": "slug committee uid changed_at sequence due_at is_complete",
    "meetings.AgendaItem": "committee meeting key position minutes visibility",
    "meetings.MeetingChange": "committee meeting sequence kind at started_at starts_at place_changed asked_again and_following",
    "meetings.Answer": "committee meeting asking",
    "meetings.Guest": "slug committee meeting invited state",
    # -- Minutes are a committee's; what they say, who wrote and who does what stands in the retention table
    "minutes.Minutes": "slug committee meeting version state language tells approved_in",
    "minutes.Taker": "committee meeting",
    "minutes.Remark": "committee minutes shown_at",
    "minutes.Item": "slug committee meeting minutes state settled_at given_back round reminded_in overdue_in",
    # -- A meeting that goes on: when, for how long one speaks, and how many were there; who came and spoke stands in the retention table
    "live.Gathering": "committee meeting version began_at ended_at takes_speakers limit point_key point_since people entitled_here entitled needed",
    "live.Presence": "slug committee gathering",
    "live.Turn": "slug gathering",
    "live.Duty": "slug committee gathering",
    "live.Knock": "slug committee gathering",
    # -- What hangs on an agenda; its name, what stands in it and from whom it came stands in the retention table
    "papers.Paper": "slug form_key committee meeting point kind size",
    "papers.Content": "paper committee",
    # -- Whether a meeting is open to visitors; who they are stands in the retention table
    "visitors.Opening": "slug committee meeting way room begun_at closed_at",
    "visitors.Visit": "slug opening",
    # -- Which committee and which week; what is counted stands in the retention table
    "growth.Week": "committee monday begins_at ends_at recorded_at",
    "growth.Picture": "committee taken_on",
    # -- A message to all members is its committee's; who sent it and what it says stands in the retention table
    "finding.Poll": "slug committee state zone minutes ends_at reminded_at taken meeting",
    "finding.Slot": "slug committee poll day clock starts_at added_at",
    "finding.Reply": "committee slot",
    "circulars.Circular": "slug committee language reach",
    # -- A board is a committee's; whose a topic or a post is stands in the retention table
    "forum.Block": "slug",
    "forum.Board": "slug form_key committee audience policy name languages begun_at topics posts last_at",
    "forum.Topic": "slug form_key board committee mandate audience title_gone language state pinned last_position last_at",
    "forum.Post": "slug form_key topic committee audience position version",
    "forum.PostVersion": "post version",
    "forum.Translation": "post language of_version",
}
