"""Who gets what a wider committee writes to all that belong to it: each person once, nobody else, and what they see of it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from committees.alliance import commands as ties
from committees.alliance.models import Affiliation
from committees.alliance.models import State as Tie
from committees.bodies.models import Committee, Life, Scope, Visibility
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import Standing
from committees.notices import commands as notices
from committees.notices import preview
from committees.notices import registry as kinds
from committees.notices.models import Level, Notice
from committees.notices.registry import Reader
from committees.people.models import Person
from organizing.circulars import kinds as told_kinds
from organizing.circulars import queries, rehearsals, rules
from organizing.circulars.models import Circular, Reach
from tests import make, standing
from tests.organizing.circulars.conftest import SUBJECT, TEXT, sent
from tests.organizing.circulars.wide import Tree, agreed, drafted, proposed, told, tree

pytestmark = pytest.mark.django_db
wide = standing.scene(tree)


# -- Who gets it -------------------------------------------------------------------------------------------------------------


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


def _sent(top: Committee, *, by: Membership) -> Circular:
    at, second = timezone.now(), make.organizer_of(make.alliance())
    words = {"language": "en", "subject": SUBJECT, "text": TEXT, "changed_at": at}
    return Circular.objects.create(committee=top, by=by, agreed_by=second, reach=Reach.FURTHER, sent_at=at, **words)


def _walked(top: int, down: dict[int, set[int]]) -> set[int]:
    """All that one comes to from there."""
    meant, ahead = {top}, [top]
    while ahead:
        for pk in down[ahead.pop()] - meant:
            meant.add(pk)
            ahead.append(pk)
    return meant


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
    meant = _walked(top.pk, down)
    naive = {m.person_id for m in Membership.objects.all() if m.committee_id in meant and m.person_id and m.standing in (Standing.MEMBER, Standing.PROBATION)}
    message = _sent(top, by=organizers[top.pk])
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


# -- What they see -----------------------------------------------------------------------------------------------------------


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
