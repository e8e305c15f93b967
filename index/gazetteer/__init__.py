"""Names of places, offline."""
