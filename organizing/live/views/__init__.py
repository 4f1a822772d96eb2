"""Pages about meetings: open the door, read the form, give one command, answer."""
