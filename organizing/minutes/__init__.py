"""What a meeting said and decided: minutes beside its agenda, version by version, and who does what by when.

Below it stand meetings and all rooms of committees/. It must never learn what was said outside a meeting; meetings never learn of it
but by `meetings.register`, and committees that came as guests read nothing of it.
"""
