"""Opening a meeting to visitors, registering for it, and the door."""

from organizing.visitors.commands.coming import register, withdraw
from organizing.visitors.commands.door import answer, knock, voted
from organizing.visitors.commands.erasing import erase_names, forget, go_over
from organizing.visitors.commands.opening import close, open_up, turn_away
from organizing.visitors.commands.telling import follow

__all__ = ["answer", "close", "erase_names", "follow", "forget", "go_over", "knock", "open_up", "register", "turn_away", "voted", "withdraw"]
