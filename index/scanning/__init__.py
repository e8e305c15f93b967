"""Which photo files there are below folders, and what changed since the last run."""
