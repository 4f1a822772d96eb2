"""The server: settings, addresses, the Celery app, the services.

Nothing is imported here: the services' keeper and the mail sink start without Django or Celery, and so start at once.
The Celery app loads with the settings (the end of settings.py), which every program that sends or runs a task reads.
"""
