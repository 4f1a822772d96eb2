"""Visitors: people of no committee that comes, who register for a meeting that is open to everybody, or are let in at the door after a vote.

Below it stand the live meeting and meetings, which tell it when members are told. It must never show anybody but the host's organizers and
stewards who registered, and never a way there to whoever did not.
"""
