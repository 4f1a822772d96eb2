"""Who has an account: people, the addresses they are reached at, how they sign in, and the one place that touches allauth.

Below it stands base. What leaves (codes, warnings) goes through a hook that notices fills; what a person holds elsewhere
is killed, exported and erased through registries. It must never learn what a committee, a workplace or a notice is.
"""
