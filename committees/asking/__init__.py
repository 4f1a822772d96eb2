"""Getting help from a person: a question to organizers or to those who keep the service, what is said about it, and its end.

Below it stand membership and all rooms under it. It must never learn what committees do, and it never tells those who answer
more of whoever asks than the form has said: of a committee's own member the name there, of anybody else nothing.
"""
