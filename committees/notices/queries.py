"""Shapes over the outbox: a person's inbox, how a notice goes out, what could not be sent."""
