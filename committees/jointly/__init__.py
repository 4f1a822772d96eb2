"""What organizers do only together: one proposes, another agrees, and members can object before it happens.

Until ballots exist this stands in the place of their results, here alone. Below it stand membership and all rooms under it.
It must never learn what committees do, and changes nothing but through the commands of the rooms below.
"""
