"""Papers: documents that hang on the points of a meeting's agenda, cleaned of all that says who made them, where and when.

Below it stands meetings, whose page shows them under their points. It must never give a document to whoever does not see its point, nor keep
a file as it was sent.
"""
