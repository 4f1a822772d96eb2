"""What people are told: the outbox of notices and account mails, who gets them where and how openly, and the workers that send.

Below it stand ledger, people and base. Its rows hold kinds, ids and versions, no text and no address; the rooms above
register what a kind means. It must never learn what a committee, a membership or a meeting is.
"""
