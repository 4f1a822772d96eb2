"""Counting weeks, taking the monthly picture, and erasing what is older than a year."""

from organizing.growth.commands.counting import begin_here, forget_weeks, go_over, record_weeks, take_pictures

__all__ = ["begin_here", "forget_weeks", "go_over", "record_weeks", "take_pictures"]
