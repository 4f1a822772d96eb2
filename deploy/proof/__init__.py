"""The proof of deploy/: a fresh Debian in a folder, with systemd as its first process, installed, used, upgraded, destroyed, recovered.

Only Python's standard library, root, and the kernel's namespaces. `deploy/prove --help` says how to call it.
"""
