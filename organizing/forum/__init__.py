"""What members write to one another: boards of a committee, shared and public ones, topics, posts and their translations.

Below it stand all rooms of committees/, of which it uses alliance, membership, notices and ledger. It must never learn how
posts are judged, and never lets a reader tie two names of one person together.
"""
