"""The pages of joining, reviewing and belonging."""
