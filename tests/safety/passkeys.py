"""A passkey as a browser would have made it, without a browser: enough for the pages that show and ask for it."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from committees.people.models import Person


def _credential(key_id: bytes) -> dict[str, Any]:
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(b"\0" * 16, key_id, public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AttestationObject.create("none", AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, attested), {})
    client = b'{"type":"webauthn.create","challenge":"AA","origin":"http://localhost"}'
    return {
        "id": websafe_encode(key_id),
        "rawId": websafe_encode(key_id),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(bytes(made))},
    }


def give_passkey(person: Person, name: str) -> Authenticator:
    """One more passkey of this person. The row is written here: making one takes a browser."""
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": _credential(secrets.token_bytes(16))})
