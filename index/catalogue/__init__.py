"""The catalogue: a SQLite file with all that is known of the photos, and its care."""
