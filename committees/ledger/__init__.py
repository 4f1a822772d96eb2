"""Who did what, when: append-only, each entry sealed to the one before it.

Below it stand people and base. It holds no message text, no address, no name, and must never learn what the verbs mean.
"""
