"""One-time form keys: the same form posted fifty times makes one row.

A creating form carries a random key; the row it makes keeps it in a unique column; a command that meets the key again
returns what the first post made.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models


class OnceKeyField(models.UUIDField):
    """The key of the form that made a row. Null for rows that no form made."""

    if TYPE_CHECKING:  # always null=True, which the stubs read only from the call
        _pyi_private_set_type: str | uuid.UUID | None  # type: ignore[assignment]
        _pyi_private_get_type: uuid.UUID | None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("unique", True)
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


class OnceForm(forms.Form):
    """A form that makes something: adds the hidden one-time key as `cleaned_data["form_key"]`."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid.uuid4


class WordsForm(OnceForm):
    """A form that sends words, each time others. Its key is one of the form and of what it says: posted again as it was, it made what is
    there already; gone back to, changed and sent, the new words go too, and nobody is told "Sent" of words that were dropped."""

    def full_clean(self) -> None:
        super().full_clean()
        cleaned = getattr(self, "cleaned_data", {})
        if cleaned.get("form_key"):
            said = json.dumps([[name, self[name].data] for name in sorted(self.fields) if name != "form_key"])
            cleaned["form_key"] = uuid.uuid5(cleaned["form_key"], said)
