"""The pages of help that the program brings along: how committees work, and how to stay safe. Their texts can be replaced."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from committees.guides.registry import BuiltIn, Part

HOW = BuiltIn(
    name="how",
    url_name="home:how",
    title=_("How committees work"),
    lead=_("A committee belongs to the people who work there. They decide together what to do."),
    parts=(
        Part(
            _("Who can join"),
            (
                _(
                    "Everyone who works there and does not hire, fire, discipline or report on workers for management: permanent, agency, "
                    "part-time, seasonal. Paid officials cannot join."
                ),
            ),
        ),
        Part(
            _("What others see of you"),
            (
                _(
                    "Only the name that you choose for this committee. We never ask for your legal name, a photo or a badge. In another committee "
                    "you have another name, and nobody can tell that it is you."
                ),
            ),
        ),
        Part(
            _("How people are checked"),
            (
                _(
                    "Members vouch for people they know, or organizers talk with them. New members are new for two weeks: they come to meetings, "
                    "but they do not yet see where a meeting is unless the organizers say so."
                ),
            ),
        ),
        Part(
            _("Meetings"),
            (
                _(
                    "Organizers call meetings. You get a notice in your language, at your time of day, that says almost nothing to someone who "
                    "looks over your shoulder. You answer yes, maybe or no."
                ),
            ),
        ),
        Part(
            _("Where there is no committee yet"),
            (
                _(
                    "Start one, even if you are alone. Organizers of the wider committee confirm the first people. When enough of you are "
                    "confirmed, you hold your first meeting and choose your own organizers."
                ),
            ),
        ),
    ),
)

SAFETY = BuiltIn(
    name="safety",
    url_name="home:safety",
    title=_("Stay safe at work and online"),
    lead=_("Short advice: what to do, then why."),
    parts=(
        Part(
            _("Your phone"),
            (
                _("Use your own phone and your own data. Your employer may see what passes through work devices and work Wi-Fi."),
                _("Use an email address that is not from work. Your employer can read work email."),
                _("Lock your phone with a code. Notices say almost nothing, but an open phone shows what you read."),
                _("Press Quick exit when someone comes. It signs you out and shows a harmless page."),
            ),
            listed=True,
        ),
        Part(
            _("What you write"),
            (
                _("Choose a name that does not lead to you: not your initials, not your locker number."),
                _("Do not name a co-worker who has not agreed."),
                _("Give the place of a meeting to nobody who is not a member."),
            ),
            listed=True,
        ),
        Part(
            _("If you lose your phone, or someone forces you to open it"),
            (
                _(
                    "In your account, “Hide my account” signs out every device, stops your calendar links and hides your account until you come "
                    "back with the code on your paper."
                ),
            ),
        ),
        Part(
            _("What we cannot protect you from"),
            (_("Spying software on your phone."), _("Someone who takes over the running server."), _("A member who photographs the screen.")),
            listed=True,
        ),
    ),
)
