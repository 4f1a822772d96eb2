"""What waits for those who keep the service running: a number for each of their pages, and nothing of what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.asking import queries as asking
from committees.directory import queries as directory
from committees.membership import queries as membership
from committees.notices import queries as notices
from committees.support import queries as support


@dataclass(frozen=True)
class Part:
    """One of their pages. `waiting` is None where nothing can wait."""

    icon: str
    words: str
    why: str
    url: str
    waiting: int | None = None


def parts() -> list[Part]:
    """Every page, with what waits there."""
    (letters, errands), unsent = notices.failed(), reverse("notices:dead_letters")
    return [
        Part(
            "check",
            _("Workplaces to check"),
            _("People added them. Put them on the list, or remove them."),
            reverse("directory:proposals"),
            directory.waiting_proposals(),
        ),
        Part("alert", _("Notices that did not go out"), _("What kind, how many and why."), unsent, letters),
        Part("mail", _("Codes and warnings that did not go out"), _("Mails about accounts. Some are still of use."), unsent, errands),
        Part("doc", _("Lists of workplaces"), _("Hand a list in, look what it would do, take it in."), reverse("keeping:lists"), directory.lists_in_work()),
        Part(
            "users",
            _("Founders who wait for an answer"),
            _("How many, for how long, and whether anybody is there to answer."),
            reverse("answering:overview"),
            membership.unanswered_founders(),
        ),
        Part("chat", _("Questions"), _("People are stuck. You see no name and no committee."), reverse("asking:keeping"), asking.waiting_for_keepers()),
        Part(
            "eye-off",
            _("Committees that asked for help"),
            _("What they let you look at, for some hours. No other committee is there."),
            reverse("support:keeping"),
            support.open_now(timezone.now()),
        ),
        Part("place", _("All workplaces"), _("Mend what is known, merge what is there twice, close what is gone."), reverse("keeping:workplaces")),
        Part("globe", _("All employers"), _("Names, other names, mail domains."), reverse("keeping:employers")),
        Part("info", _("Help pages"), _("Write them in each language, add one, put them in order."), reverse("guiding:guides")),
        Part("lock", _("Close an account"), _("When somebody has taken it over, or uses it to harm others."), reverse("accounts:find")),
    ]


def in_all() -> int:
    """How many things wait, over all pages but those that others must answer."""
    return directory.waiting_proposals() + sum(notices.failed()) + directory.lists_in_work() + asking.waiting_for_keepers()
