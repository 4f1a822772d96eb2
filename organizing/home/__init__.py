"""Where a person begins: the public front page, their day, the pages that explain, and the demonstration world.

It stands above every other room and may ask them all; no room below it must ever learn of it.
"""
