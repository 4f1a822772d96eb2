from tests.config.own_server import own_server

__all__ = ["own_server"]
