"""What goes to the members of all committees that belong to a wider one: two organizers, each person once, nobody else, and what happens
to it when committees part, close or become one."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.alliance.models import State as Tie
from committees.base.errors import Refused
from committees.bodies.models import Committee, Life, Scope, Visibility
from committees.bodies.register import last_activity
from committees.jointly import commands as jointly
from committees.jointly import register as taking_two
from committees.jointly.models import Deed
from committees.jointly.models import State as Act
from committees.ledger.models import Entry
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation.models import FlagReason
from committees.notices import commands as notices
from committees.notices import preview
from committees.notices import registry as kinds
from committees.notices.models import Level, Notice
from committees.notices.registry import Reader
from committees.people import commands as people
from committees.people import registry
from committees.people.models import Person
from organizing.circulars import commands as circulars
from organizing.circulars import kinds as told_kinds
from organizing.circulars import queries, rehearsals, rules
from organizing.circulars.models import Circular, Reach, State
from tests import make, standing
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent, written
from tests.organizing.circulars.wide import Tree, agreed, drafted, proposed, told, tree

pytestmark = pytest.mark.django_db
wide = standing.scene(tree)


# -- Two organizers --------------------------------------------------------------------------------------------------------


def test_it_leaves_when_a_second_organizer_agrees_and_not_before(wide: Tree) -> None:
    act = proposed(wide.uma)
    assert not Circular.objects.sent().exists()
    assert Notice.objects.filter(kind="jointly/proposed").count() == 1
    jointly.agree(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    message = Circular.objects.get(pk=act.row_id)
    assert act.state == Act.DONE
    assert (message.by_id, message.agreed_by_id, message.is_draft) == (wide.uma.pk, wide.vik.pk, False)
    assert told() == wide.readers
    assert wide.otto.person_id not in told()
    assert Entry.objects.filter(verb="message.sent_further", chain=wide.top.slug).count() == 1
    assert not Notice.objects.filter(kind__in=("jointly/done", queries.SENT)).exists()  # the message tells them


def test_whoever_proposed_it_does_not_agree_nor_does_anybody_from_below(wide: Tree) -> None:
    act = proposed(wide.uma)
    with pytest.raises(Refused, match="Another organizer"):
        jointly.agree(act, by=wide.uma, at=timezone.now())
    with pytest.raises(PermissionDenied):
        jointly.agree(act, by=wide.ines, at=timezone.now())
    assert not Circular.objects.sent().exists()


def test_a_lone_organizer_asks_one_of_the_wider_committee(wide: Tree) -> None:
    act = proposed(make.reloaded(make.organizer_of(wide.mid)))
    assert act.asks_wider
    intake = make.reloaded(make.organizer_of(make.alliance()))
    shown = taking_two.shown(act, inside=False, asked=True)
    assert shown is not None
    jointly.agree(act, by=intake, at=timezone.now())
    message = Circular.objects.sent().get()
    assert message.agreed_by_id == intake.pk
    assert told() == {each.person_id for each in Membership.objects.filter(committee__in=(wide.mid, wide.site))}


def test_where_nobody_could_agree_it_stays_a_draft() -> None:
    alone = make.reloaded(make.organizer_of(make.alliance()))
    make.affiliated(make.committee())
    draft = drafted(alone)
    with pytest.raises(Refused, match="nobody who could agree"):
        circulars.propose(draft, seen=draft.changed_at, by=alone, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.text, draft.is_draft) == (TEXT, True)


def test_what_is_proposed_is_changed_by_nobody_until_it_is_dropped(wide: Tree) -> None:
    act = proposed(wide.uma)
    draft = Circular.objects.select_related("committee").get(pk=act.row_id)
    change = {"language": "en", "reach": Reach.FURTHER, "seen": draft.changed_at, "at": timezone.now()}
    for by in (wide.uma, wide.vik):
        with pytest.raises(Refused, match="waits for a second organizer"):
            circulars.save(draft, SUBJECT, "Something else", by=by, **change)  # type: ignore[arg-type]
        with pytest.raises(Refused, match="waits for a second organizer"):
            circulars.discard(draft, by=by)
    with pytest.raises(Refused):
        circulars.send(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    jointly.drop(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    assert taking_two.shown(act, inside=True, asked=True) is None  # a draft again, and nobody else's
    changed = circulars.save(draft, SUBJECT, "Something else", by=wide.uma, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="already been answered"):
        jointly.agree(act, by=wide.vik, at=timezone.now())
    assert circulars.propose(changed, seen=changed.changed_at, by=wide.uma, at=timezone.now()).pk != act.pk


def test_pressed_twice_it_is_proposed_once_and_another_has_to_wait(wide: Tree) -> None:
    draft, other = drafted(wide.uma), drafted(wide.uma)
    act = circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    with pytest.raises(Refused, match="proposed already"):
        circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=timezone.now())
    with pytest.raises(Refused, match="Another message waits"):
        circulars.propose(other, seen=other.changed_at, by=wide.vik, at=timezone.now())
    jointly.drop(act, by=wide.uma, at=timezone.now())
    assert circulars.propose(other, seen=other.changed_at, by=wide.vik, at=timezone.now()).is_open


def test_what_somebody_changed_meanwhile_is_not_proposed(wide: Tree) -> None:
    draft = drafted(wide.uma)
    changed = {"language": "en", "reach": Reach.OWN, "seen": draft.changed_at, "at": draft.changed_at + timedelta(seconds=1)}
    now = circulars.save(draft, SUBJECT, TEXT, by=wide.vik, **changed)  # type: ignore[arg-type]
    for seen in (draft.changed_at, now.changed_at):  # another time, and for others than was meant
        with pytest.raises(Refused, match="changed the message"):
            circulars.propose(draft, seen=seen, by=wide.uma, at=timezone.now())
    wider = drafted(wide.uma)
    with pytest.raises(Refused, match="changed the message"):
        circulars.send(wider, seen=wider.changed_at, by=wide.uma, at=timezone.now())


def test_a_site_writes_to_its_own_members_alone(wide: Tree) -> None:
    with pytest.raises(Refused, match="No other committee can belong"):
        drafted(wide.ines)


def test_where_no_committee_belongs_it_is_not_proposed() -> None:
    top = make.wider(Scope.EMPLOYER, make.committee())
    make.member(top, roles=(Role.ORGANIZER,))
    draft = drafted(make.reloaded(make.organizer_of(top)))
    with pytest.raises(Refused, match="No committee belongs to yours"):
        circulars.propose(draft, seen=draft.changed_at, by=draft.by, at=timezone.now())


def test_the_database_lets_nothing_go_further_that_two_did_not_agree(wide: Tree) -> None:
    draft = drafted(wide.uma)
    for agreed_by in (None, wide.uma):
        with pytest.raises(IntegrityError, match="a_message_to_other_committees_takes_two"), transaction.atomic():
            Circular.objects.filter(pk=draft.pk).update(sent_at=timezone.now(), agreed_by=agreed_by)
    with pytest.raises(IntegrityError, match="only_what_takes_two_was_agreed_to"), transaction.atomic():
        Circular.objects.filter(pk=written(wide.uma).pk).update(agreed_by=wide.vik)


def test_whoever_proposed_it_and_is_no_organizer_any_more_sends_nothing(wide: Tree) -> None:
    act = proposed(wide.vik)
    membership.leave(wide.vik, by=wide.vik, at=timezone.now())
    with pytest.raises(Refused, match="no longer an organizer"):
        jointly.agree(act, by=wide.uma, at=timezone.now())


def test_what_nobody_agreed_to_lapses_and_is_a_draft_again(wide: Tree) -> None:
    now = timezone.now()
    act = proposed(wide.uma, at=now - timedelta(hours=73))
    assert jointly.lapse(now) == 1
    draft = Circular.objects.select_related("committee").get(pk=act.row_id)
    assert queries.proposed([draft]) == {}
    circulars.discard(draft, by=wide.uma)


def test_what_can_no_longer_be_sent_is_overtaken(wide: Tree) -> None:
    act = proposed(wide.uma)
    for tie in Affiliation.objects.standing().filter(wider=wide.top):
        ties.end(tie, "We go our own way.", by=wide.uma, at=timezone.now())
    jointly.agree(act, by=wide.vik, at=timezone.now())
    act.refresh_from_db()
    assert act.state == Act.OVERTAKEN
    assert not Circular.objects.sent().exists()


# -- The share -------------------------------------------------------------------------------------------------------------


def test_one_leaves_in_a_day_and_three_in_a_week_and_ones_own_members_count_apart(wide: Tree) -> None:
    begin = timezone.now()
    agreed(wide.uma, wide.vik, at=begin)
    draft = drafted(wide.uma)
    with pytest.raises(Refused, match="One message in 24 hours"):
        circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=begin + timedelta(hours=23))
    for day in (1, 2):
        agreed(wide.uma, wide.vik, at=begin + timedelta(days=day, minutes=1))
    for day in (4, 6.9):
        assert queries.left(wide.top.pk, Reach.FURTHER, begin + timedelta(days=day)) == 0
    assert queries.left(wide.top.pk, Reach.FURTHER, begin + timedelta(days=7, minutes=1)) == 1
    assert queries.left(wide.top.pk, Reach.OWN, begin) == rules.MOST
    sent(wide.uma, at=begin)
    assert queries.left(wide.mid.pk, Reach.FURTHER, begin) == 1  # another committee's share is its own


def test_a_second_one_that_waits_beside_is_overtaken_by_the_share(wide: Tree) -> None:
    """Nothing proposes two at once; if something did, the share would hold."""
    one, other = (jointly.propose_about(drafted(wide.uma), Deed.MESSAGE, by=wide.uma, at=timezone.now()) for _each in range(2))
    for act in (one, other):
        jointly.agree(act, by=wide.vik, at=timezone.now())
        act.refresh_from_db()
    assert (one.state, other.state) == (Act.DONE, Act.OVERTAKEN)
    assert Circular.objects.sent().count() == 1
    assert Entry.objects.filter(verb="message.sent_further").count() == 1


# -- Who gets it -----------------------------------------------------------------------------------------------------------


def test_somebody_in_several_of_them_gets_one(wide: Tree) -> None:
    for committee in (wide.mid, wide.top, wide.hidden):
        make.member(committee, by=wide.sam.person)
    agreed(wide.uma, wide.vik)
    assert wide.sam.person_id in told()


def test_who_left_was_suspended_or_parted_meanwhile_gets_nothing(wide: Tree) -> None:
    agreed(wide.uma, wide.vik)
    people_told, at = told(), timezone.now()
    notice = Notice.objects.get(kind=queries.FURTHER)
    matters = kinds.kind(queries.FURTHER).matters
    assert matters(notice, people_told) == people_told
    membership.leave(wide.sam, by=wide.sam, at=at)
    assert wide.ines.person
    membership.suspend(wide.nia, by=wide.ines.person, at=at)
    assert matters(notice, people_told) == people_told - {wide.sam.person_id, wide.nia.person_id}
    ties.end(Affiliation.objects.standing().get(committee=wide.mid, wider=wide.top), "We part.", by=wide.uma, at=at)
    rest = {pk for pk in Membership.objects.present().filter(committee__in=(wide.top, wide.hidden)).values_list("person_id", flat=True) if pk}
    assert matters(notice, people_told) == rest
    Committee.objects.filter(pk=wide.hidden.pk).update(life=Life.DISSOLVED)
    assert matters(notice, people_told) == {wide.uma.person_id, wide.vik.person_id}
    Committee.objects.filter(pk=wide.top.pk).update(life=Life.DISSOLVED)
    assert matters(notice, people_told) == set()


def test_whoever_came_after_it_was_sent_is_not_told_but_reads_it_when_past_their_first_weeks(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    late = [make.member(wide.site), make.member(wide.site, standing=Standing.PROBATION)]
    Membership.objects.filter(pk__in=[each.pk for each in late]).update(joined_at=timezone.now() + timedelta(seconds=5))
    assert not told() & {each.person_id for each in late}
    full, new = (make.reloaded(each) for each in late)
    assert Circular.objects.visible_to(full).filter(pk=message.pk).exists()
    assert not Circular.objects.visible_to(new).filter(pk=message.pk).exists()
    assert full.person
    assert new.person
    assert Circular.objects.all().visible_to_person(full.person).filter(pk=message.pk).exists()
    assert not Circular.objects.all().visible_to_person(new.person).filter(pk=message.pk).exists()
    assert queries.place(full.person, message.slug) == message.url_in(wide.site.slug)
    assert queries.place(new.person, message.slug) is None


def test_a_site_that_parts_reads_it_no_more_and_one_that_comes_does(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    assert Circular.objects.visible_to(wide.sam).filter(pk=message.pk).exists()
    ties.end(Affiliation.objects.standing().get(committee=wide.mid), "We part.", by=wide.uma, at=timezone.now())
    assert wide.sam.person
    assert not Circular.objects.visible_to(wide.sam).exists()
    assert queries.place(wide.sam.person, message.slug) is None
    assert not Circular.objects.visible_to(wide.otto).exists()
    make.affiliated(wide.otto.committee, wide.top)
    assert Circular.objects.visible_to(make.reloaded(wide.otto)).filter(pk=message.pk).exists()


def test_nobody_below_sees_a_draft_or_what_was_written_to_the_wider_ones_own_members(wide: Tree) -> None:
    draft, own = drafted(wide.uma), sent(wide.uma)
    proposed(wide.uma)
    for who in (wide.ines, wide.sam, wide.hal, wide.otto):
        assert who.person
        assert not Circular.objects.visible_to(who).exists()
        assert not Circular.objects.all().read_by(who.person).exists()
    assert set(Circular.objects.visible_to(wide.uma).values_list("pk", flat=True)) >= {draft.pk, own.pk}


def _committee(alliance: Committee) -> Committee:
    """A wide committee that only its link leads to: there may be many in one country."""
    facts = {"life": Life.ACTIVE, "visibility": Visibility.LINK, "verified_by": alliance, "founded_at": make.past()}
    return Committee.objects.create(name="Wide", scope=Scope.REGION, country="GB", **facts)


def _seat(committee: Committee, person: Person) -> Membership:
    number = Membership.objects.count()
    facts = {"standing": Standing.MEMBER, "joined_at": make.past(), "changed_at": make.past()}
    return Membership.objects.create(committee=committee, person=person, handle=f"Handle {number}", handle_key=f"handle{number}", **facts)


@pytest.mark.parametrize("seed", range(8))
def test_in_any_tree_those_are_told_whom_walking_through_it_finds(seed: int) -> None:
    """Committees that belong to several, members of several, standings of every kind, ties of every state."""
    dice, alliance = random.Random(seed), make.alliance()
    committees = [_committee(alliance) for _each in range(9)]
    for each in dice.sample(committees[1:], 2):
        Committee.objects.filter(pk=each.pk).update(life=Life.DISSOLVED)
        each.life = Life.DISSOLVED
    organizers = {each.pk: _seat(each, make.person()) for each in committees}
    down: dict[int, set[int]] = {each.pk: set() for each in committees}
    for n, below in enumerate(committees[1:], start=1):
        for above in dice.sample(committees[:n], dice.randint(1, min(2, n))):
            state = dice.choice([Tie.ACCEPTED, Tie.ACCEPTED, Tie.ACCEPTED, Tie.REQUESTED])
            answered = {"answered_by": organizers[above.pk], "answered_at": make.past()} if state == Tie.ACCEPTED else {}
            Affiliation.objects.create(committee=below, wider=above, state=state, asked_by=organizers[below.pk], asked_at=make.past(), **answered)
            if state == Tie.ACCEPTED and below.life != Life.DISSOLVED:
                down[above.pk].add(below.pk)
    folk = [make.person() for _each in range(14)]
    for person in folk:
        for committee in dice.sample(committees, dice.randint(0, 3)):
            make.put(_seat(committee, person), dice.choice([Standing.MEMBER, Standing.MEMBER, Standing.SUSPENDED, Standing.LEFT, Standing.INACTIVE]))
    top = committees[0]
    meant, ahead = {top.pk}, [top.pk]
    while ahead:
        for pk in down[ahead.pop()] - meant:
            meant.add(pk)
            ahead.append(pk)
    naive = {m.person_id for m in Membership.objects.all() if m.committee_id in meant and m.person_id and m.standing in (Standing.MEMBER, Standing.PROBATION)}
    message = Circular.objects.create(
        committee=top,
        by=organizers[top.pk],
        agreed_by=make.organizer_of(alliance),
        reach=Reach.FURTHER,
        language="en",
        subject=SUBJECT,
        text=TEXT,
        changed_at=timezone.now(),
        sent_at=timezone.now(),
    )
    notices.post(queries.FURTHER, about=message, at=timezone.now())
    assert told() == naive
    readable = {person.pk for person in folk if Circular.objects.all().visible_to_person(person).exists()}
    resting = {m.person_id for m in Membership.objects.filter(standing=Standing.INACTIVE, committee__in=meant)}
    assert readable == ({person.pk for person in folk} & (naive | resting))
    assert queries.people_reached(top.pk) == len(naive)


def test_whoever_wants_no_such_mails_stops_them_for_all_wider_committees_and_keeps_those_of_their_own(wide: Tree) -> None:
    agreed(wide.uma, wide.vik)
    told()
    assert wide.sam.person
    notice = Notice.objects.get(kind=queries.FURTHER)
    assert (notice.committee_id, kinds.kind(queries.FURTHER).group) == (None, told_kinds.FROM_WIDER)
    assert kinds.kind(queries.FURTHER).may_be_off
    groups = {group.name: group for group in kinds.groups()}
    assert groups[told_kinds.FROM_WIDER].by_committee is False


# -- What they see ---------------------------------------------------------------------------------------------------------


def test_no_subject_says_it_and_only_who_wants_everything_reads_who_wrote(wide: Tree) -> None:
    draft = drafted(wide.uma)
    neutral, kind, full = (preview.preview(queries.FURTHER, draft, language="en", level=level) for level in Level)
    for letter in (neutral, kind):
        for word in (SUBJECT, "tonight", wide.top.name, wide.uma.handle):
            assert word not in letter.subject + letter.text + letter.html
    assert "wider committee" in kind.text
    assert f"The organizers of {wide.top.name} have written to the members of all committees that belong to it." in full.text
    assert TEXT in full.text
    assert "<script>" not in full.html
    assert wide.uma.handle not in full.text + full.html
    again = preview.preview("circulars/test", draft, language="en", level=Level.FULL, committee=wide.top)
    assert "that belong to it" in again.html
    assert "Only you get it." in again.html


def test_an_inbox_keeps_its_subject_from_whoever_may_read_it_no_more(wide: Tree) -> None:
    agreed(wide.uma, wide.vik)
    notice = Notice.objects.get(kind=queries.FURTHER)
    headlines = kinds.kind(queries.FURTHER).headlines
    assert headlines is not None
    assert wide.sam.person
    reader = Reader(wide.sam.person.pk, "en", "UTC")
    assert headlines([notice], reader) == {notice.pk: f"A message from a wider committee: {SUBJECT}"}
    membership.leave(wide.sam, by=wide.sam, at=timezone.now())
    assert headlines([notice], reader) == {}


def test_an_organizer_sees_listed_committees_by_name_and_hidden_ones_that_belong_directly_as_a_number(wide: Tree) -> None:
    shown = rehearsals.proposing(drafted(wide.uma), by=wide.uma)
    assert {each.pk for each in shown.reached.named} == {wide.mid.pk, wide.site.pk}
    assert (shown.reached.listed, shown.reached.hidden, shown.reached.number) == (2, 1, 3)
    Committee.objects.filter(pk=wide.site.pk).update(visibility=Visibility.LINK)  # of one that belongs through another they do not know
    assert queries.reached(wide.top, by_organizers=True).number == 2
    assert queries.reached(wide.top, by_organizers=False).number == 1


@pytest.mark.parametrize(
    ("people", "words"),
    [(0, "fewer than 10 people"), (9, "fewer than 10 people"), (10, "10 to 24 people"), (24, "10 to 24 people"), (9999, "5000 to 9999 people"), (40000, "more than 10000 people")],
)  # fmt: skip
def test_people_of_other_committees_are_said_in_bands(people: int, words: str) -> None:
    assert rules.people(people) == words


def test_how_it_goes_out_is_said_in_bands_to_the_one_that_wrote_it_alone(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    told()
    assert queries.ways([message], committee_id=wide.top.pk)[message.pk].people == "fewer than 10 people"
    assert queries.ways([message], committee_id=wide.site.pk) == {}
    assert queries.reports([message], committee_id=wide.top.pk) == {}
    assert kinds.kind(queries.FURTHER).may_watch is None
    own = sent(wide.ines)
    assert queries.reports([own], committee_id=wide.top.pk) == {}


# -- Flags -----------------------------------------------------------------------------------------------------------------


def test_readers_below_flag_it_and_the_wider_committees_moderators_decide(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    mo = make.member(wide.top, roles=(Role.MODERATOR,))
    review = moderation.flag(message, reason=FlagReason.THREAT, by=wide.sam, at=timezone.now()).review
    assert (review.committee_id, review.crosses_sites) == (wide.top.pk, True)
    with pytest.raises(PermissionDenied):
        moderation.flag(message, reason=FlagReason.THREAT, by=wide.otto, at=timezone.now())
    told()
    with pytest.raises(PermissionDenied):
        moderation.hide(review, by=wide.ines, at=timezone.now(), rule="place", text="It belongs where others look.")
    moderation.hide(review, by=mo, at=timezone.now(), rule="place", text="It belongs where others look for it.")
    message.refresh_from_db()
    assert message.state == State.HIDDEN_BY_MODERATOR
    notice = Notice.objects.get(kind=queries.FURTHER)
    assert notice.superseded_at is not None
    assert kinds.kind(queries.FURTHER).matters(notice, {wide.sam.person_id or 0}) == set()
    assert wide.sam.person
    assert not Circular.objects.all().visible_to_person(wide.sam.person).exists()
    assert queries.place(wide.sam.person, message.slug)  # its page says that it is hidden


def test_one_site_alone_does_not_hide_it(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    for _each in range(6):
        moderation.flag(message, reason=FlagReason.THREAT, by=make.member(wide.site), at=timezone.now())
    message.refresh_from_db()
    assert message.state == State.SHOWN
    moderation.flag(message, reason=FlagReason.THREAT, by=wide.hal, at=timezone.now())
    message.refresh_from_db()
    assert message.state == State.HIDDEN_BY_FLAGS


# -- The wider one's alone -------------------------------------------------------------------------------------------------


def test_it_is_life_of_the_committee_that_wrote_it_alone_and_wakes_that_one(wide: Tree) -> None:
    at = timezone.now()
    Committee.objects.filter(pk__in=(wide.top.pk, wide.site.pk)).update(life=Life.DORMANT, rests_since=at)
    agreed(make.reloaded(wide.uma), make.reloaded(wide.vik), at=at)
    found = {pk: Committee.objects.get(pk=pk).life for pk in (wide.top.pk, wide.site.pk)}
    assert found == {wide.top.pk: Life.ACTIVE, wide.site.pk: Life.DORMANT}
    assert queries.last_in([wide.top.pk, wide.site.pk]) == {wide.top.pk: at}
    assert last_activity([wide.top.pk])[wide.top.pk] == at


def test_it_is_in_the_export_of_whoever_sent_it_and_stays_under_nobodys_name(wide: Tree) -> None:
    message = agreed(wide.vik, wide.uma)
    assert wide.vik.person
    assert wide.sam.person
    assert [each["to"] for each in registry.exports(wide.vik.person)["messages"]] == ["The members of all committees that belong here"]
    assert registry.exports(wide.sam.person)["messages"] == []
    people.erase(wide.vik.person, by=wide.vik.person, at=timezone.now())
    message.refresh_from_db()
    assert message.by.person_id is None
    assert Circular.objects.visible_to(wide.sam).filter(pk=message.pk).exists()


def test_an_account_that_is_erased_takes_what_it_had_proposed_along(wide: Tree) -> None:
    act = proposed(wide.vik)
    assert wide.vik.person
    people.erase(wide.vik.person, by=wide.vik.person, at=timezone.now())
    assert not Circular.objects.exists()
    now = type(act).objects.get(pk=act.pk)
    assert taking_two.shown(now, inside=True, asked=True) is None
    with pytest.raises(Refused):
        jointly.agree(now, by=wide.uma, at=timezone.now())
    assert jointly.lapse(timezone.now() + timedelta(hours=73)) == 1


def test_a_draft_about_which_somebody_is_asked_does_not_go_in_the_night(wide: Tree) -> None:
    now = timezone.now()
    draft = drafted(wide.uma, at=now - timedelta(days=91))
    act = circulars.propose(draft, seen=draft.changed_at, by=wide.uma, at=now)
    assert circulars.erase_old(now) == 0
    jointly.drop(act, by=wide.uma, at=now)
    assert circulars.erase_old(now) == 1


def test_a_committee_that_closes_while_it_is_proposed_sends_nothing(wide: Tree) -> None:
    act = proposed(wide.uma)
    membership.close(wide.top, by=wide.uma, at=timezone.now())
    assert not Circular.objects.sent().exists()
    with pytest.raises((Refused, PermissionDenied)):
        jointly.agree(act, by=make.reloaded(wide.vik), at=timezone.now())
    assert not Circular.objects.sent().exists()


def test_readers_of_a_site_that_became_one_with_another_read_on(wide: Tree) -> None:
    message = agreed(wide.uma, wide.vik)
    told()
    workplace = wide.site.workplace
    assert workplace is not None
    Committee.objects.filter(pk=wide.site.pk).update(visibility=Visibility.LINK)
    other = make.committee(site=workplace)
    joined, at = make.member(other), timezone.now()
    membership.unite(wide.site, other, at=at)
    for who in (make.reloaded(Membership.objects.get(committee=other, person=wide.sam.person)), make.reloaded(joined)):
        assert Circular.objects.visible_to(who).filter(pk=message.pk).exists()
    notice = Notice.objects.get(kind=queries.FURTHER)
    both = {wide.sam.person_id or 0, joined.person_id or 0}
    assert kinds.kind(queries.FURTHER).matters(notice, both) == both


# -- Scale -----------------------------------------------------------------------------------------------------------------


def test_reading_costs_the_same_however_many_committees_belong(wide: Tree) -> None:
    agreed(wide.uma, wide.vik)
    notice, counts, kind = Notice.objects.get(kind=queries.FURTHER), [], kinds.kind(queries.FURTHER)
    for _round in range(3):
        with CaptureQueriesContext(connection) as captured:
            people_told = {row[0] for row in kind.audience(notice)}
            kind.matters(notice, people_told)
            list(queries.of_committee(wide.sam))
            queries.reached(wide.top, by_organizers=True)
            queries.people_reached(wide.top.pk)
        counts.append(len(captured))
        for _each in range(2):
            make.affiliated(make.committee(), wide.top)
    assert counts[1] == counts[2] <= 6  # the first reads the message of the notice
