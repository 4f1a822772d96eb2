"""The forum's pages: lists, a topic, writing, boards."""
