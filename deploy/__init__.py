"""Running it for real on one machine: what `deploy/install`, `deploy/upgrade`, `deploy/rollback` and `deploy/recover` do.

Only Python's standard library: it runs before anything of the project is installed. docs/deploying.md tells an organizer how.
"""
