"""What the pages of this room do: ties of one committee, and what everybody may find."""
