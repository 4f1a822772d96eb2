"""Model fields whose column holds only sealed bytes (crypto.py)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from committees.base import crypto


class SealedTextField(models.BinaryField):
    """Text that is encrypted in the database. Cannot be filtered or ordered by; look-ups need an HMAC column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        return []  # BinaryField's own check: here a default is text

    @property
    def seal_label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return plain.decode()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and value != "":
            value = crypto.seal(self.to_bytes(value), label=self.seal_label)
        elif value == "":
            value = b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        raw = bytes(value)
        return self.from_bytes(crypto.open_sealed(raw, label=self.seal_label)) if raw else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError("Sealed fields are not serialised.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it can only be asked whether it is null.")
        return super().get_lookup(lookup_name)


class SealedBytesField(SealedTextField):
    """Bytes that are encrypted in the database, such as a file."""

    if TYPE_CHECKING:
        _pyi_private_set_type: bytes | None
        _pyi_private_get_type: bytes

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, plain: bytes) -> Any:
        return plain


class SealedJSONField(SealedTextField):
    """A JSON value that is encrypted in the database."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)
