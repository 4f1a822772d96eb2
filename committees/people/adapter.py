"""What allauth asks us: where its mails go, what its messages say, how its secrets are kept."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class Adapter(DefaultAccountAdapter):
    """allauth knows people by an alias of their address; the way back to the address is here and nowhere else."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, sealed."""
