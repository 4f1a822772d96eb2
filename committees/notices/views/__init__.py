"""The inbox, how one wants to be told, stopping by a link, how a notice goes out, what could not be sent."""
