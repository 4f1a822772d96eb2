"""Account mails: people hands them over, the outbox carries them."""

from __future__ import annotations

from committees.notices import waking
from committees.notices.models import Errand
from committees.people.models import AccountMail


def carry(mail: AccountMail) -> None:
    """Take a code or a warning into the outbox, in the transaction that wrote it. Urgent, and nobody can switch it off."""
    Errand.objects.create(mail=mail, due_at=mail.created_at)
    waking.after_commit("send_urgent")
