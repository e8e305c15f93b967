"""The Chat page: what was said, how it is shown, and what can be done with it."""
