"""Files that people send: kept in memory up to a limit, and only for the pages that take files.

Django reads a form before any view or door is asked. Without this, anybody could fill the disk by sending a file to any page.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from committees.base.once import OnceForm

type View = Callable[..., HttpResponse]


def takes_files(*, largest: int) -> Callable[[View], View]:
    """This page takes a file of at most so many bytes, from whoever is signed in. Stands below the door."""

    def mark(view: View) -> View:
        view.takes_files = largest  # type: ignore[attr-defined]
        return view

    return mark


class InMemoryUpToALimit(FileUploadHandler):
    """Of a file that is too large, sent to a page that takes none, or by a visitor, nothing is kept but its size: the form says so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        largest: int = getattr(match.func, "takes_files", 0) if match else 0
        self._largest = largest if largest and getattr(self.request, "user", AnonymousUser()).is_authenticated else 0
        self._pieces: list[bytes] = []
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size <= self._largest:
            self._pieces.append(raw_data)
        else:
            self._pieces.clear()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        content = io.BytesIO(b"".join(self._pieces))
        self._pieces = []
        return InMemoryUploadedFile(content, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset, self.content_type_extra)


class FileForm(OnceForm):
    """A form with one file, in a field of its own named `file`, of at most `largest` bytes; what is larger is refused as `too_large` says."""

    largest: int
    too_large: str | Promise = _("This file is too large.")

    def add_error(self, field: str | None, error: Any) -> None:
        """Of a form that is shown again browsers keep everything but the file."""
        super().add_error(field, error)
        if field != "file":
            self["file"].help_text = _("Choose the file again. Everything else is still there.")

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > self.largest:
            raise forms.ValidationError(str(self.too_large))
        return file
