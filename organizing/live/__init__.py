"""A meeting while it goes on: who is here, whether that is enough, who speaks and who is next, who is let in at the door.

Below it stand meetings and all rooms of committees/. It must never learn what anybody said, and tells nobody but those who keep the door who came.
"""
