"""Signing in by password. One answer for a wrong password, an unknown name and an account that is hidden or closed."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from committees.people.models import Person


class Backend(AuthenticationBackend):
    """allauth's backend, without its separate answer for accounts that are not active."""

    def _check_password(self, user: Person | None, password: str) -> Person | None:
        if user is None:
            return None
        self._did_check_password = True
        right = user.check_password(password)
        return user if right and user.is_active else None
