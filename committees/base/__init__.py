"""Tools without a subject: errors, text cleaning, sealed fields, slugs, keyset pages, doors, one-time form keys.

Below it stands Django. It has no models and must never learn what a committee, a meeting or a person's contact is.
"""
