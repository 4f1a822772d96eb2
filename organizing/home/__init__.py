"""Where a person begins: the public front page, their day, the pages that explain, and the demonstration world.

Below it stand all other rooms, and it may ask each of them. It must never be asked by one, and never holds a rule.
"""
