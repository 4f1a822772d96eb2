"""Signing in by password. One answer for a wrong password, an unknown name and an account that is hidden or closed."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from committees.base import prepared
from committees.people.models import Person

_PERSON = prepared.Prepared(lambda pk: Person.objects.filter(pk=pk), pk=prepared.a_number)


class Backend(AuthenticationBackend):
    """allauth's backend, without its separate answer for accounts that are not active."""

    def get_user(self, user_id: int) -> Person | None:
        """Who is signed in: asked at every request."""
        person = _PERSON.first(pk=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

    def _check_password(self, user: Person | None, password: str) -> Person | None:
        if user is None:
            return None
        self._did_check_password = True
        right = user.check_password(password)
        return user if right and user.is_active else None
