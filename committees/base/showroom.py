"""Made-up examples for the developers' page of parts (/dev/components/). Nothing here is data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from committees.base.forms import Checkboxes, ClockField, DayField, LineField, Radios, Suggestions, TextField, Tiles
from committees.base.keyset import Page


class Examples(forms.Form):
    """One field of each kind. Developers read it, so its words are not translated."""

    line = LineField(label="Label above, always", help_text="Hint before the field, not inside it.", max_length=40)
    email = forms.EmailField(label="Email", error_messages={"invalid": "Enter an email address like name@mail.org"})
    site = LineField(label="Site", required=False, widget=Suggestions(["KCVG", "BHX4", "OXR1"]))
    country = forms.ChoiceField(label="Country", required=False, choices=[("", "Choose a country"), ("gb", "United Kingdom"), ("us", "United States")])
    message = TextField(label="Your message", max_length=500, help_text="Members see this after they sign in.")
    day = DayField(label="Date")
    time = ClockField(label="Starts")
    where = forms.ChoiceField(
        label="Where",
        choices=[("online", "Online"), ("there", "In person")],
        widget=Radios(hints={"there": "The address is shown after you say yes."}),
    )
    languages = forms.MultipleChoiceField(
        label="Languages", required=False, choices=[("es", "Spanish"), ("ne", "Nepali")], widget=Checkboxes(hints={"ne": "No translation yet."})
    )
    coming = forms.ChoiceField(label="Are you coming?", choices=[("y", "Yes"), ("m", "Maybe"), ("n", "No")], widget=Tiles(row=True))
    check = forms.ChoiceField(
        label="How can we check that you work there?",
        choices=[("known", "A member knows me"), ("call", "Two members check with me on a short call")],
        widget=Tiles(hints={"known": "Best choice. Ask a member you trust.", "call": "No video needed."}),
    )
    agreed = forms.BooleanField(label="I am not a manager", help_text="Nobody who hires, fires or disciplines can join.")


ROLES: tuple[str, ...] = (
    "paper",
    "sheet",
    "sunk",
    "ink",
    "ink-2",
    "ink-3",
    "rule",
    "edge",
    "accent",
    "accent-ink",
    "link",
    "focus-halo",
    "ok",
    "ok-bg",
    "warn",
    "warn-bg",
)
ROLES += ("stop", "stop-bg", "info", "info-bg", "mute-bg", "chart-1", "chart-2", "chart-3", "chart-4", "chart-track")

ICONS = [
    "alert",
    "arrow",
    "bell",
    "calendar",
    "calendar-plus",
    "chart",
    "chat",
    "check",
    "clock",
    "cross",
    "doc",
    "download",
    "edit",
    "exit",
    "eye-off",
    "filter",
    "flag",
    "globe",
    "grip",
    "inbox",
    "info",
    "key",
    "link",
    "lock",
    "mail",
    "more",
    "next",
    "offline",
    "phone",
    "pin",
    "place",
    "plus",
    "prev",
    "print",
    "reply",
    "search",
    "shield",
    "tick-box",
    "today",
    "translate",
    "undo",
    "users",
    "video",
    "vote",
]


def showroom() -> dict[str, Any]:
    """What the page of parts shows: forms empty, filled and refused, dates, people, lists."""
    now = timezone.now()
    typed = {"email": "name@", "line": "Night shift, dock 4", "day": "tomorrow", "site": "KCVG", "country": "gb", "languages": "es", "message": "We met."}
    refused = Examples(MultiValueDict({f"refused-{name}": [value] for name, value in typed.items()}), prefix="refused")
    refused.full_clean()
    refused.add_error(None, "This time is taken. Choose another one.")
    return {
        "empty": Examples(prefix="empty"),
        "refused": refused,
        "roles": ROLES,
        "icons": ICONS,
        "moment": now,
        "tomorrow": now + timedelta(days=1),
        "later": now + timedelta(days=9),
        "midnight": now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=3),
        "zones": ["Europe/London", "America/New_York", "Asia/Kathmandu"],
        "handles": ["Night shift, dock 4", "Twilight, ramp 2", "Day sort, induct", "Зинаида", "夜勤"],
        "middle_page": Page([], older="older", newer="newer"),
    }
