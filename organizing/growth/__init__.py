"""How a committee grows, in numbers of all together: weeks, a picture by shift, sister sites without a committee.

Below it stand meetings and all rooms of committees/, of which it uses membership, notices and directory. It must never learn
what one person did: it keeps nothing but sums, and of those none that is one to four.
"""
