"""The second step on the way in, as the person wants it."""

from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondStep(AuthenticateStage):
    """Asked for where an app was set up, or where a person said that a passkey must always be shown.

    A passkey alone is first of all another way in: somebody who added one on a phone must not be shut out on the next.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        person = self.login.user
        if person is None or not super()._should_handle(request):
            return False
        return person.second_step or get_adapter().is_mfa_enabled(person, [Authenticator.Type.TOTP])
