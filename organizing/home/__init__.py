"""Where a person begins: the public front page, their day, the pages that explain, and the demonstration world.

It stands above every other room and may ask them all; it must never be asked by one.
"""
