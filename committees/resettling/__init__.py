"""A committee leaves with its own data, and comes to another server: what is packed, taken in, and by whom a place there is taken.

Below it stand jointly and all rooms under it; rooms above register what they pack (register.py). It must never learn an address.
"""
