"""How committees belong together: a committee's ties to wider ones, and what tied committees may know of each other.

Below it stand membership, bodies and all rooms under them. It must never learn what committees do together, and opens no
committee's list of members to another.
"""
