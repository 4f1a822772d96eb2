"""The pages of flagging, deciding and reading what was decided."""
