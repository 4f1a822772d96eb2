"""Columns that say nothing about a person, by model. All others are in the retention table.

A new column fails tests/house/test_retention.py until it stands here or there. Here belong what a workplace, a committee
or a text is in itself, and the plumbing of tables; not what somebody did, chose, wrote or is.
"""

from __future__ import annotations

NOTHING_PERSONAL: dict[str, str] = {
    # -- Libraries
    "contenttypes.ContentType": "app_label model",
    "auth.Permission": "name content_type codename",
    "auth.Group": "name",
    "auth.Group_permissions": "group permission",
}
