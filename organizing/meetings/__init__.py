"""Gatherings of a committee: calling, moving and cancelling them, who comes, where it is and who may know, calendars.

Below it stand all rooms of committees/, of which it uses membership, notices and ledger. It must never learn who is on
duty at home, and never shows a place or a link outside its own page.
"""
