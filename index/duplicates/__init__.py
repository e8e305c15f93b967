"""Copies and bursts: finding them, and moving away what is not needed."""
