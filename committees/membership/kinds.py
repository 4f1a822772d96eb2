"""What this room tells people: for each kind of notice who is meant, whether it still matters, and what its words need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.bodies import register as activity
from committees.bodies.models import Committee, Life
from committees.membership import queries, standing_in
from committees.membership import register as pages
from committees.membership.applications import Application, State
from committees.membership.commands import inactivity
from committees.membership.covers import Cover
from committees.membership.covers import State as Covering
from committees.membership.models import Membership
from committees.membership.roles import THAT_SEE, Standing
from committees.notices.models import Notice
from committees.notices.registry import Kind, Level, group, register

GROUP = "membership"


def _application(notice: Notice) -> Application:
    application: Application = notice.about
    return application


def _about_application(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    application = _application(notice)
    return {"application": application, "committee": application.committee, "reason": application.get_decline_code_display()}


def _about_membership(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {"member": notice.about, "committee": notice.about.committee}


def _about_committee(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return {"committee": notice.about}


# -- To reviewers ----------------------------------------------------------------------------------------------------------


def _reviewers(notice: Notice) -> Any:
    return queries.able_reviewers(_application(notice)).values_list("person_id", flat=True)


def _wider_organizers(notice: Notice) -> Any:
    wider = _application(notice).reviewed_in.verified_by_id
    return queries.organizer_ids(wider) if wider else []


def _but_the_absent(who: Callable[[Notice], Any], where: Callable[[Application], int | None]) -> Callable[[Notice], Any]:
    """Whoever is away and is covered for is not reminded, as long as somebody else is."""

    def those(notice: Notice) -> Any:
        everybody, committee = set(who(notice)), where(_application(notice))
        away = set(standing_in.away(committee, timezone.now())) if committee else set()
        return everybody - away or everybody

    return those


_reviewers_there = _but_the_absent(_reviewers, lambda application: application.reviewed_in_id)
_wider_organizers_there = _but_the_absent(_wider_organizers, lambda application: application.reviewed_in.verified_by_id)


def _while_waiting(who: Any) -> Any:
    """Those of them who still review, as long as it waits for an answer."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        if not Application.objects.waiting().filter(pk=notice.about_id).exists():
            return set()
        return person_ids & set(who(notice))

    return matters


def _case_url(notice: Notice) -> str:
    return reverse("membership:case", args=[_application(notice).slug])


def _to_reviewers(name: str, label: Any, who: Any = _reviewers) -> None:
    register(
        Kind(
            name=f"membership/{name}",
            label=label,
            group=GROUP,
            audience=who,
            matters=_while_waiting(who),
            context=_about_application,
            url=_case_url,
            thread=lambda notice: f"application-{notice.about_id}",
        )
    )


def _queue_url(notice: Notice) -> str:
    return reverse(pages.queue_name())


