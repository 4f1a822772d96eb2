"""What members may not do to each other here: flags, what is looked at first, what moderators decide, and who is told.

Below it stand alliance, membership and all rooms under them. It must never learn what is moderated: rooms above register it,
and do themselves what hiding or removing means.
"""
