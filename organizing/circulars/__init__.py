"""Messages that organizers write to all members of their committee, without a meeting.

Below it stand all rooms of committees/, of which it uses membership, notices and ledger. It must never learn whether
somebody has read one.
"""
