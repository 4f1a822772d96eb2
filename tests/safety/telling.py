"""Every kind of notice, each caused by the command that causes it, and sent for good over SMTP.

A new kind needs a function here; tests/house/test_notices.py names it. The kinds of account mails need none: the
outbox of people is asked for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.jointly import commands as jointly
from committees.membership import commands as membership
from committees.membership.applications import Application, Decline
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role
from committees.notices import commands as notices
from committees.notices import registry, sending, verp
from committees.notices.commands import Wishes, bouncing
from committees.notices.models import Channel, Delivery, Level
from committees.notices.push import sending as pushing
from committees.people import commands as people
from committees.people import outbox
from committees.people.models import Contact
from organizing.circulars import commands as circulars
from organizing.circulars.models import Reach
from organizing.meetings import commands as meetings
from organizing.meetings.models import Meeting
from organizing.meetings.plans import When, Where
from tests.committees.notices.mails import complained
from tests.safety import cells, clocks, coming, crowded, delegates, forum, gathered, minuted, moderated, moving, offices, repeating, seeking, stuck, visiting
from tests.safety.words import WORDS
from tests.safety.world import World, account, admit, apply, fresh, plan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Who is told how openly; everybody else says nothing and gets the neutral level.
OPENLY = {"member": Level.FULL, "home.founder1": Level.FULL, "delegate": Level.KIND, "home.founder2": Level.KIND, "applicant": Level.FULL}


def deliver() -> None:
    """What the workers do, until nothing is left to do."""
    for _ in range(3):
        notices.sweep(at=timezone.now())
        sending.run(seconds=60)
        pushing.run(seconds=60)


def choose_levels(world: World) -> None:
    for who, level in OPENLY.items():
        everything = {group.name: True for group in registry.groups() if group.name in registry.pushed_groups()}
        notices.choose(Wishes(email=True, level=level, lists={}, quiet=[], push_level=level, push=everything), by=world.person(who))
    people.settle(world.person("delegate"), language="es", time_zone="Asia/Kathmandu")


# -- Joining --------------------------------------------------------------------------------------------------------------


def _waiting(world: World, who: str, *, ago: timedelta = HOUR) -> Application:
    return apply(world, who, account(world, who), world.committees["home"], at=timezone.now() - ago)


def _one(world: World, who: str) -> Application:
    found: Application = world.things[f"application of {who}"]
    return found


def application_received(world: World) -> None:
    _waiting(world, "late.one")


def application_question(world: World) -> None:
    membership.ask(_one(world, "late.one"), WORDS.question, language="en", by=world.members["organizer"], at=timezone.now())


def application_answered(world: World) -> None:
    membership.reply(_one(world, "late.one"), WORDS.said, language="en", by=world.person("late.one"), at=timezone.now())


def application_withdrawn(world: World) -> None:
    membership.withdraw(_one(world, "late.one"), by=world.person("late.one"), at=timezone.now())


def application_waits(world: World) -> None:
    _waiting(world, "late.two", ago=49 * HOUR)
    membership.remind_reviewers(timezone.now())


def application_overdue(world: World) -> None:
    _waiting(world, "late.three", ago=98 * HOUR)
    membership.remind_reviewers(timezone.now() - 49 * HOUR)
    membership.remind_reviewers(timezone.now())


def application_admitted(world: World) -> None:
    _waiting(world, "late.four")
    admit(world, "late.four", by=["home.founder1", "home.founder2"], at=timezone.now())


def application_declined(world: World) -> None:
    membership.decline(_waiting(world, "late.five"), Decline.NOT_CONFIRMED, by=world.members["organizer"], at=timezone.now(), text=WORDS.reply("late.five"))


def application_expired(world: World) -> None:
    membership.begin(world.committees["home"], by=account(world, "late.six"), at=timezone.now() - 15 * DAY)
    membership.expire_unsent(timezone.now())


# -- Belonging ------------------------------------------------------------------------------------------------------------


def probation_ended(world: World) -> None:
    _waiting(world, "late.seven", ago=16 * DAY)
    admit(world, "late.seven", by=["home.founder1", "home.founder2"], at=timezone.now() - 15 * DAY)
    membership.end_probations(timezone.now())


def role_given(world: World) -> None:
    first, second = (fresh(world.members[f"young.founder{n}"]) for n in (1, 2))
    membership.give_role(second, Role.MODERATOR, by=first, at=timezone.now())


def committee_active(world: World) -> None:
    world.committees["young"].refresh_from_db()
    membership.conclude_founding(world.committees["young"], by=fresh(world.members["young.founder1"]), at=timezone.now())


def application_vouched(world: World) -> None:
    """A code that a member handed over in person."""
    application = _waiting(world, "late.eight")
    giver = fresh(world.members["member"])
    code = membership.make_code(giver, by=giver, at=timezone.now())
    assert membership.use_code(application, code, by=world.person("late.eight"), at=timezone.now())


def without_organizers(world: World) -> None:
    """Of the fourth committee only one member is left, who organizes nothing."""
    last = RoleTerm.objects.filter(membership=world.members["young.founder3"], role=Role.ORGANIZER)
    last.update(ends_at=timezone.now())  # a term ends by an election, which is not built yet
    for key in ("young.founder2", "young.founder1"):
        member = fresh(world.members[key])
        membership.leave(member, by=member, at=timezone.now())


# -- Committees together --------------------------------------------------------------------------------------------------


def tie_ended(world: World) -> None:
    """The other committee parts from the alliance; both are told."""
    alliance.end(world.things["tie of other"], WORDS.tie("late"), by=fresh(world.members["other.founder1"]), at=timezone.now())


def tie_requested(world: World) -> None:
    by = fresh(world.members["other.founder1"])
    world.things["late tie"] = alliance.ask(world.committees["alliance"], why=WORDS.tie("late"), by=by, at=timezone.now())


def tie_declined(world: World) -> None:
    alliance.decline(world.things["late tie"], WORDS.tie("late"), by=fresh(world.members["intake1"]), at=timezone.now())


def tie_accepted(world: World) -> None:
    tie_requested(world)
    alliance.accept(world.things["late tie"], by=fresh(world.members["intake1"]), at=timezone.now())


# -- Meetings -------------------------------------------------------------------------------------------------------------


def called(world: World) -> None:
    organizer = world.members["organizer"]
    draft = meetings.draft(plan(world, "late", day=6), by=organizer, at=timezone.now())
    world.things["late meeting"] = meetings.call(draft, by=organizer, at=timezone.now())


def moved(world: World) -> None:
    meeting = Meeting.objects.get(pk=world.things["late meeting"].pk)
    when, where = When.of(meeting), Where.of(meeting)
    assert when is not None
    later = When(when.day + DAY, when.clock, when.zone, when.minutes)
    meetings.move(meeting, later, where, why=WORDS.change, by=world.members["organizer"], at=timezone.now())


def cancelled(world: World) -> None:
    meetings.cancel(Meeting.objects.get(pk=world.things["late meeting"].pk), why=WORDS.change, by=world.members["organizer"], at=timezone.now())


def invited(world: World) -> None:
    """The alliance asks the committee at home once more."""
    by = fresh(world.members["intake1"])
    meetings.withdraw_invitation(world.things["invitation of home"], by=by, at=timezone.now())
    meetings.invite(world.things["meeting of the alliance"], [world.committees["home"]], by=by, at=timezone.now())


def guest_answered(world: World) -> None:
    meetings.decline_invitation(world.things["invitation of home"], by=fresh(world.members["home.founder1"]), at=timezone.now())


def reminder(world: World) -> None:
    organizer = world.members["organizer"]
    draft = meetings.draft(plan(world, "soon", day=0.8), by=organizer, at=timezone.now() - 2 * DAY)
    world.things["soon meeting"] = meetings.call(draft, by=organizer, at=timezone.now() - 2 * DAY)
    deliver()
    meetings.remind_due(timezone.now())


def a_test(world: World) -> None:
    """An organizer sends the mail to themself first."""
    meetings.send_test(world.things["draft of home"], by=world.members["organizer"], at=timezone.now())


# -- Messages to all members ------------------------------------------------------------------------------------------------


def message_sent(world: World) -> None:
    organizer = fresh(world.members["organizer"])
    draft = circulars.draft(WORDS.message("late"), WORDS.message("late"), language="en", by=organizer, at=timezone.now())
    circulars.send(draft, seen=draft.changed_at, by=organizer, at=timezone.now())


def message_sent_further(world: World) -> None:
    """Two organizers of the alliance write to everybody."""
    first, second, at = fresh(world.members["intake1"]), fresh(world.members["intake2"]), timezone.now()
    draft = circulars.draft(WORDS.message("late.wide"), WORDS.message("late.wide"), language="en", reach=Reach.FURTHER, by=first, at=at)
    jointly.agree(circulars.propose(draft, seen=at, by=first, at=at), by=second, at=at)


def message_tried(world: World) -> None:
    circulars.send_test(world.things["message of home.draft"], by=fresh(world.members["organizer"]), at=timezone.now())


# -- Forum ----------------------------------------------------------------------------------------------------------------


def topic_begun(world: World) -> None:
    forum.begin_another(world)


def topic_went_on(world: World) -> None:
    forum.go_on(world)


def post_answered(world: World) -> None:
    forum.answer(world)


# -- Account --------------------------------------------------------------------------------------------------------------


def address_stopped(world: World) -> None:
    """Somebody's mail server says that there is no such address (test_sentinels breaks the sink for them)."""
    membership.decline(_waiting(world, "nowhere"), Decline.NOT_CONFIRMED, by=world.members["organizer"], at=timezone.now())


