"""Pages of what takes two, and of who covers for whom."""
