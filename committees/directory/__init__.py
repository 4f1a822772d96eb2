"""Industries, employers and their sites: what is publicly known about where people work, and how it is found.

Below it stand notices, ledger, people and base. It must never learn whether a committee exists at a site, nor who works
there: rooms above register what they may say about a site (registry.py).
"""
