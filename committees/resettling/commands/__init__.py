"""The verbs of a committee that leaves, and of one that comes. Called through the module: `resettling.accept(arrival, by=…)`."""

from committees.resettling.commands.arriving import accept, bring, decline, forget, forget_person, lapse, move_to_site, take_back
from committees.resettling.commands.packing import pack
from committees.resettling.commands.placing import close, go_over, let_places_go, take_place
from committees.resettling.commands.unpacking import unpack_accepted

__all__ = [
    "accept",
    "bring",
    "close",
    "decline",
    "forget",
    "forget_person",
    "go_over",
    "lapse",
    "let_places_go",
    "move_to_site",
    "pack",
    "take_back",
    "take_place",
    "unpack_accepted",
]
