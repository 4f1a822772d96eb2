"""Committees as bodies: scope, life, charter, joining policy, and the wider committee that vouches for a new one.

Below it stand directory, notices, ledger, people and base. It must never learn who is a member.
"""
