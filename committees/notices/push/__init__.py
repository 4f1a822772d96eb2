"""Web push: the words and the order of the outbox, by the push service of each person's own browser.

Nothing of a message is readable on its way, all messages have the same length, and two people who are told of the same thing
have nothing in common that the service could see.
"""
