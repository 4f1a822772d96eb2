"""`people.panic.register(kill)`: what other rooms make dead when somebody presses the button."""

from committees.people.registry import in_a_panic as register
from committees.people.registry import kill_everything

__all__ = ["kill_everything", "register"]