def _reviewers_or_gone(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(_reviewers(notice))


# -- To the applicant --------------------------------------------------------------------------------------------------------


def _applicant(*states: State) -> Any:
    """The applicant, as long as the application stands where the notice says."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        stands = Application.objects.filter(pk=notice.about_id, state__in=states) if states else Application.objects.filter(pk=notice.about_id)
        return person_ids & set(stands.values_list("person_id", flat=True))

    return matters


def _application_url(notice: Notice) -> str:
    return _application(notice).get_absolute_url()


def _inside() -> Any:
    """Members and new members of committees that still are."""
    return Membership.objects.present().exclude(committee__life=Life.DISSOLVED)


def _let_in(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever was accepted, unless they are out again meanwhile."""
    application = _application(notice)
    inside = _inside().filter(committee_id=application.committee_id, person_id=application.person_id)
    return _applicant(State.ADMITTED)(notice, person_ids) & set(inside.values_list("person_id", flat=True))


def _to_applicant(name: str, label: Any, matters: Any, *, members_only: bool = False) -> None:
    register(
        Kind(
            name=f"membership/{name}",
            label=label,
            group=GROUP,
            matters=matters,
            context=_about_application,
            url=_application_url,
            unsubscribable=False,
            members_only=members_only,
            thread=lambda notice: f"application-{notice.about_id}",
        )
    )


# -- To members ------------------------------------------------------------------------------------------------------------


def _member_url(notice: Notice) -> str:
    return reverse("membership:me", args=[notice.about.committee.slug])


def _still_inside(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(_inside().filter(pk=notice.about_id).values_list("person_id", flat=True))


def _stay_url(notice: Notice) -> str:
    return reverse("membership:stay", args=[notice.about.committee.slug])


def _about_the_clock(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    return _about_membership(notice, language, level) | {"days": inactivity.ANSWER_WITHIN.days}


def _still_unseen(notice: Notice, person_ids: set[int]) -> set[int]:
    """Whoever has come by since, on whatever page, has answered."""
    unseen = _inside().filter(pk=notice.about_id).filter(inactivity.NOT_SEEN_SINCE)
    return person_ids & set(unseen.values_list("person_id", flat=True))


def _still_inactive(notice: Notice, person_ids: set[int]) -> set[int]:
    inactive = Membership.objects.filter(pk=notice.about_id, standing=Standing.INACTIVE).exclude(committee__life=Life.DISSOLVED)
    return person_ids & set(inactive.values_list("person_id", flat=True))


def _still_asked(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(_inside().filter(pk=notice.about_id, attest_asked_at__isnull=False).values_list("person_id", flat=True))


def _still_in_question(notice: Notice, person_ids: set[int]) -> set[int]:
    there = Membership.objects.filter(pk=notice.about_id, standing__in=THAT_SEE, revouch_since__isnull=False)
    return person_ids & set(there.exclude(committee__life=Life.DISSOLVED).values_list("person_id", flat=True))


def _whoever_it_is(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(Membership.objects.filter(pk=notice.about_id).values_list("person_id", flat=True))


def _members(notice: Notice) -> Any:
    return Membership.objects.present().filter(committee_id=notice.about_id).values_list("person_id", flat=True)


def _still_wider_organizers(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids & set(_organizers_above(notice)) if queries.is_without_organizers(notice.about) else set()


def _organizers_above(notice: Notice) -> Any:
    return queries.organizer_ids(notice.about.verified_by_id)


def _while_quiet(notice: Notice, person_ids: set[int]) -> set[int]:
    """Its organizers, as long as nothing happened since they were to be told."""
    last = activity.last_activity([notice.about_id]).get(notice.about_id)
    still = Committee.objects.filter(pk=notice.about_id, life=Life.ACTIVE, quiet_told_at__gt=last or notice.about.founded_at)
    return person_ids & set(queries.organizer_ids(notice.about_id)) if still.exists() else set()


def _while_resting(notice: Notice, person_ids: set[int]) -> set[int]:
    resting = Committee.objects.filter(pk=notice.about_id, life=Life.DORMANT)
    return person_ids & set(_members(notice)) if resting.exists() else set()


def _while_closed(notice: Notice, person_ids: set[int]) -> set[int]:
    return person_ids if Committee.objects.filter(pk=notice.about_id, life=Life.DISSOLVED).exists() else set()


def _about_cover(notice: Notice, language: str, level: Level) -> dict[str, Any]:
    cover: Cover = notice.about
    return {"cover": cover, "committee": cover.committee}


def _the_two(*states: Covering) -> Callable[[Notice, set[int]], set[int]]:
    """Those of the two who are still inside, while it stands where the notice says."""

    def matters(notice: Notice, person_ids: set[int]) -> set[int]:
        cover = Cover.objects.filter(pk=notice.about_id, state__in=states).first()
        here = _inside().filter(pk__in=(cover.absent_id, cover.member_id)) if cover else Membership.objects.none()
        return person_ids & set(here.values_list("person_id", flat=True))

    return matters


def _founders(notice: Notice) -> Any:
    return Membership.objects.standing_members().filter(committee_id=notice.about_id, is_founder=True).values_list("person_id", flat=True)


def _tell_reviewers() -> None:
    _to_reviewers("application_received", _("Someone wants to join"))
    _to_reviewers("application_answered", _("An applicant answered"))
    _to_reviewers("application_vouched", _("A member vouched for an applicant"))
    _to_reviewers("application_waits", _("An application has waited two days"), _reviewers_there)
    _to_reviewers("application_overdue", _("An application in another committee has waited four days"), _wider_organizers_there)
    register(
        Kind(
            name="membership/application_withdrawn",
            label=_("An applicant withdrew"),
            group=GROUP,
            audience=_reviewers,
            matters=_reviewers_or_gone,
            context=_about_application,
            url=_queue_url,
            thread=lambda notice: f"application-{notice.about_id}",
        )
    )


def _tell_applicants() -> None:
    _to_applicant("application_question", _("The organizers have a question for you"), _applicant(State.INFO_REQUESTED))
    _to_applicant("application_admitted", _("Your application is accepted"), _let_in, members_only=True)
    _to_applicant("application_declined", _("Your application is declined"), _applicant(State.DECLINED, State.SPAM))
    _to_applicant("application_expired", _("Your application was not sent in time"), _applicant(State.EXPIRED))
    _to_applicant("application_needless", _("Your application is no longer needed"), _applicant(State.WITHDRAWN))


def _tell_a_member() -> None:
    member: dict[str, Any] = {"group": GROUP, "context": _about_membership, "url": _member_url, "unsubscribable": False}
    register(Kind(name="membership/probation_ended", label=_("Your first weeks are over"), matters=_still_inside, **member))
    register(Kind(name="membership/role_given", label=_("You were given a role"), matters=_still_inside, **member))
    register(Kind(name="membership/role_ended", label=_("You no longer hold a role"), matters=_still_inside, **member))
    register(Kind(name="membership/role_ends", label=_("Your office ends soon"), matters=_still_inside, **member))
    clock = member | {"context": _about_the_clock}
    stays = clock | {"url": _stay_url}
    register(Kind(name="membership/still_there", label=_("Do you still want to belong?"), matters=_still_unseen, **stays))
    register(Kind(name="membership/inactive", label=_("You are inactive now"), matters=_still_inactive, **stays))
    register(Kind(name="membership/lapses_soon", label=_("Your membership ends soon"), matters=_still_inactive, **stays))
    attest = clock | {"url": lambda notice: reverse("membership:attest", args=[notice.about.committee.slug])}
    register(Kind(name="membership/attest", label=_("Say again that you are not a manager"), matters=_still_asked, **attest))
    again = member | {"url": lambda notice: reverse("membership:vouched", args=[notice.about.committee.slug])}
    register(Kind(name="membership/in_question", label=_("Somebody has to vouch for you again"), matters=_still_in_question, **again))
    outside = member | {"url": lambda notice: reverse("bodies:list"), "members_only": False}
    register(Kind(name="membership/removed", label=_("You no longer belong to a committee"), matters=_whoever_it_is, **outside))
    register(Kind(name="membership/moved", label=_("You have moved to another committee"), matters=_whoever_it_is, **outside))
    register(Kind(name="membership/lapsed", label=_("Your membership has ended"), **outside))
    closed = outside | {"context": _about_committee, "matters": _while_closed}
    register(Kind(name="membership/committee_closed", label=_("Your committee is closed"), **closed))


def _tell_the_two() -> None:
    """Who is away, and who covers."""

    def tell(name: str, label: Any, *states: Covering) -> None:
        register(
            Kind(
                name=f"membership/{name}",
                label=label,
                group=GROUP,
                matters=_the_two(*states),
                context=_about_cover,
                url=lambda notice: notice.about.get_absolute_url(),
                unsubscribable=False,
                thread=lambda notice: f"cover-{notice.about_id}",
            )
        )

    tell("cover_asked", _("Somebody asks you to cover for them"), Covering.ASKED)
    tell("cover_accepted", _("Somebody will cover for you"), Covering.ACCEPTED, Covering.ARRANGED)
    tell("cover_declined", _("Somebody cannot cover for you"), Covering.DECLINED)
    tell("cover_begins", _("Covering begins"), Covering.ARRANGED)
    tell("cover_ends", _("Covering has ended"), Covering.ARRANGED)
    tell("cover_off", _("Nobody covers after all"), Covering.OFF)


def _tell_a_committee() -> None:
    def about(name: str, label: Any, who: Callable[[Notice], Any], **more: Any) -> None:
        still = {"matters": lambda notice, person_ids: person_ids & set(who(notice)), "url": lambda notice: notice.about.get_absolute_url()}
        register(Kind(name=f"membership/{name}", label=label, group=GROUP, audience=who, **{"context": _about_committee} | still | more))

    about("founders_complete", _("Enough founders are confirmed"), _founders, unsubscribable=False)
    about("committees_united", _("Two committees became one"), _members, unsubscribable=False)
    about("committee_active", _("Your committee has begun"), _members)
    quiet = {"matters": _while_quiet, "unsubscribable": False}
    about("committee_quiet", _("Nothing has happened in your committee for a while"), lambda notice: queries.organizer_ids(notice.about_id), **quiet)
    about("committee_rests", _("Your committee rests"), _members, matters=_while_resting)
    wider = {"matters": _still_wider_organizers, "url": _queue_url, "unsubscribable": False}
    about("without_organizers", _("Another committee has no organizer any more"), _organizers_above, **wider)


def register_all() -> None:
    """Called from `ready()`."""
    group(GROUP, label=_("Joining and members"), hint=_("Applications that wait for you, and what changes in your own membership."))
    _tell_reviewers()
    _tell_applicants()
    _tell_a_member()
    _tell_the_two()
    _tell_a_committee()
