"""What can be proposed: which power it takes, what follows as soon as two agree, how it is carried out, and what it is called.

A ballot that decides the same calls the same commands of the rooms below; then its line here goes. Rooms above add theirs
(`jointly.register`).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.bodies import commands as bodies
from committees.bodies.commands import CharterWords
from committees.jointly import groups, register, rules
from committees.jointly.commands import uniting
from committees.jointly.models import Deed, JointAct
from committees.jointly.register import Means
from committees.membership import commands as membership
from committees.membership.models import Membership
from committees.membership.roles import REMOVABLE, THAT_SEE, Power, Role
from committees.notices import commands as notices
from committees.people.models import Person
from committees.support import commands as support
from committees.support import register as looks


def _member(act: JointAct) -> Membership:
    assert act.member is not None  # the database says so
    return act.member


def _give(act: JointAct, at: datetime) -> None:
    membership.begin_term(_member(act), Role(act.role), until=at + rules.term(act.months or rules.TERMS[0]), by=None, at=at)


def _end(act: JointAct, at: datetime) -> None:
    membership.end_term(_member(act), Role(act.role), by=None, at=at)


def _remove(act: JointAct, at: datetime) -> None:
    membership.remove(_member(act), for_employer=act.for_employer, by=None, at=at)


def _shut_out(act: JointAct, by: Person | None, at: datetime) -> None:
    """They see nothing from now on, and are told why and until when members can object. Whoever went meanwhile sees nothing as it is."""
    member = _member(act)
    if member.standing in THAT_SEE:
        membership.suspend(member, by=by, at=at)
    if member.person_id and member.standing in REMOVABLE:
        notices.post("jointly/about_you", to=[member.person_id], about=act, committee=act.committee, at=at)


def _let_back(act: JointAct, at: datetime) -> None:
    member = _member(act)
    if membership.end_suspension(member, by=None, at=at) and member.person_id:
        notices.post("jointly/you_stay", to=[member.person_id], about=act, committee=act.committee, version=2, at=at)


def _adopt(act: JointAct, at: datetime) -> None:
    bodies.adopt_charter(act.committee, CharterWords(**(act.words or {})), by=None, at=at)


def _close(act: JointAct, at: datetime) -> None:
    membership.close(act.committee, by=act.proposed_by, at=at)


def _release(_act: JointAct, _at: datetime) -> None:
    """Nothing changes: from now on the two can fetch it (commands.fetch, resettling.pack)."""


def _giving(act: JointAct) -> str:
    months = act.months or 0
    said = {"who": _member(act).handle, "role": Role(act.role).label, "n": months}
    return ngettext("%(who)s becomes %(role)s for %(n)s month", "%(who)s becomes %(role)s for %(n)s months", months) % said


def _ending(act: JointAct) -> str:
    return _("%(who)s is no longer %(role)s") % {"who": _member(act).handle, "role": Role(act.role).label}


def _removing(act: JointAct) -> str:
    return _("%(who)s is removed from the committee") % {"who": _member(act).handle}


def _adopting(_act: JointAct) -> str:
    return _("The committee gets new rules")


def _closing(_act: JointAct) -> str:
    return _("The committee is closed")


def _uniting(act: JointAct) -> str:
    return _("The committee becomes one with %(name)s") % {"name": groups.other_of(act).name}


def _exporting(_act: JointAct) -> str:
    return _("Two organizers take the list of members out of here")


def _leaving(_act: JointAct) -> str:
    return _("The committee takes all that it has to another server")


def _cover(act: JointAct, at: datetime) -> None:
    assert act.cover is not None  # the database says so
    membership.begin_cover(act.cover, at=at)


def _nobody_covers(act: JointAct, at: datetime) -> None:
    assert act.cover is not None
    membership.call_off_cover(act.cover, at=at)


def _covering(act: JointAct) -> str:
    assert act.cover is not None
    said = {"who": _member(act).handle, "whom": act.cover.absent.handle, "role": Role(act.role).label}
    return _("%(who)s covers for %(whom)s as %(role)s") % said


def _let_look(act: JointAct, at: datetime) -> None:
    assert act.grant is not None
    support.grant(act.grant, at=at)


def _nobody_looks(act: JointAct, at: datetime) -> None:
    assert act.grant is not None
    support.call_off(act.grant, at=at)


def _looking(act: JointAct) -> str:
    assert act.grant is not None
    said = {"parts": looks.named(act.grant.parts), "n": act.grant.hours}
    return (
        ngettext(
            "Those who keep the service may look for %(n)s hour at: %(parts)s",
            "Those who keep the service may look for %(n)s hours at: %(parts)s",
            act.grant.hours,
        )
        % said
    )


HERE: dict[Deed, Means] = {
    Deed.GIVE_ROLE: Means(Power.GIVE_ROLE, _give, _giving),
    Deed.END_ROLE: Means(Power.GIVE_ROLE, _end, _ending),
    Deed.REMOVAL: Means(Power.REMOVE_MEMBER, _remove, _removing, _shut_out, _let_back),
    Deed.CHARTER: Means(Power.CHANGE_CHARTER, _adopt, _adopting),
    Deed.EXPORT: Means(Power.EXPORT_MEMBERS, _release, _exporting),
    Deed.LEAVING: Means(Power.CLOSE_COMMITTEE, _release, _leaving),
    Deed.UNITING: Means(Power.CLOSE_COMMITTEE, uniting.unite, _uniting),
    Deed.COVER: Means(Power.ARRANGE_COVER, _cover, _covering, call_off=_nobody_covers),
    Deed.SUPPORT: Means(Power.GRANT_SUPPORT, _let_look, _looking, call_off=_nobody_looks),
    Deed.CLOSING: Means(Power.CLOSE_COMMITTEE, _close, _closing),
}


for _deed, _means in HERE.items():
    register.can_be_done(_deed, _means)


def means(act: JointAct) -> Means:
    """What the deed of this act takes, and what it does."""
    return register.MEANS[act.deed]


def sentence(act: JointAct) -> str:
    """What is to be done, or was, in one sentence with the handle of whom it is about. For members of that committee."""
    return means(act).sentence(act)
