"""What a member must be able to do before a command does anything: written down here, and not read off the code.

Each command is given to its rightful actor with every power but that one, and to an organizer of another committee who has
every power there.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from committees.alliance import commands as alliance
from committees.asking import commands as asking
from committees.base.errors import Refused
from committees.bodies.commands import CharterWords
from committees.bodies.models import Scope
from committees.jointly import commands as jointly
from committees.jointly.models import Deed
from committees.mandates import commands as mandates
from committees.membership import commands as membership
from committees.membership.applications import Check, Decline
from committees.membership.models import Membership
from committees.membership.roles import Power, Role
from committees.moderation import commands as moderation
from committees.moderation.models import Act, FlagReason
from committees.resettling import commands as resettling
from committees.support import commands as support
from organizing.circulars import commands as circulars
from organizing.circulars import rehearsals as circular_rehearsals
from organizing.finding import commands as finding
from organizing.forum import commands as forum
from organizing.meetings import commands as meetings
from organizing.meetings import rehearsals
from organizing.meetings.plans import Scope as Which
from organizing.meetings.plans import Where, Words
from organizing.meetings.rhythms import Every, Rhythm
from organizing.minutes import commands as minutes
from organizing.minutes.words import Todo
from tests import make
from tests.organizing.forum.talking import begin
from tests.organizing.minutes.conftest import approved, held, soon, written
from tests.safety.live_commands import LIVE, goes_on, goes_on_with_ben
from tests.safety.paper_commands import PAPERS, hangs
from tests.safety.scene import AWAY, Scene, arrival, asked, beside, cover, departed, exported, granted, joint, joint_agreed, mandate, pair, plan, question
from tests.safety.seeking import look_for_a_time
from tests.safety.visitor_commands import VISITORS, somebody_waits

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Once for all tests of the module, in a transaction that is taken back after them; each of them takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast, at = make.cast(), timezone.now()
        tie, other = make.affiliated(cast.committee), make.affiliated(cast.boss.committee)
        assert other.is_accepted
        called = meetings.call(meetings.draft(plan(), by=cast.ada, at=at), by=cast.ada, at=at)
        (guest,) = meetings.invite(called, [cast.boss.committee], by=cast.ada, at=at)
        theirs = meetings.call(meetings.draft(plan(), by=cast.boss, at=at), by=cast.boss, at=at)
        (invitation,) = meetings.invite(theirs, [cast.committee], by=cast.boss, at=at)
        draft = meetings.draft(plan(), by=cast.ada, at=at)
        again = meetings.call(meetings.draft(plan(), by=cast.ada, at=at), by=cast.ada, at=at)
        again.series = meetings.repeat(again, Rhythm(Every.WEEK), by=cast.ada, at=at)
        case = moderation.flag(cast.ben, reason=FlagReason.AGENT, by=cast.cleo, at=at).review
        about_cleo = moderation.flag(cast.cleo, reason=FlagReason.AGENT, by=cast.ben, at=at).review
        limit = moderation.silence(about_cleo, days=1, by=cast.ada, at=at, **WORDS)
        message = circulars.draft("Heat", "It is hot.", language="en", by=cast.ada, at=at)
        met = held(cast.ada)
        minutes.name_taker(met, cast.mo.handle, by=cast.ada, at=at)
        settled = approved(met, Todo("Ring", cast.mo.handle, soon()), by=cast.mo, other=cast.ada)
        kept = {
            "minutes": written(held(cast.ada, hours=3), by=cast.ada),
            "item": settled.items.get(),
            "again": again,
            "message": message,
            "poll": look_for_a_time(cast.ada),
            "gathering": goes_on(cast.ada),
            "case": case,
            "limit": limit,
            "link": membership.invite(cast.committee, by=cast.ada, at=at, **INVITED),
            "topic": begin(cast.ada),
        }
        yield {"cast": cast, "forming": make.forming(), "tie": tie, "draft": draft, "called": called, "guest": guest, "invitation": invitation, **kept}
        transaction.set_rollback(True)


@pytest.fixture
def scene(made: dict[str, Any]) -> Scene:
    """A copy of its own for each test: a command changes the rows that it was given."""
    return Scene(**copy.deepcopy(made))


BEN: Callable[[Scene], Membership] = lambda scene: scene.cast.ben  # noqa: E731
MO: Callable[[Scene], Membership] = lambda scene: scene.cast.mo  # noqa: E731
WORDS = {"rule": "workers", "text": "There are reasons to doubt that you work here."}
ENDING: dict[str, Any] = {"role": Role.DELEGATE}
INVITED: dict[str, Any] = {"label": "Canteen", "days": 14, "cap": 20, "counts_as_check": False, "languages": ["en"]}
type Given = Callable[[Scene, Membership], object]
now = timezone.now
ADA: Callable[[Scene], Membership] = lambda scene: scene.cast.ada  # noqa: E731
INTAKE: Callable[[Scene], Membership] = lambda scene: make.reloaded(make.organizer_of(make.alliance()))  # noqa: E731

#: Command → the power it needs, its rightful actor, and how it is given.
COMMANDS: dict[str, tuple[str, Callable[[Scene], Membership], Given]] = {
    "membership.give_role": ("give_role", lambda s: s.forming, lambda s, by: membership.give_role(s.forming, Role.MODERATOR, by=by, at=now())),
    "membership.conclude_founding": (
        "conclude_founding",
        lambda s: s.forming,
        lambda s, by: membership.conclude_founding(s.forming.committee, by=by, at=now()),
    ),
    "membership.change_handle": ("change_handle", ADA, lambda s, by: membership.change_handle(s.cast.ada, "Gate nine, days", by=by, at=now())),
    "membership.step_aside": ("step_aside", ADA, lambda s, by: membership.step_aside(s.cast.ada, by=by, at=now())),
    "membership.leave": ("leave", ADA, lambda s, by: membership.leave(s.cast.ada, by=by, at=now())),
    "membership.wake": ("wake", ADA, lambda s, by: membership.wake(s.cast.committee, by=by, at=now())),
    "membership.stay": ("see_committee", ADA, lambda s, by: membership.stay(s.cast.ada, by=by, at=now())),
    "membership.attest": ("step_aside", ADA, lambda s, by: membership.attest(s.cast.ada, 1, by=by, at=now())),
    "membership.confirm_anew": ("review_applications", ADA, lambda s, by: membership.confirm_anew(s.cast.ben, by=by, at=now())),
    "membership.vouch_again": ("see_committee", ADA, lambda s, by: membership.vouch_again(s.cast.ada, "abcdefghij", by=by, at=now())),
    "membership.make_code": ("vouch", ADA, lambda s, by: membership.make_code(s.cast.ada, by=by, at=now())),
    "membership.start_wider": ("affiliate", ADA, lambda s, by: membership.start_wider(Scope.EMPLOYER, name="All sites", by=by, at=now())),
    "membership.ask": ("review_applications", ADA, lambda s, by: membership.ask(s.cast.dina, "Which gate?", language="en", by=by, at=now())),
    "membership.note": ("review_applications", ADA, lambda s, by: membership.note(s.cast.dina, "I know them.", by=by, at=now())),
    "membership.add_check": ("review_applications", ADA, lambda s, by: membership.add_check(s.cast.dina, Check.Kind.TALK, by=by, at=now())),
    "membership.recuse": ("review_applications", ADA, lambda s, by: membership.recuse(s.cast.dina, by=by, at=now())),
    "membership.admit": ("admit_member", ADA, lambda s, by: membership.admit(s.cast.dina, by=by, at=now())),
    "membership.decline": ("admit_member", ADA, lambda s, by: membership.decline(s.cast.dina, Decline.NO_ANSWER, by=by, at=now())),
    "membership.mark_spam": ("admit_member", ADA, lambda s, by: membership.mark_spam(s.cast.dina, by=by, at=now())),
    "membership.invite": ("invite", ADA, lambda s, by: membership.invite(s.cast.committee, by=by, at=now(), **INVITED)),
    "membership.revoke_invitation": ("invite", ADA, lambda s, by: membership.revoke_invitation(s.link, by=by, at=now())),
    "membership.settle": (
        "keep_settings",
        ADA,
        lambda s, by: membership.settle(s.cast.committee, membership.Settings.of(s.cast.committee), by=by, at=now()),
    ),
    "membership.resign": ("leave", ADA, lambda s, by: membership.resign(s.cast.ada, Role.ORGANIZER, by=by, at=now())),
    "jointly.propose_role": (
        "give_role",
        ADA,
        lambda s, by: jointly.propose_role(make.reloaded(s.cast.ben), Role.MODERATOR, months=6, reason="Asked.", by=by, at=now()),
    ),
    "jointly.propose_end": ("give_role", ADA, lambda s, by: jointly.propose_end(make.reloaded(s.cast.mo), Role.MODERATOR, reason="Asked.", by=by, at=now())),
    "jointly.propose_charter": ("change_charter", ADA, lambda s, by: jointly.propose_charter(CharterWords("en", "New"), reason="Asked.", by=by, at=now())),
    "jointly.propose_removal": (
        "remove_member",
        ADA,
        lambda s, by: jointly.propose_removal(make.reloaded(s.cast.ben), reason="Reports on us.", by=by, at=now()),
    ),
    "jointly.propose_closing": ("close_committee", ADA, lambda s, by: jointly.propose_closing(reason="The site closes.", by=by, at=now())),
    "jointly.propose_leaving": ("close_committee", ADA, lambda s, by: jointly.propose_leaving(reason="We go elsewhere.", by=by, at=now())),
    "resettling.pack": ("close_committee", ADA, lambda s, by: resettling.pack(departed(s), by=by, at=now())),
    "resettling.accept": ("affiliate", INTAKE, lambda s, by: resettling.accept(arrival(s), by=by, at=now())),
    "resettling.decline": ("affiliate", INTAKE, lambda s, by: resettling.decline(arrival(s), reason="Nobody knows you.", by=by, at=now())),
    "jointly.propose_export": ("export_members", ADA, lambda s, by: jointly.propose_export(reason="For the print shop.", by=by, at=now())),
    "jointly.volunteer": ("volunteer", lambda s: s.cast.ben, lambda s, by: jointly.volunteer(months=6, reason="I would do it.", by=by, at=now())),
    "membership.ask_cover": ("arrange_cover", ADA, lambda s, by: membership.ask_cover(make.reloaded(s.cast.ben), Role.ORGANIZER, by=by, at=now(), **AWAY)),
    "membership.accept_cover": ("cover", BEN, lambda s, by: membership.accept_cover(cover(s), by=by, at=now())),
    "membership.decline_cover": ("cover", BEN, lambda s, by: membership.decline_cover(cover(s), by=by, at=now())),
    "membership.end_cover": ("cover", ADA, lambda s, by: membership.end_cover(cover(s), by=by, at=now())),
    "jointly.ask_cover": ("arrange_cover", ADA, lambda s, by: jointly.ask_cover(make.reloaded(s.cast.ben), Role.ORGANIZER, by=by, at=now(), **AWAY)),
    "jointly.accept_cover": ("cover", BEN, lambda s, by: jointly.accept_cover(cover(s), by=by, at=now())),
    "jointly.end_cover": ("cover", ADA, lambda s, by: jointly.end_cover(cover(s), by=by, at=now())),
    "jointly.propose_support": (
        "grant_support",
        ADA,
        lambda s, by: jointly.propose_support(["settings"], hours=4, reason="It does not open.", by=by, at=now()),
    ),
    "support.ask": ("grant_support", ADA, lambda s, by: support.ask(["settings"], hours=4, reason="It does not open.", by=by, at=now())),
    "support.end": ("grant_support", ADA, lambda s, by: support.end(granted(s), by=by, at=now())),
    "asking.take": ("answer_questions", ADA, lambda s, by: asking.take(question(s), by=by, at=now())),
    "asking.give_back": ("answer_questions", ADA, lambda s, by: asking.give_back(question(s), by=by, at=now())),
    "asking.answer": ("answer_questions", ADA, lambda s, by: asking.answer(question(s), "By the dock.", language="en", seen=1, by=by, at=now())),
    "asking.finish": ("answer_questions", ADA, lambda s, by: asking.finish(question(s), seen=1, by=by, at=now())),
    "asking.mark_spam": ("answer_questions", ADA, lambda s, by: asking.mark_spam(question(s), seen=1, by=by, at=now())),
    "jointly.introduce": ("affiliate", INTAKE, lambda s, by: jointly.introduce(s.cast.committee, beside(s), by=by, at=now())),
    "jointly.propose_uniting": ("close_committee", ADA, lambda s, by: jointly.propose_uniting(pair(s), reason="We are one.", by=by, at=now())),
    "jointly.fetch": ("export_members", ADA, lambda s, by: jointly.fetch(exported(s), by=by, at=now())),
    "jointly.agree": ("agree", INTAKE, lambda s, by: jointly.agree(joint(s), by=by, at=now())),
    "jointly.object_to": ("object", ADA, lambda s, by: jointly.object_to(joint_agreed(s), reason="Nobody asked us.", by=by, at=now())),
    "jointly.drop": ("agree", ADA, lambda s, by: jointly.drop(joint(s), by=by, at=now())),
    "jointly.propose_about": (
        "give_role",
        ADA,
        lambda s, by: jointly.propose_about(mandate(s), Deed.DELEGATE, member=make.reloaded(s.cast.ben), by=by, at=now(), **ENDING),
    ),
    "mandates.propose": (
        "give_role",
        ADA,
        lambda s, by: mandates.propose(s.tie.wider, delegate=make.reloaded(s.cast.ben), alternate=None, text="Speak for us.", months=12, by=by, at=now()),
    ),
    "mandates.propose_end": ("give_role", ADA, lambda s, by: mandates.propose_end(mandate(s), reason="Nothing was heard.", by=by, at=now())),
    "mandates.hand_back": ("leave", BEN, lambda s, by: mandates.hand_back(mandate(s), by=by, at=now())),
    "mandates.take_seat": ("take_seat", BEN, lambda s, by: mandates.take_seat(mandate(s), handle="Coventry speaks", by=by, at=now())),
    "alliance.ask": ("affiliate", ADA, lambda s, by: alliance.ask(make.wider(Scope.EMPLOYER, s.cast.committee), by=by, at=now())),
    "alliance.accept": ("affiliate", INTAKE, lambda s, by: alliance.accept(asked(s), by=by, at=now())),
    "alliance.decline": ("affiliate", INTAKE, lambda s, by: alliance.decline(asked(s), "Not yet, please wait.", by=by, at=now())),
    "alliance.withdraw": ("affiliate", ADA, lambda s, by: alliance.withdraw(asked(s), by=by, at=now())),
    "alliance.end": ("affiliate", ADA, lambda s, by: alliance.end(s.tie, "We go on alone.", by=by, at=now())),
    "meetings.answer": ("answer_meetings", ADA, lambda s, by: meetings.answer(s.called, choice="yes", by=by, at=now())),
    "meetings.draft": ("call_meeting", ADA, lambda s, by: meetings.draft(plan(), by=by, at=now())),
    "meetings.save": ("call_meeting", ADA, lambda s, by: meetings.save(s.draft, plan(), by=by, at=now())),
    "meetings.copy": ("call_meeting", ADA, lambda s, by: meetings.copy(s.called, by=by, at=now())),
    "meetings.discard": ("call_meeting", ADA, lambda s, by: meetings.discard(s.draft, by=by)),
    "meetings.call": ("call_meeting", ADA, lambda s, by: meetings.call(s.draft, by=by, at=now())),
    "meetings.move": ("call_meeting", ADA, lambda s, by: meetings.move(s.called, s.when, Where.of(s.called), by=by, at=now())),
    "meetings.edit": ("call_meeting", ADA, lambda s, by: meetings.edit(s.called, Words.of(s.called), by=by, at=now())),
    "meetings.cancel": ("call_meeting", ADA, lambda s, by: meetings.cancel(s.called, by=by, at=now())),
    "meetings.repeat": ("call_meeting", ADA, lambda s, by: meetings.repeat(s.draft, Rhythm(Every.WEEK), by=by, at=now())),
    "meetings.repeat_no_more": ("call_meeting", ADA, lambda s, by: meetings.repeat_no_more(s.draft, by=by)),
    "meetings.move_series": ("call_meeting", ADA, lambda s, by: meetings.move_series(s.again, s.when, Where(), scope=Which.ALL, by=by, at=now())),
    "meetings.edit_series": ("call_meeting", ADA, lambda s, by: meetings.edit_series(s.again, Words.of(s.again), scope=Which.ALL, by=by, at=now())),
    "meetings.cancel_series": ("call_meeting", ADA, lambda s, by: meetings.cancel_series(s.again, scope=Which.ALL, by=by, at=now())),
    "meetings.answer_all": ("answer_meetings", ADA, lambda s, by: meetings.answer_all(s.again.series, choice="yes", by=by, at=now())),
    "meetings.send_test": ("call_meeting", ADA, lambda s, by: meetings.send_test(s.draft, by=by, at=now())),
    "meetings.calling": ("call_meeting", ADA, lambda s, by: rehearsals.calling(s.draft, by=by, at=now())),
    "meetings.moving": ("call_meeting", ADA, lambda s, by: rehearsals.moving(s.called, s.when, Where.of(s.called), by=by, at=now())),
    "meetings.cancelling": ("call_meeting", ADA, lambda s, by: rehearsals.cancelling(s.called, by=by, at=now())),
    "meetings.invite": ("call_meeting", ADA, lambda s, by: meetings.invite(s.called, [s.cast.boss.committee], by=by, at=now())),
    "meetings.accept_invitation": ("call_meeting", ADA, lambda s, by: meetings.accept_invitation(s.invitation, by=by, at=now())),
    "meetings.decline_invitation": ("call_meeting", ADA, lambda s, by: meetings.decline_invitation(s.invitation, by=by, at=now())),
    "meetings.withdraw_invitation": ("call_meeting", ADA, lambda s, by: meetings.withdraw_invitation(s.guest, by=by, at=now())),
    "moderation.flag": ("flag", MO, lambda s, by: moderation.flag(s.cast.ben, reason=FlagReason.OTHER, by=by, at=now())),
    "moderation.take_up": ("moderate", MO, lambda s, by: moderation.take_up(s.cast.cleo, by=by, at=now())),
    "moderation.claim": ("moderate", MO, lambda s, by: moderation.claim(s.case, by=by, at=now())),
    "moderation.release": ("moderate", MO, lambda s, by: moderation.release(s.case, by=by, at=now())),
    "moderation.decide": ("moderate", MO, lambda s, by: moderation.decide(s.case, Act.KEEP, by=by, at=now())),
    "moderation.approve": ("moderate", MO, lambda s, by: moderation.approve(s.case, by=by, at=now())),
    "moderation.keep": ("moderate", MO, lambda s, by: moderation.keep(s.case, by=by, at=now())),
    "moderation.send_back": ("moderate", MO, lambda s, by: moderation.send_back(s.case, by=by, at=now(), **WORDS)),
    "moderation.hide": ("moderate", MO, lambda s, by: moderation.hide(s.case, by=by, at=now(), **WORDS)),
    "moderation.remove": ("moderate", MO, lambda s, by: moderation.remove(s.case, by=by, at=now(), **WORDS)),
    "moderation.lock": ("moderate", MO, lambda s, by: moderation.lock(s.case, by=by, at=now(), **WORDS)),
    "moderation.move": ("moderate", MO, lambda s, by: moderation.move(s.case, to="elsewhere", by=by, at=now(), **WORDS)),
    "moderation.restore": ("moderate", MO, lambda s, by: moderation.restore(s.case, by=by, at=now())),
    "moderation.unlock": ("moderate", MO, lambda s, by: moderation.unlock(s.case, by=by, at=now())),
    "moderation.undo": ("moderate", MO, lambda s, by: moderation.undo(s.case, by=by, at=now())),
    "moderation.silence": ("moderate", MO, lambda s, by: moderation.silence(s.case, days=1, by=by, at=now(), **WORDS)),
    "moderation.suspend": ("moderate", MO, lambda s, by: moderation.suspend(s.case, days=1, by=by, at=now(), **WORDS)),
    "moderation.lift": ("moderate", MO, lambda s, by: moderation.lift(s.limit, by=by, at=now())),
    "finding.propose": ("call_meeting", ADA, lambda s, by: look_for_a_time(by)),
    "finding.answer": ("see_place", ADA, lambda s, by: finding.answer(s.poll, {}, by=by, at=now())),
    "finding.add_time": ("call_meeting", ADA, lambda s, by: finding.add_time(s.poll, s.when.day, s.when.clock, by=by, at=now())),
    "finding.take": ("call_meeting", ADA, lambda s, by: finding.take(s.poll.slots.all()[0], by=by, at=now())),
    "finding.close": ("call_meeting", ADA, lambda s, by: finding.close(s.poll, by=by, at=now())),
    "finding.withdraw": ("call_meeting", ADA, lambda s, by: finding.withdraw(s.poll, by=by, at=now())),
    "minutes.name_taker": ("keep_minutes", ADA, lambda s, by: minutes.name_taker(s.minutes.meeting, "", by=by, at=now())),
    "minutes.discard": ("keep_minutes", ADA, lambda s, by: minutes.discard(s.minutes, seen=s.minutes.changed_at, by=by)),
    "minutes.show": ("keep_minutes", ADA, lambda s, by: minutes.show(s.minutes, seen=s.minutes.changed_at, by=by, at=now())),
    "minutes.object_to": ("object", BEN, lambda s, by: minutes.object_to(s.minutes, "No.", by=by, at=now())),
    "minutes.approve": ("keep_minutes", ADA, lambda s, by: minutes.approve(s.minutes, seen=s.minutes.changed_at, heard=0, by=by, at=now())),
    "minutes.correct": ("keep_minutes", ADA, lambda s, by: minutes.correct(s.item.minutes, "Wrong", tells=False, by=by, at=now())),
    "minutes.finish": ("keep_minutes", ADA, lambda s, by: minutes.finish(s.item, by=by, at=now())),
    "minutes.hand_back": ("see_committee", MO, lambda s, by: minutes.hand_back(s.item, by=by, at=now())),
    "minutes.give": ("keep_minutes", ADA, lambda s, by: minutes.give(s.item, "", due=soon(), seen=1, by=by, at=now())),
    "minutes.drop": ("keep_minutes", ADA, lambda s, by: minutes.drop(s.item, by=by, at=now())),
    **LIVE,
    **PAPERS,
    **VISITORS,
    "circulars.draft": ("send_message", ADA, lambda s, by: circulars.draft("Heat", "Hot", language="en", by=by, at=now())),
    "circulars.save": ("send_message", ADA, lambda s, by: circulars.save(s.message, "Heat", "Hot", language="en", seen=s.message.changed_at, by=by, at=now())),
    "circulars.discard": ("send_message", ADA, lambda s, by: circulars.discard(s.message, by=by)),
    "circulars.send": ("send_message", ADA, lambda s, by: circulars.send(s.message, seen=s.message.changed_at, by=by, at=now())),
    "circulars.propose": ("send_message", ADA, lambda s, by: circulars.propose(s.message, seen=s.message.changed_at, by=by, at=now())),
    "circulars.proposing": ("send_message", ADA, lambda s, by: circular_rehearsals.proposing(s.message, by=by)),
    "circulars.send_test": ("send_message", ADA, lambda s, by: circulars.send_test(s.message, by=by, at=now())),
    "circulars.sending": ("send_message", ADA, lambda s, by: circular_rehearsals.sending(s.message, by=by, at=now())),
    "forum.start": ("post", ADA, lambda s, by: forum.start(s.topic.board, title="Heat", text="Hot", language="en", by=by, at=now())),
    "forum.reply": ("post", ADA, lambda s, by: forum.reply(s.topic, "Hot", language="en", by=by, at=now())),
    "forum.edit": ("post", ADA, lambda s, by: forum.edit(s.topic.posts.get(), "Hotter", language="en", by=by, at=now())),
    "forum.withdraw": ("post", ADA, lambda s, by: forum.withdraw(s.topic.posts.get(), by=by, at=now())),
    "forum.translate": ("post", ADA, lambda s, by: forum.translate(s.topic.posts.get(), "Calor", language="es", seen=1, by=by, at=now())),
    "forum.open_board": ("keep_boards", ADA, lambda s, by: forum.open_board("Heat", "committee", by=by, at=now())),
    "forum.rename_board": ("keep_boards", ADA, lambda s, by: forum.rename_board(s.topic.board, "Heat", languages=["en"], by=by, at=now())),
    "forum.pin": ("keep_boards", ADA, lambda s, by: forum.pin(s.topic, pinned=True, by=by, at=now())),
}
#: What anybody may do in a committee of their own: another committee's organizer does it there.
IN_ONES_OWN = {
    "membership.start_wider",
    "jointly.propose_about",
    "jointly.propose_charter",
    "jointly.propose_closing",
    "jointly.propose_export",
    "jointly.propose_leaving",
    "jointly.volunteer",
    "jointly.propose_support",
    "support.ask",
    "meetings.draft",
    "finding.propose",
    "circulars.draft",
    "alliance.ask",
    "forum.open_board",
}


def hold(monkeypatch: pytest.MonkeyPatch, *, but: Power | None) -> None:
    """From here on everybody holds every power, but this one."""
    powers = cached_property(lambda self: frozenset(Power) - {but})
    powers.__set_name__(Membership, "powers")
    monkeypatch.setattr(Membership, "powers", powers)


def forget_powers(*members: Membership) -> None:
    for member in members:
        member.__dict__.pop("powers", None)


def _prepare(name: str, scene: Scene) -> None:
    """What somebody who could has proposed before, and a second one agreed to."""
    if name in ("jointly.agree", "jointly.drop"):
        joint(scene)
    elif name == "jointly.fetch":
        exported(scene)
    elif name.endswith(("accept_cover", "decline_cover", "end_cover")):
        cover(scene)
    elif name in ("jointly.propose_about", "mandates.propose_end", "mandates.hand_back", "mandates.take_seat"):
        mandate(scene)
    elif name in ("live.drop", "live.answer", "live.take_duty"):
        goes_on_with_ben(scene)
    elif prepared := {"papers": hangs, "visitors": somebody_waits}.get(name.split(".", maxsplit=1)[0]):
        prepared(scene)
    elif name == "support.end":
        granted(scene)
    elif name == "resettling.pack":
        departed(scene)
    elif name == "jointly.object_to":
        joint_agreed(scene)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_asks_for_its_power(name: str, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    power, actor, give = COMMANDS[name]
    _prepare(name, scene)
    by = actor(scene)
    forget_powers(by)
    hold(monkeypatch, but=Power(power))
    cast = scene.cast
    forget_powers(by, cast.ada, cast.mo)
    with pytest.raises(PermissionDenied):
        give(scene, by)
    hold(monkeypatch, but=None)
    forget_powers(by, cast.ada, cast.mo)
    with suppress(Refused):  # another rule of the domain, after the power was asked for
        give(scene, by)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in IN_ONES_OWN])
def test_no_power_reaches_into_another_committee(name: str, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    _power, _actor, give = COMMANDS[name]
    stranger = make.reloaded(make.organizer_of(make.committee()))
    _prepare(name, scene)
    hold(monkeypatch, but=None)
    with pytest.raises(PermissionDenied):
        give(scene, stranger)


ROOMS = (
    *(f"committees/{name}" for name in ("membership", "asking", "support", "jointly", "resettling", "alliance", "mandates", "moderation")),
    *(f"organizing/{name}" for name in ("meetings", "finding", "minutes", "live", "papers", "visitors", "circulars", "forum")),
)


def test_every_command_that_asks_for_a_power_is_asked_about_here() -> None:
    """Found in the code: functions of commands and rehearsals that ask for a power of `by`, directly or through what its room has for it."""
    asking = set()
    for room in ROOMS:
        for path in [*(ROOT / room).glob("commands/*.py"), *(ROOT / room).glob("commands.py"), *(ROOT / room).glob("rehearsals.py")]:
            for function in ast.parse(path.read_text()).body:
                if isinstance(function, ast.FunctionDef) and not function.name.startswith("_") and _asks(function):
                    asking.add(f"{room.split('/')[1]}.{function.name}")
    assert asking == COMMANDS.keys()


#: How a command asks, itself or through what its room has for it.
WAYS = (
    *("Power.", "_review(", "_end(", "held(", "require(", "decide(", "_take_back("),
    *("_sanction(", "_require_seat(", "require_author(", "require_answerer(", "_finish(", "require_comes(", "require_chair(", "require_door("),
)


def _asks(function: ast.FunctionDef) -> bool:
    """Whether a member gives this command, and it speaks of a power."""
    members = [arg for arg in function.args.kwonlyargs if arg.arg == "by" and arg.annotation and ast.unparse(arg.annotation) in ("Membership", "Answerer")]
    words = ast.unparse(function)
    return bool(members) and any(word in words for word in WAYS)
