"""Delegates: whom a committee sends to a wider one, with what mandate, who takes over, and when they report.

Below it stand alliance, jointly, membership and all rooms under them; what a report is, rooms above say (register.py). It must never
learn what is written in the forum, and shows one committee no more of another's members than whom that one sent.
"""
