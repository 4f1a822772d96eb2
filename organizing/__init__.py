"""WHAT WE DO: rooms in any order, standing on committees/."""
