"""What moderators decide about a thing. They answer once: the second of two sees the first one's answer.

Each needs, where it is against somebody, a house rule and a text of 20 letters or more; each is written into the
committee's log, and its author is told by a notice that says nothing outside.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from committees.base.errors import Refused
from committees.ledger import commands as ledger
from committees.membership.models import Membership
from committees.moderation import registry, rulebook, rules
from committees.moderation.holding import held, locked, require, result
from committees.moderation.models import AGAINST, Act, Flag, Reason, Review, State
from committees.notices import commands as notices

#: What the ledger calls each act.
VERBS = {
    Act.APPROVE: "review.approved",
    Act.KEEP: "review.kept",
    Act.SEND_BACK: "review.sent_back",
    Act.HIDE: "review.hidden",
    Act.REMOVE: "review.removed",
    Act.RESTORE: "review.restored",
    Act.LOCK: "review.locked",
    Act.UNLOCK: "review.unlocked",
    Act.MOVE: "review.moved",
}
#: After these it stands where others read it, also where flags had hidden it.
SHOWN_AFTER = (Act.KEEP, Act.LOCK, Act.MOVE)
NOT_CLAIMED = {"claimed_by": None, "claimed_in": None, "claimed_until": None}


def require_words(act: Act, rule: str, text: str) -> None:
    """What is against somebody names a rule that there is, and says why. Refused otherwise, at the field."""
    if act not in AGAINST:
        return
    if rule not in rulebook.codes():
        raise Refused(_("Choose the rule that it breaks."), field="rule")
    if len(text.strip()) < rules.SHORTEST_TEXT:
        raise Refused(_("Say why in at least %(n)s letters. Its author reads it.") % {"n": rules.SHORTEST_TEXT}, field="text")


def record(review: Review, verb: str, *, by: Membership, at: datetime, rule: str = "") -> None:
    """Into the chain of the committee whose case it is: the act, the rule, and in which part somebody acted."""
    part = "wider" if by.committee_id != review.committee_id else next(iter(sorted(by.roles)), "")
    ledger.record(verb, by=by.person, about=review, committee=review.committee, at=at, detail={"rule": rule, "part": str(part)})


def tell_author(review: Review, *, at: datetime) -> None:
    """What was decided about theirs waits behind the sign-in; dismissed flags are nobody's news."""
    if review.author is not None and review.author.person_id:
        inside = review.author.committee  # as one of whose members they wrote; the board may be a wider one's
        notices.post("moderation/decided", to=[review.author.person_id], about=review, version=review.round, committee=inside, at=at)


def settle(now: Review, act: Act, *, rule: str, text: str, by: Membership, at: datetime) -> None:
    """Write the decision into a case that is open and held, and remember who was right to flag."""
    decision = {"state": State.DECIDED, "act": act, "rule": rule, "text": text, "decided_by": by, "decided_in_id": by.committee_id, "decided_at": at}
    Review.objects.filter(pk=now.pk).update(**decision, **NOT_CLAIMED)
    now.refresh_from_db(fields=[name.removesuffix("_id") for name in decision])
    _given(now).update(upheld=act in AGAINST)
    notices.supersede(now, kinds=["moderation/waits", "moderation/passed_on", "moderation/hidden"])


def _given(review: Review) -> QuerySet[Flag]:
    return Flag.objects.filter(review=review)


@transaction.atomic
def decide(review: Review, act: Act, *, rule: str = "", text: str = "", to: str = "", by: Membership, at: datetime) -> None:
    """A moderator decides about a row whose case is open; `to` names the place to which it is moved. Refused to the second of
    two, who is shown the result; for what its owner cannot do; and without rule or reason. PermissionDenied for parties and
    whoever moderates elsewhere."""
    now = held(review, by=by, at=at)
    matter = registry.find(now.matter)
    if matter is None or act not in rules.decidable(now) or (act != Act.KEEP and act not in matter.acts):
        raise Refused(_("This cannot be done here."))
    require_words(act, rule, text)
    row = matter.row(now.row_id)
    if act == Act.MOVE and (row is None or to not in dict(matter.places(row))):
        raise Refused(_("Choose where it belongs."), field="to")
    settle(now, act, rule=rule, text=text, by=by, at=at)
    if act in SHOWN_AFTER and now.hidden_at is not None:
        matter.act("restore", row, at=at)
    if act != Act.KEEP:
        matter.act(str(act), row, at=at, **({"to": to} if act == Act.MOVE else {}))
    record(now, VERBS[act], by=by, at=at, rule=rule)
    if act != Act.KEEP or now.hidden_at is not None:
        tell_author(now, at=at)


def approve(review: Review, *, by: Membership, at: datetime) -> None:
    """What was held is shown to others; its author is told."""
    decide(review, Act.APPROVE, by=by, at=at)


