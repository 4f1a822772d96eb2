"""Acts that need two, and what members object to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.base.fields import SealedTextField
from committees.base.navigation import path_to
from committees.base.once import OnceKeyField
from committees.base.slugs import SlugField
from committees.bodies.models import Life
from committees.membership.roles import Power, Role

if TYPE_CHECKING:
    from committees.bodies.models import Committee
    from committees.membership.models import Membership


class Deed(models.TextChoices):
    """What is to be done."""

    GIVE_ROLE = "role.give", _("Give a role")
    END_ROLE = "role.end", _("End a role")
    REMOVAL = "removal", _("Remove a member")
    CHARTER = "charter", _("Change what the committee is for")
    CLOSING = "closing", _("Close the committee")
    EXPORT = "export", _("Take the list of members out")
    LEAVING = "leaving", _("Take all that the committee has to another server")
    UNITING = "uniting", _("Become one with another committee")
    COVER = "cover", _("Let a member cover for somebody who is away")
    SUPPORT = "support", _("Let those who keep the service look at parts of the committee")
    MESSAGE = "message", _("Write to the members of all committees that belong here")
    DELEGATE = "delegate", _("Send a delegate")


#: What is about one member's role, and what is about the whole committee and says nothing more.
ABOUT_A_ROLE = (Deed.GIVE_ROLE, Deed.END_ROLE)
ABOUT_THE_COMMITTEE = (Deed.CLOSING, Deed.EXPORT, Deed.LEAVING)
#: What is about a row of a room above, which says how it is carried out (register.can_be_done).
WITH_A_ROW = (Deed.MESSAGE, Deed.DELEGATE)


class State(models.TextChoices):
    """proposed → agreed → done; or stopped by members, dropped, lapsed, or overtaken by what happened meanwhile."""

    PROPOSED = "proposed", _("Needs a second organizer")
    AGREED = "agreed", _("Members can object")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped by members")
    DROPPED = "dropped", _("Dropped")
    LAPSED = "lapsed", _("Nobody agreed in time")
    OVERTAKEN = "overtaken", _("No longer possible")


OPEN = frozenset({State.PROPOSED, State.AGREED})


class JointActQuerySet(models.QuerySet["JointAct"]):
    """Chainable questions about acts that need two."""

    def open(self) -> Self:
        return self.filter(state__in=sorted(OPEN))

    def over(self) -> Self:
        return self.exclude(state__in=sorted(OPEN))

    def visible_to(self, member: Membership) -> Self:
        """All full members see what is proposed in their committee; that somebody is to be removed only organizers but that one,
        until a second one has agreed, wherever that one organizes, nor who covers for them. Organizers of the wider committee see
        what waits for one of them because there is no other organizer, and what one of them agreed to."""
        if Power.SEE_LOG not in member.powers:
            return self.none()
        quiet = Q(deed=Deed.REMOVAL, agreed_at=None)
        here = Q(committee_id=member.committee_id)
        if Power.AGREE not in member.powers:
            return self.filter(here).exclude(quiet)
        theirs = Q(state=State.PROPOSED) | Q(agreed_by__committee=member.committee_id)
        shown = self.filter(here | (Q(committee__verified_by=member.committee_id, asks_wider=True) & theirs))
        return shown.exclude(quiet, member__person=member.person_id).exclude(quiet, member__in=member.covers_for)


class JointAct(models.Model):
    """One organizer proposes, a second one agrees within 72 hours; then members can object for 72 hours, and it happens.

    Whoever is to be removed is suspended as soon as the second one agrees. While the committee is forming it happens as soon as
    the second one agrees, unless it cannot be taken back (rules.ALWAYS_WAITS): the founders are its electorate.
    """

    slug = SlugField()
    form_key = OnceKeyField()
    committee = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    deed = models.CharField(max_length=12, choices=Deed)
    member = models.ForeignKey("membership.Membership", models.CASCADE, null=True, blank=True, related_name="+", help_text="Whose role it is, or who is to go.")
    role = models.CharField(max_length=12, choices=Role, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long the role is held.")
    introduction = models.ForeignKey(
        "jointly.Introduction", models.PROTECT, null=True, blank=True, related_name="acts", help_text="With whom the committee is to become one."
    )
    cover = models.ForeignKey("membership.Cover", models.CASCADE, null=True, blank=True, related_name="acts", help_text="Who is to cover for whom.")
    grant = models.ForeignKey("support.Grant", models.CASCADE, null=True, blank=True, related_name="acts", help_text="What is to be shown, and for how long.")
    matter = models.CharField(max_length=60, blank=True, help_text="With `row_id`: the row of a room above that it is about.")
    row_id = models.BigIntegerField(null=True, blank=True)
    for_employer = models.BooleanField(default=False, help_text="Who is to go acts for the employer: whom they vouched for is asked about anew.")
    words = models.JSONField(null=True, blank=True, help_text="The new charter (bodies.commands.CharterWords).")
    reason = SealedTextField(blank=True, default="")
    asks_wider = models.BooleanField(default=False, help_text="There is no other organizer: one of the wider committee has to agree.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey("membership.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    electorate = models.PositiveIntegerField(null=True, blank=True, help_text="How many full members there were when the second one agreed.")
    happens_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    shut_at = models.DateTimeField(null=True, blank=True, help_text="When what it let two fetch no longer could be, for the committee became one with another.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="When what was written about it was erased.")

    #: The row itself, once it was brought (register.bring).
    row: Any

    objects = JointActQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=Deed.values, state__in=State.values), name="a_joint_act_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(agreed_by=None) | ~Q(agreed_by=F("proposed_by")), name="a_joint_act_needs_two"),
            models.CheckConstraint(
                condition=Q(member=None)
                | (~Q(member=F("proposed_by")) & (Q(agreed_by=None) | ~Q(member=F("agreed_by"))))
                | Q(deed=Deed.GIVE_ROLE, role=Role.ORGANIZER, asks_wider=True),
                name="nobody_acts_on_themself",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.AGREED, State.DONE, State.STOPPED])
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, happens_at__isnull=False, electorate__isnull=False),
                name="nothing_happens_that_two_did_not_agree",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(OPEN)) | Q(ended_at__isnull=False), name="an_ended_joint_act_has_its_time"),
            models.CheckConstraint(
                condition=Q(deed=Deed.CHARTER, words__isnull=False, member=None, role="")
                | Q(deed__in=ABOUT_THE_COMMITTEE, member=None, role="", introduction=None)
                | Q(deed=Deed.UNITING, member=None, role="", introduction__isnull=False)
                | Q(deed=Deed.REMOVAL, member__isnull=False, role="")
                | Q(deed__in=[Deed.SUPPORT, Deed.MESSAGE], member=None, role="", introduction=None)
                | (Q(deed__in=[*ABOUT_A_ROLE, Deed.COVER, Deed.DELEGATE], member__isnull=False) & ~Q(role="")),
                name="a_joint_act_says_what_is_to_be_done",
            ),
            models.CheckConstraint(condition=Q(deed=Deed.COVER) ^ Q(cover=None), name="only_covering_says_who_covers"),
            models.CheckConstraint(condition=Q(deed=Deed.SUPPORT) ^ Q(grant=None), name="only_support_says_what_is_shown"),
            models.CheckConstraint(
                condition=Q(deed__in=WITH_A_ROW, row_id__isnull=False) & ~Q(matter="") | (~Q(deed__in=WITH_A_ROW) & Q(matter="", row_id=None)),
                name="what_is_about_a_row_names_it",
            ),
            models.UniqueConstraint(fields=["matter", "row_id"], condition=Q(state__in=sorted(OPEN), row_id__isnull=False), name="one_open_act_about_a_row"),
            models.UniqueConstraint(fields=["member", "role"], condition=Q(state__in=sorted(OPEN), row_id=None), name="one_open_act_about_a_role"),
            models.CheckConstraint(condition=Q(for_employer=False) | Q(deed=Deed.REMOVAL), name="who_acts_for_the_employer_is_removed"),
            models.UniqueConstraint(
                fields=["committee", "deed"], condition=Q(member=None, row_id=None, state__in=sorted(OPEN)), name="one_open_act_of_a_kind_about_a_committee"
            ),
        ]
        indexes = [
            models.Index(fields=["committee", "state"], name="joint_acts_of_a_committee"),
            models.Index(fields=["state", "happens_at"], condition=Q(state__in=sorted(OPEN)), name="joint_acts_that_are_due"),
        ]

    def __str__(self) -> str:
        return self.slug

    def url_in(self, committee_slug: str) -> str:
        """Its page as the committee, or the wider one that is asked, sees it."""
        return path_to("jointly:act", committee_slug, self.slug)

    @property
    def is_volunteering(self) -> bool:
        """Whether somebody offers themself, where nobody organizes any more."""
        return self.member_id is not None and self.member_id == self.proposed_by_id

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def is_agreed(self) -> bool:
        return self.state == State.AGREED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    """Chainable questions about groups that were brought together."""

    def visible_to(self, member: Membership) -> Self:
        """Those who brought them together see it, and the organizers of both groups."""
        if Power.AGREE not in member.powers:
            return self.none()
        return self.filter(Q(wider=member.committee_id) | Q(first=member.committee_id) | Q(second=member.committee_id))

    def standing(self) -> Self:
        """Of groups that both still are."""
        return self.exclude(first__life=Life.DISSOLVED).exclude(second__life=Life.DISSOLVED)


class Introduction(models.Model):
    """Two groups at one workplace learn of each other: only those who look after both can see that there are two."""

    slug = SlugField()
    wider = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    first = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    second = models.ForeignKey("bodies.Committee", models.CASCADE, related_name="+")
    by = models.ForeignKey("membership.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="an_introduction_is_of_two_in_one_order"),
            models.UniqueConstraint(fields=["first", "second"], name="two_groups_are_introduced_once"),
        ]

    def __str__(self) -> str:
        return self.slug

    def other_than(self, committee_id: int) -> Committee:
        """The other of the two."""
        return self.second if committee_id == self.first_id else self.first


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, member: Membership) -> Self:
        """What was objected in this member's committee. Who did is shown to nobody."""
        if Power.SEE_LOG not in member.powers:
            return self.none()
        return self.filter(act__committee_id=member.committee_id)


class Objection(models.Model):
    """A full member does not want it to happen, and says why."""

    act = models.ForeignKey(JointAct, models.CASCADE, related_name="objections")
    by = models.ForeignKey("membership.Membership", models.CASCADE, related_name="+")
    reason = SealedTextField(blank=True, default="")
    at = models.DateTimeField()

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "by"], name="one_objection_per_member")]

    def __str__(self) -> str:
        return f"objection {self.pk}"
