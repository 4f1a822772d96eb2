"""Who belongs to a committee, under which handle, with which role; how one comes in and goes.

Below it stand bodies, directory, notices, ledger, people and base. It must never learn what members do together.
"""