def keep(review: Review, *, by: Membership, at: datetime) -> None:
    """Flags are dismissed; what they had hidden is shown again, and its author told so. Otherwise nobody is told."""
    decide(review, Act.KEEP, by=by, at=at)


def send_back(review: Review, *, rule: str, text: str, by: Membership, at: datetime) -> None:
    """Its author is asked to change it, and told why. The moderator changes nothing; it stays hidden until then."""
    decide(review, Act.SEND_BACK, rule=rule, text=text, by=by, at=at)


def hide(review: Review, *, rule: str, text: str, by: Membership, at: datetime) -> None:
    """Others no longer read it. Its author still does, and is told why."""
    decide(review, Act.HIDE, rule=rule, text=text, by=by, at=at)


def remove(review: Review, *, rule: str, text: str, by: Membership, at: datetime) -> None:
    """Only its place is left. Its author is told why."""
    decide(review, Act.REMOVE, rule=rule, text=text, by=by, at=at)


def lock(review: Review, *, rule: str, text: str, by: Membership, at: datetime) -> None:
    """Nobody answers any more; what is there stays to be read. Its author is told why."""
    decide(review, Act.LOCK, rule=rule, text=text, by=by, at=at)


def move(review: Review, *, to: str, rule: str, text: str, by: Membership, at: datetime) -> None:
    """It goes to where it belongs, among those of `Matter.places`. Its author is told why."""
    decide(review, Act.MOVE, to=to, rule=rule, text=text, by=by, at=at)


def _take_back(review: Review, act: Act, *, by: Membership, at: datetime) -> Review:
    """A decision of its own about a row that was decided before. Refused where something newer is there."""
    before = locked(review)
    require(before, by)
    newest = Review.objects.filter(matter=before.matter, row_id=before.row_id).exclude(state=State.DROPPED).order_by("-begun_at", "-pk").first()
    if newest is None or newest.pk != before.pk or before.act not in rules.BACK[act]:
        raise result(newest) if newest is not None and newest.is_decided else Refused(_("This has already been done."))
    matter = registry.find(before.matter)
    if matter is None or act not in matter.acts:
        raise Refused(_("This cannot be done here."))
    copied = {
        name: getattr(before, name) for name in ("committee_id", "matter", "row_id", "author_id", "language", "crosses_sites", "passed_to_id", "passed_at")
    }
    made = Review.objects.create(
        **copied, reason=Reason.MODERATOR, begun_at=at, state=State.DECIDED, act=act, decided_by=by, decided_in_id=by.committee_id, decided_at=at
    )
    matter.act(str(act), matter.row(made.row_id), at=at)
    notices.supersede(before, kinds=["moderation/decided"])
    record(made, VERBS[act], by=by, at=at)
    tell_author(made, at=at)
    return made


@transaction.atomic
def restore(review: Review, *, by: Membership, at: datetime) -> Review:
    """What was hidden or removed is shown again, and its author is told. Refused the second time."""
    return _take_back(review, Act.RESTORE, by=by, at=at)


@transaction.atomic
def unlock(review: Review, *, by: Membership, at: datetime) -> Review:
    """What was closed can be answered again, and its author is told. Refused the second time."""
    return _take_back(review, Act.UNLOCK, by=by, at=at)


#: What its owner does so that a row is again as it was before the decision.
_UNDONE_BY = {Act.HIDE: "restore", Act.REMOVE: "restore", Act.LOCK: "unlock"}
_HELD_AGAIN = {Act.APPROVE: "wait", Act.HIDE: "wait", Act.REMOVE: "wait"}


@transaction.atomic
def undo(review: Review, *, by: Membership, at: datetime) -> None:
    """Within ten minutes a moderator takes their own decision back: the case waits again, and what the author was about to be told is
    not told. Refused for another's, later, and where the author may have acted on it already."""
    now = locked(review)
    require(now, by)
    if now.decided_by_id != by.pk or not now.is_decided or now.decided_at is None or at - now.decided_at > rules.UNDO:
        raise Refused(_("This can no longer be taken back."))
    back = _HELD_AGAIN if now.is_held else {**_UNDONE_BY, Act.KEEP: ""}
    if now.act not in back or Review.objects.open().filter(matter=now.matter, row_id=now.row_id).exists():
        raise Refused(_("This can no longer be taken back."))
    act, matter = Act(now.act), registry.find(now.matter)
    notices.supersede(now)
    empty = {"act": "", "rule": "", "text": "", "decided_by": None, "decided_in": None, "decided_at": None}
    Review.objects.filter(pk=now.pk).update(state=State.OPEN, round=now.round + 1, **empty)
    _given(now).update(upheld=None)
    was_hidden = now.hidden_at is not None
    if matter is not None and not (was_hidden and act in (Act.HIDE, Act.REMOVE)):
        undone = "hide_by_flags" if act == Act.KEEP and was_hidden else back[act]
        matter.act(undone, matter.row(now.row_id), at=at)
    record(now, "review.undone", by=by, at=at)
