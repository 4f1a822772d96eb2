"""WHO WE ARE: the standing structure. Never imports organizing/."""
