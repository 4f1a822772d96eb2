"""Lists of sites as they come: reading a file, telling what its columns are, making sites of its rows, taking them in.

reading → columns → rows → run. Nothing here knows any list or its columns; only `directory.commands` writes.
"""
