"""Finding a time for a meeting: organizers propose some, members say for each whether it works.

Below it stands meetings, in which the time that is taken becomes a draft. It must never learn who came in the end.
"""
