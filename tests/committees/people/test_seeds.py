"""The seed of a second step is sealed, and a new key takes it along."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError

from committees.base import crypto
from committees.people.models import Person
from config.secrets import Keyring

SEED = "JBSWY3DPEHPK3PXP"


def rotate(capsys: Any, *options: str) -> dict[str, Any]:
    """What the command says about these seeds."""
    capsys.readouterr()
    call_command("rotate_field_keys", "--json", *options)
    columns = json.loads(capsys.readouterr().out)["columns"]
    return next(each for each in columns if each["column"] == "mfa.Authenticator.data")


def version(holder: Authenticator, name: str) -> int:
    holder.refresh_from_db()
    return crypto.sealed_version(base64.b64decode(holder.data[name]))


def test_a_new_key_takes_the_seeds_along_and_the_codes_stay(ada: Person, settings: Any, capsys: Any) -> None:
    app = TOTP.activate(ada, SEED).instance
    spare = RecoveryCodes.activate(ada)
    codes = spare.generate_codes()
    settings.FIELD_KEYS = Keyring({**settings.FIELD_KEYS.keys, 7: b"7" * 32})
    assert rotate(capsys, "--dry-run") == {"column": "mfa.Authenticator.data", "values": 2, "older": 2, "sealed_anew": 0, "unreadable": 0}
    assert version(app, "secret") != 7
    assert rotate(capsys) == {"column": "mfa.Authenticator.data", "values": 2, "older": 2, "sealed_anew": 2, "unreadable": 0}
    assert (version(app, "secret"), version(spare.instance, "seed")) == (7, 7)
    settings.FIELD_KEYS = Keyring({7: b"7" * 32})  # the old key is thrown away
    assert Authenticator.objects.get(pk=spare.instance.pk).wrap().generate_codes() == codes
    assert rotate(capsys)["older"] == 0


def test_a_seed_that_does_not_open_is_left_and_said(ada: Person, settings: Any, capsys: Any) -> None:
    app = TOTP.activate(ada, SEED).instance
    Authenticator.objects.filter(pk=app.pk).update(data={"secret": "AQ=="})
    settings.FIELD_KEYS = Keyring({**settings.FIELD_KEYS.keys, 7: b"7" * 32})
    with pytest.raises(CommandError, match="1 values do not open"):
        rotate(capsys)
    app.refresh_from_db()
    assert app.data == {"secret": "AQ=="}
