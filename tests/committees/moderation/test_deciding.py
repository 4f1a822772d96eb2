"""Moderators decide once: who may, what it needs, what it does, who is told, and that of two at once only one does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from committees.base.errors import Refused
from committees.ledger.models import Entry
from committees.membership.models import Membership, RoleTerm
from committees.membership.roles import Role, Standing
from committees.moderation import commands as moderation
from committees.moderation import queries, rulebook, rules
from committees.moderation.models import AGAINST, Act, Flag, FlagReason, Reason, Review
from committees.notices.models import Notice
from tests import make
from tests.at_once import at_once
from tests.committees.moderation import leaflets
from tests.committees.moderation.leaflets import Leaflet, state_of
from tests.committees.moderation.test_flagging import flag, told

pytestmark = pytest.mark.django_db

WHY = "It gives away who a co-worker is."
RULE = "names"
WORDS = {"rule": RULE, "text": WHY}


@pytest.fixture
def flagged(cast: make.Cast, leaflet: Leaflet) -> Review:
    return flag(leaflet, cast.cleo).review


def decide(review: Review, act: Act, by: Membership) -> None:
    moderation.decide(review, act, by=make.reloaded(by), at=timezone.now(), **(WORDS if act in AGAINST else {}))


#: What each act makes of what is shown, and of what is held.
BECOMES = {Act.KEEP: "visible", Act.SEND_BACK: "draft", Act.HIDE: "hidden", Act.REMOVE: "removed", Act.LOCK: "locked"}


@pytest.mark.parametrize("act", BECOMES)
def test_what_each_act_does_to_what_was_flagged(cast: make.Cast, leaflet: Leaflet, flagged: Review, act: Act) -> None:
    decide(flagged, act, cast.mo)
    flagged.refresh_from_db()
    assert (state_of(leaflet), flagged.act, flagged.decided_by, flagged.rule) == (BECOMES[act], act, cast.mo, RULE if act in AGAINST else "")
    assert Flag.objects.get().upheld is (act in AGAINST)
    if act == Act.KEEP:
        assert not Notice.objects.filter(kind="moderation/decided").exists(), "dismissed flags are nobody's news"
    else:
        assert told("moderation/decided") == {cast.ben.person_id}
        assert flagged.text == WHY


def test_what_was_held_is_shown_and_its_author_told(cast: make.Cast, held: Review) -> None:
    decide(held, Act.APPROVE, cast.mo)
    assert state_of(Leaflet.objects.get(pk=held.row_id)) == "visible"
    assert told("moderation/decided") == {cast.cleo.person_id}


def test_what_is_held_is_not_kept_and_what_is_flagged_not_approved(cast: make.Cast, held: Review, flagged: Review) -> None:
    for review, act in ((held, Act.KEEP), (flagged, Act.APPROVE)):
        with pytest.raises(Refused, match="cannot be done here"):
            decide(review, act, cast.mo)


def test_keeping_what_flags_had_hidden_shows_it_again_and_tells_its_author(cast: make.Cast, leaflet: Leaflet) -> None:
    review = flag(leaflet, make.member(cast.committee), FlagReason.DOXXING).review
    decide(review, Act.KEEP, cast.mo)
    assert state_of(leaflet) == "visible"
    assert told("moderation/decided") == {cast.ben.person_id}
    assert Notice.objects.get(kind="moderation/hidden").superseded_at


@pytest.mark.parametrize("act", sorted(AGAINST - {Act.SILENCE, Act.SUSPEND}))
@pytest.mark.parametrize(("rule", "text"), [("", WHY), ("no-such-rule", WHY), (RULE, ""), (RULE, "x" * 19), (RULE, " " * 30)])
def test_what_is_against_somebody_needs_a_rule_and_a_reason(cast: make.Cast, flagged: Review, act: Act, rule: str, text: str) -> None:
    with pytest.raises(Refused):
        moderation.decide(flagged, act, rule=rule, text=text, by=cast.mo, at=timezone.now())
    flagged.refresh_from_db()
    assert (flagged.is_open, Leaflet.objects.get().state) == (True, "visible")


@pytest.mark.parametrize("who", ["ben", "cleo", "boss", "suspended", "elsewhere"])
def test_only_moderators_of_that_committee_decide(cast: make.Cast, leaflet: Leaflet, flagged: Review, who: str) -> None:
    by = {
        "suspended": lambda: make.member(cast.committee, standing=Standing.SUSPENDED, roles=(Role.MODERATOR,)),
        "elsewhere": lambda: make.member(cast.boss.committee, roles=(Role.MODERATOR,)),
    }.get(who, lambda: getattr(cast, who))()
    for act in (Act.KEEP, Act.HIDE):
        with pytest.raises(PermissionDenied):
            decide(flagged, act, by)
    assert state_of(leaflet) == "visible"


def test_nobody_decides_about_what_they_wrote_or_flagged(cast: make.Cast, wall: None) -> None:
    own, flagged = leaflets.put_up(cast.mo), leaflets.put_up(cast.ben)
    of_mo, by_mo = flag(own, cast.cleo).review, flag(flagged, cast.mo).review
    for review in (of_mo, by_mo):
        for verb in (lambda r: decide(r, Act.KEEP, cast.mo), lambda r: moderation.claim(r, by=cast.mo, at=timezone.now())):
            with pytest.raises(PermissionDenied):
                verb(review)
    decide(of_mo, Act.HIDE, cast.ada)
    decide(by_mo, Act.KEEP, cast.ada)


def test_the_same_person_under_another_name_is_a_party_too(cast: make.Cast, wall: None) -> None:
    """Ben wrote it in his own committee, on a wall that another one shares, where he moderates."""
    assert cast.ben.person is not None
    there = make.committee()
    twin = make.member(there, by=cast.ben.person, roles=(Role.MODERATOR,))
    review = flag(leaflets.put_up(cast.ben, committee_id=there.pk, shared=True), cast.boss).review
    assert review.author == cast.ben
    with pytest.raises(PermissionDenied):
        decide(review, Act.KEEP, twin)
    assert queries.case(cast.ben.person, review.slug) is None
    with pytest.raises(IntegrityError, match="nobody_decides_about_their_own"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state="decided", act="keep", decided_by=review.author, decided_in=there, decided_at=timezone.now())


def test_the_second_of_two_is_shown_the_first_ones_answer(cast: make.Cast, flagged: Review) -> None:
    decide(flagged, Act.HIDE, cast.mo)
    with pytest.raises(Refused, match="answered already: Hidden"):
        decide(flagged, Act.REMOVE, cast.ada)


@pytest.mark.django_db(transaction=True)
def test_of_moderators_at_the_same_moment_one_decides() -> None:
    with leaflets.wall():
        cast = make.cast()
        leaflet = leaflets.put_up(cast.ben)
        review = flag(leaflet, cast.cleo).review
        moderators = [cast.mo, cast.ada, *(make.member(cast.committee, roles=(Role.MODERATOR,)) for _ in range(3))]
        said = at_once([lambda by=by: decide(review, Act.HIDE if by in moderators[:3] else Act.KEEP, by) for by in moderators])  # type: ignore[misc]
        refused = [str(each) for each in said if isinstance(each, Refused)]
        assert len(refused) == len(moderators) - 1
        assert all("answered already" in each for each in refused)
        acts = Entry.objects.filter(verb__in=("review.hidden", "review.kept"))
        assert acts.count() == 1
        review.refresh_from_db()
        assert state_of(leaflet) == ("hidden" if review.act == Act.HIDE else "visible")
        assert Notice.objects.filter(kind="moderation/decided").count() == (review.act == Act.HIDE)


def test_what_is_taken_by_one_is_not_decided_by_another(cast: make.Cast, flagged: Review) -> None:
    moderation.claim(flagged, by=cast.mo, at=timezone.now())
    for verb in (lambda: decide(flagged, Act.KEEP, cast.ada), lambda: moderation.claim(flagged, by=cast.ada, at=timezone.now())):
        with pytest.raises(Refused, match="has taken this case"):
            verb()
    moderation.release(flagged, by=cast.mo, at=timezone.now())
    with pytest.raises(Refused, match="not taken"):
        moderation.release(flagged, by=cast.mo, at=timezone.now())
    decide(flagged, Act.KEEP, cast.ada)


def test_a_case_is_free_again_after_a_quarter_of_an_hour(cast: make.Cast, flagged: Review) -> None:
    moderation.claim(flagged, by=cast.mo, at=timezone.now() - rules.CLAIMED)
    assert moderation.release_claims(timezone.now()) == 1
    decide(flagged, Act.KEEP, cast.ada)


def test_what_a_removed_moderator_had_taken_is_free_and_they_decide_nothing_more(cast: make.Cast, flagged: Review) -> None:
    moderation.claim(flagged, by=cast.mo, at=timezone.now())
    RoleTerm.objects.filter(membership=cast.mo).update(ends_at=timezone.now() - timedelta(seconds=1))  # an election is not built yet
    with pytest.raises(PermissionDenied):
        decide(flagged, Act.HIDE, cast.mo)
    assert moderation.release_claims(timezone.now()) == 1
    flagged.refresh_from_db()
    assert flagged.claimed_by is None
    moderation.claim(flagged, by=cast.ada, at=timezone.now())


def test_a_claim_of_somebody_who_moderates_no_longer_binds_nobody(cast: make.Cast, flagged: Review) -> None:
    """Also before the minute in which the clock frees it."""
    moderation.claim(flagged, by=cast.mo, at=timezone.now())
    RoleTerm.objects.filter(membership=cast.mo).update(ends_at=timezone.now() - timedelta(seconds=1))
    decide(flagged, Act.KEEP, cast.ada)


def test_whoever_flags_what_they_had_taken_gives_it_back(cast: make.Cast, leaflet: Leaflet, flagged: Review) -> None:
    moderation.claim(flagged, by=cast.mo, at=timezone.now())
    flag(leaflet, cast.mo)
    flagged.refresh_from_db()
    assert flagged.claimed_by is None


TAKES_BACK: dict[Act, tuple[Callable[..., Review], str]] = {
    Act.HIDE: (moderation.restore, "visible"),
    Act.REMOVE: (moderation.restore, "visible"),
    Act.LOCK: (moderation.unlock, "visible"),
}


@pytest.mark.parametrize("act", TAKES_BACK)
def test_what_was_done_is_taken_back_once_and_its_author_told(cast: make.Cast, leaflet: Leaflet, flagged: Review, act: Act) -> None:
    verb, state = TAKES_BACK[act]
    decide(flagged, act, cast.mo)
    made = verb(flagged, by=cast.ada, at=timezone.now())
    assert (made.state, made.decided_by, state_of(leaflet)) == ("decided", cast.ada, state)
    assert Notice.objects.get(kind="moderation/decided", about_id=flagged.pk).superseded_at
    assert told("moderation/decided") == {cast.ben.person_id}
    with pytest.raises(Refused, match="answered already"):
        verb(flagged, by=cast.mo, at=timezone.now())


def test_only_what_was_hidden_is_restored(cast: make.Cast, flagged: Review) -> None:
    decide(flagged, Act.KEEP, cast.mo)
    for verb in (moderation.restore, moderation.unlock):
        with pytest.raises(Refused):
            verb(flagged, by=cast.mo, at=timezone.now())


@pytest.mark.parametrize("act", [Act.KEEP, Act.HIDE, Act.REMOVE, Act.LOCK])
def test_a_moderator_takes_their_own_decision_back_at_once(cast: make.Cast, leaflet: Leaflet, flagged: Review, act: Act) -> None:
    decide(flagged, act, cast.mo)
    flagged.refresh_from_db()
    with pytest.raises(Refused, match="no longer"):
        moderation.undo(flagged, by=cast.ada, at=timezone.now())
    with pytest.raises(Refused, match="no longer"):
        moderation.undo(flagged, by=cast.mo, at=timezone.now() + rules.UNDO + timedelta(minutes=1))
    moderation.undo(flagged, by=cast.mo, at=timezone.now())
    flagged.refresh_from_db()
    assert (flagged.is_open, flagged.act, flagged.text, state_of(leaflet)) == (True, "", "", "visible")
    assert Flag.objects.get().upheld is None
    decide(flagged, Act.REMOVE, cast.ada)
    assert told("moderation/decided") == {cast.ben.person_id}, "the new decision is told, though the first was not"


def test_taking_an_approval_back_hides_it_again(cast: make.Cast, held: Review) -> None:
    decide(held, Act.APPROVE, cast.mo)
    moderation.undo(held, by=cast.mo, at=timezone.now())
    assert state_of(Leaflet.objects.get(pk=held.row_id)) == "hidden"


def test_what_was_sent_back_may_be_in_its_authors_hands(cast: make.Cast, flagged: Review) -> None:
    decide(flagged, Act.SEND_BACK, cast.mo)
    with pytest.raises(Refused, match="no longer"):
        moderation.undo(flagged, by=cast.mo, at=timezone.now())


def test_flags_after_a_decision_open_a_new_case_and_old_ones_no_longer_count(cast: make.Cast, leaflet: Leaflet) -> None:
    first, _second, _third = (flag(leaflet, make.member(cast.committee)).review for _ in range(3))
    decide(first, Act.KEEP, cast.mo)
    second = flag(leaflet, make.member(cast.committee)).review
    assert second != first
    assert state_of(leaflet) == "visible"
    assert [each.pk for each in queries.earlier(second)] == [first.pk]


def test_the_ledger_names_the_act_and_the_rule_and_nobody(cast: make.Cast, flagged: Review) -> None:
    decide(flagged, Act.HIDE, cast.mo)
    entry = Entry.objects.get(verb="review.hidden")
    assert (entry.detail, entry.chain) == ({"rule": RULE, "part": "moderator"}, cast.committee.slug)


def test_every_act_has_a_verb_that_the_log_has_words_for() -> None:
    from committees.membership import register
    from committees.moderation.commands.deciding import VERBS

    assert set(VERBS) | {Act.SILENCE, Act.SUSPEND} == set(Act)
    assert not [verb for verb in VERBS.values() if verb not in register.WORDS]


def test_an_author_who_has_erased_their_account_is_told_nothing(cast: make.Cast, leaflet: Leaflet, flagged: Review) -> None:
    from committees.people import commands as people

    assert cast.ben.person is not None
    people.erase(cast.ben.person, by=cast.ben.person, at=timezone.now())
    decide(flagged, Act.HIDE, cast.mo)
    assert state_of(leaflet) == "hidden"
    assert not Notice.objects.filter(kind="moderation/decided").exists()


def test_ready_made_words_are_long_enough_and_in_every_language_of_the_site() -> None:
    from django.conf import settings

    missing = {code: {name for name, _label in settings.LANGUAGES if name not in ("en-xa", "ar")} - there for code, there in rulebook.languages().items()}
    assert not {code: names for code, names in missing.items() if names}
    for language in ("en", "es"):
        assert all(len(words) >= rules.SHORTEST_TEXT for rule in rulebook.rules(language) for words in rule.words)
    assert all(len(code) <= 20 for code in rulebook.codes())


def test_a_case_of_another_committee_is_nobodys_here(cast: make.Cast, flagged: Review) -> None:
    assert cast.boss.person is not None
    assert queries.case(cast.boss.person, flagged.slug) is None
    assert not queries.waiting(cast.boss.person).exists()
    assert cast.mo.person is not None
    assert queries.waiting(cast.mo.person).get() == flagged
    assert flagged.reason == Reason.FLAGS
