"""The commands of `vlm`, one module for each job; models are imported when a command runs."""