def address_fails(world: World) -> None:
    """Letters came back from somebody's address again and again."""
    bouncing.bounce_often(Contact.objects.get(person=world.person("probation"), primary=True, channel="email"), at=timezone.now())


def mail_stopped(world: World) -> None:
    """Somebody marked one of our mails as spam, and their provider says so."""
    contact = Contact.objects.get(person=world.person("delegate"), primary=True, channel="email")
    row = Delivery.objects.filter(person=world.person("delegate"), channel=Channel.EMAIL).exclude(lease__isnull=False).first()
    assert row is not None
    with override_settings(BOUNCE_ADDRESS="b-*@back.example"):
        notices.take_in(complained("abuse", copy_of=verp.envelope(verp.Named(verp.Kind.NOTICE, row.pk, contact.pk))), at=timezone.now())


def sample(world: World) -> None:
    notices.send_test(by=world.person("member"), at=timezone.now())


KINDS: dict[str, Callable[[World], None]] = {
    "membership/application_received": application_received,
    "membership/application_question": application_question,
    "membership/application_answered": application_answered,
    "membership/application_withdrawn": application_withdrawn,
    "membership/application_waits": application_waits,
    "membership/application_overdue": application_overdue,
    "membership/application_admitted": application_admitted,
    "membership/application_declined": application_declined,
    "membership/application_expired": application_expired,
    "membership/probation_ended": probation_ended,
    "jointly/about_you": offices.about_you,
    "jointly/you_stay": offices.you_stay,
    "membership/removed": offices.removed,
    "membership/founders_complete": cells.founders_complete,
    "jointly/introduced": cells.introduced,
    "jointly/two_names": cells.two_names,
    "resettling/asked": coming.asked,
    "resettling/answered": coming.answered,
    "membership/committees_united": cells.united,
    "membership/application_needless": lambda world: None,  # told together with that
    "membership/committee_closed": cells.committee_closed,
    "membership/role_given": role_given,
    "membership/committee_active": committee_active,
    "membership/committee_quiet": clocks.committee_quiet,
    "membership/committee_rests": clocks.committee_rests,
    "membership/still_there": clocks.still_there,
    "membership/attest": clocks.asked_for_their_word,
    "membership/inactive": clocks.inactive,
    "membership/lapses_soon": clocks.lapses_soon,
    "membership/lapsed": clocks.lapsed,
    "membership/in_question": clocks.in_question,
    "membership/application_vouched": application_vouched,
    "membership/without_organizers": without_organizers,
    "membership/moved": moving.moved_here,
    "jointly/proposed": offices.proposed,
    "jointly/agreed": offices.agreed,
    "jointly/done": offices.done,
    "jointly/stopped": offices.stopped,
    "jointly/lapsed": offices.lapsed,
    "membership/cover_asked": offices.cover_asked,
    "membership/cover_accepted": offices.cover_accepted,
    "membership/cover_begins": offices.cover_begins,
    "membership/cover_ends": offices.cover_ends,
    "membership/cover_declined": offices.cover_declined,
    "membership/cover_off": offices.cover_off,
    "support/granted": offices.support_granted,
    "asking/asked": stuck.asked,
    "asking/waits": stuck.waits,
    "asking/slow": stuck.slow,
    "asking/answered": stuck.answered,
    "asking/closed": stuck.closed,
    "asking/out": stuck.out,
    "mandates/named": delegates.named,
    "mandates/begun": delegates.begun,
    "mandates/seated": delegates.seated,
    "mandates/report_due": delegates.report_due,
    "mandates/ends_soon": delegates.ends_soon,
    "mandates/changed": delegates.changed,
    "mandates/ended": delegates.ended,
    "membership/role_ends": offices.role_ends,
    "membership/role_ended": offices.role_ended,
    "alliance/ended": tie_ended,
    "alliance/parted": lambda world: None,  # told together with the end
    "alliance/requested": tie_requested,
    "alliance/declined": tie_declined,
    "alliance/accepted": tie_accepted,
    "moderation/waits": moderated.case_waits,
    "moderation/passed_on": moderated.case_passed_on,
    "moderation/decided": moderated.decided,
    "moderation/hidden": moderated.hidden_by_flags,
    "moderation/sanctioned": moderated.sanctioned,
    "moderation/sanction_ended": moderated.sanction_ended,
    "meetings/called": called,
    "meetings/moved": moved,
    **(repeating.kinds(plan) | minuted.kinds(plan)),
    **(seeking.KINDS | visiting.KINDS),
    "meetings/cancelled": cancelled,
    "meetings/invited": invited,
    "meetings/guest_answered": guest_answered,
    "meetings/reminder": reminder,
    "meetings/place_given": crowded.place_given,
    "meetings/place_lost": crowded.place_lost,
    "meetings/test": a_test,
    "circulars/sent": message_sent,
    "circulars/sent_further": message_sent_further,
    "circulars/test": message_tried,
    "forum/begun": topic_begun,
    "forum/written": topic_went_on,
    "forum/answered": post_answered,
    "notices/address_stopped": address_stopped,
    "notices/address_fails": address_fails,
    "notices/mail_stopped": mail_stopped,
    "notices/test": sample,
    "notices/digest": gathered.digest_of(called, topic_went_on),
}


def tell_everything(world: World) -> None:
    """Cause each kind in turn, and send it before the next one overtakes it; then every kind of account mail."""
    choose_levels(world)
    deliver()
    for cause in KINDS.values():
        cause(world)
        deliver()
    for number, name in enumerate(outbox.KINDS):
        owner = account(world, f"mails.{number}")
        outbox.send(Contact.objects.get(person=owner), name, context={"code": "ABC-123"})
    deliver()


def members_of(world: World, key: str) -> set[str]:
    """The keys of those who are inside a committee of the world."""
    inside = set(Membership.objects.filter(committee=world.committees[key]).present().values_list("person_id", flat=True))
    return {name for name, person in world.people.items() if person is not None and person.pk in inside}
