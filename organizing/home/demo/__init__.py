"""The demonstration world: what is told (world.py) and how it is played (play.py).

It is made only by running commands as its actors, at given times, so that it holds nothing the rules would refuse.
"""
