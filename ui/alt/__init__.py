"""Alternative texts in batch: what to describe, where to write it, and how to take it back."""
